#define _POSIX_C_SOURCE 200809L /* strndup */
#include "delivery/task.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/date.h"
#include "base/json_memory.h"
#include "base/marker.h"
#include "delivery/references.h"
#include "http/secret.h"

/* What a finding keeps of a value: enough to see, little enough for many. */
enum { FINDING_VALUE_SIZE = 2000 };

/* Takes over what the workspace has handed out with the document. */
static int fill(struct task *task, const struct selected_document *document, struct error *error) {
    const struct {
        struct text *text;
        struct span span;
    } texts[] = {{&task->key, document->key},
                 {&task->body, document->body},
                 {&task->values, document->values},
                 {&task->expect, document->expect}};
    if (span_is_null(document->body)) {
        return 0;
    }
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        if (texts[i].span.length > 0) {
            text_append(texts[i].text, texts[i].span);
        }
        if (text_check(texts[i].text, error) != 0) {
            return -1;
        }
    }
    task->is_loaded = true;
    return 0;
}

/* On the monotonic clock. A moment in the future counts as now. */
static int64_t clock_time_of(int64_t moment) {
    int64_t ago = date_now() - moment;
    return clock_now() - (ago > 0 ? ago : 0);
}

struct task *task_create(const struct migration_kind *kind, enum task_step step,
                         const struct selected_document *document, struct error *error) {
    struct task *task = calloc(1, sizeof *task);
    if (task == NULL) {
        error_set_no_memory(error);
        return NULL;
    }
    task->kind = kind;
    task->document = document->id;
    task->step = step;
    task->uncertainty = document->uncertainty;
    task->uncertain_at = clock_time_of(document->uncertainty.since);
    task->evidence = document->evidence;
    task->is_changed = document->is_changed;
    task->may_wait = document->may_wait;
    task->is_repeated = document->evidence == EVIDENCE_ABSENCE;
    task->is_to_be_counted = task->is_repeated;
    if (fill(task, document, error) != 0) {
        task_free(task);
        return NULL;
    }
    return task;
}

void task_forget_findings(struct task *task) {
    while (task->findings != NULL) {
        struct finding *finding = task->findings;
        task->findings = finding->next;
        free(finding->field);
        free(finding->planned);
        free(finding->found);
        free(finding);
    }
    task->last_finding = NULL;
    task->finding_count = 0;
}

void task_free(struct task *task) {
    if (task == NULL) {
        return;
    }
    task_forget_findings(task);
    task_unload(task);
    text_free(&task->key);
    text_free(&task->target_id);
    text_free(&task->made_id);
    text_wipe(&task->sent);
    text_wipe(&task->secrets);
    text_free(&task->update);
    text_free(&task->refusal);
    exchange_clear(&task->exchange);
    free(task);
}

/* A reference that is not known leaves its marker: where it is only read, a record differs there.
 */
static int resolve(struct task *task, struct journal *journal, struct error *error) {
    struct text *const texts[] = {&task->body, &task->values, &task->expect};
    task->unresolved = 0;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        if (references_resolve(texts[i], journal, &task->unresolved, error) != 0) {
            return -1;
        }
    }
    task->is_resolved = true;
    return 0;
}

int task_load(struct task *task, struct journal *journal, struct error *error) {
    const struct document_texts texts = {
        .key = &task->key, .body = &task->body, .values = &task->values, .expect = &task->expect};
    if (!task->is_loaded &&
        journal_load(journal, task->document, task->version, &texts, error) != 0) {
        return -1;
    }
    task->is_loaded = true;
    return task->is_resolved ? 0 : resolve(task, journal, error);
}

void task_unload(struct task *task) {
    json_t **const kept[] = {&task->planned, &task->planned_values, &task->planned_expect,
                             &task->parts};
    for (size_t i = 0; i < sizeof kept / sizeof *kept; i++) {
        json_t **json = kept[i];
        json_decref(*json);
        *json = NULL;
    }
    text_free(&task->body);
    text_free(&task->values);
    text_free(&task->expect);
    text_free(&task->exchange.answer);
    task->is_loaded = false;
    task->is_resolved = false;
}

void task_set_version(struct task *task, enum document_version version) {
    if (task->version != version) {
        task->version = version;
        task_unload(task);
    }
}

/* What each step asks of the target, and which request of the kind's it is. */
static const struct step_meaning {
    enum request request;
    enum kind_request which;
} step_meanings[] = {
    [STEP_POST] = {REQUEST_POST, KIND_CREATE},          [STEP_LOOK_UP] = {REQUEST_COUNT, KIND_FIND},
    [STEP_EXISTENCE] = {REQUEST_COUNT, KIND_EXISTENCE}, [STEP_PART] = {REQUEST_COUNT, KIND_READ},
    [STEP_COUNT] = {REQUEST_COUNT, KIND_EXISTENCE},     [STEP_UPDATE] = {REQUEST_PUT, KIND_UPDATE},
    [STEP_REMOVE] = {REQUEST_DELETE, KIND_REMOVE},
};

enum request task_request(const struct task *task) {
    return step_meanings[task->step].request;
}

enum kind_request task_kind_request(const struct task *task) {
    return step_meanings[task->step].which;
}

struct kind_document task_document(const struct task *task) {
    struct kind_document document = {.key = text_span(&task->key),
                                     .body = task->planned,
                                     .values = task->planned_values,
                                     .expect = task->planned_expect};
    if (task->target_id.length > 0) {
        document.id = (struct record_id){text_span(&task->target_id), task->id_is_number};
    }
    return document;
}

/* Parses one of the document's texts, unless it was, or is empty. */
static int parse(const struct task *task, const struct text *text, const char *what,
                 json_t **parsed, struct error *error) {
    if (*parsed != NULL) {
        return 0;
    }
    json_memory_has_failed(); /* earlier findings do not count */
    *parsed =
        json_memory_load(text_string(text), text->length, JSON_DECODE_ANY | JSON_ALLOW_NUL, NULL);
    if (*parsed != NULL) {
        return 0;
    }
    return json_memory_has_failed()
               ? error_set_no_memory(error)
               : error_set(error, ERROR_WORKSPACE,
                           "%s of %s \"%s\" is not JSON: the workspace is damaged", what,
                           task->kind->noun, text_string(&task->key));
}

const json_t *task_planned(struct task *task, struct error *error) {
    if (parse(task, &task->body, "the body", &task->planned, error) != 0 ||
        (task->values.length > 0 && parse(task, &task->values, "what the paths and headers use",
                                          &task->planned_values, error) != 0) ||
        (task->expect.length > 0 &&
         parse(task, &task->expect, "what is expected", &task->planned_expect, error) != 0)) {
        return NULL;
    }
    return task->planned;
}

/* The body to send: with new secrets each time that the document is sent. */
static int set_sent(struct task *task, struct error *error) {
    if (!marker_may_be_in(text_span(&task->body), MARKER_SECRET)) {
        task->exchange.body = text_span(&task->body);
        return 0;
    }
    text_wipe(&task->sent);
    int rc = references_append_secrets(text_span(&task->body), &task->sent, &task->secrets, error);
    task->exchange.body = text_span(&task->sent);
    return rc;
}

/* Whether the kind has such a request for the document; then it is in the exchange. */
static int build(struct task *task, enum kind_request which) {
    struct exchange *exchange = &task->exchange;
    struct kind_document document = task_document(task);
    struct kind_draft draft = {.which = which,
                               .part = task->part,
                               .path = &exchange->path,
                               .headers = &exchange->headers,
                               .body = &task->update};
    text_clear(&exchange->path);
    text_clear(&exchange->headers);
    text_clear(&task->update);
    int rc = kind_build(task->kind, &document, &draft);
    exchange->method = draft.method;
    exchange->body = task->update.length > 0 ? text_span(&task->update) : (struct span){0};
    return rc;
}

/* Where a record has no path of its own, a list shows whether there is one; and where there is no
 * list that has every record of that name, the look-up is the list. */
static int build_step(struct task *task) {
    enum kind_request which = task_kind_request(task);
    if (which == KIND_EXISTENCE && !kind_has(task->kind, which)) {
        return build(task, KIND_FIND);
    }
    int rc = build(task, which);
    if (rc == 0 && which == KIND_FIND && kind_has(task->kind, KIND_EXISTENCE)) {
        task->step = STEP_EXISTENCE;
        task->is_listed_only = true;
        rc = build(task, KIND_EXISTENCE);
    }
    return rc;
}

/* Why a request that its kind cannot build is not sent. Without a reason its document would wait
 * for ever, or stay unknown. */
#define NOT_LOOKED_UP "it cannot be looked up: a value of the path is missing or empty"
#define CANNOT_BE_SENT                                                                             \
    "a value of its path or its headers is missing, or has a character that no header may have"
static const char *const faults[] = {
    [STEP_POST] = CANNOT_BE_SENT,
    [STEP_LOOK_UP] = NOT_LOOKED_UP,
    [STEP_EXISTENCE] = NOT_LOOKED_UP,
    [STEP_COUNT] = NOT_LOOKED_UP,
    [STEP_PART] = "a part of it cannot be read back: a value of the path is missing or empty",
    [STEP_UPDATE] = "it cannot be changed: a value of the path is missing or empty",
    [STEP_REMOVE] = "it cannot be removed: a value of the path is missing or empty",
};

/* A document that still has a marker must not be sent. */
static bool may_leave(const struct task *task) {
    return task->unresolved == 0 || (task->step != STEP_POST && task->step != STEP_UPDATE);
}

int task_prepare(struct task *task, struct error *error) {
    if (task_planned(task, error) == NULL) {
        return -1;
    }
    task->fault = NULL;
    if (!may_leave(task)) {
        return 0;
    }
    int rc = build_step(task);
    if (text_check(&task->exchange.path, error) != 0 ||
        text_check(&task->exchange.headers, error) != 0 || text_check(&task->update, error) != 0 ||
        (task->step == STEP_POST && set_sent(task, error) != 0)) {
        return -1;
    }
    task->fault = rc == 1 ? exchange_find_fault(&task->exchange) : faults[task->step];
    return task->fault == NULL;
}

void task_mask_secrets(struct task *task) {
    struct span secrets = text_span(&task->secrets);
    while (secrets.length > 0) {
        struct span secret = span_cut(&secrets, '\n');
        secret_mask_word(&task->exchange.answer, secret);
        secret_mask_word(&task->exchange.location, secret);
    }
}

static char *copy_value(struct span value) {
    if (span_is_null(value)) {
        return NULL;
    }
    size_t length = value.length < FINDING_VALUE_SIZE ? value.length : FINDING_VALUE_SIZE;
    /* Not in the middle of a character. */
    while (length > 0 && length < value.length &&
           ((unsigned char)value.data[length] & 0xc0) == 0x80) {
        length--;
    }
    return strndup(value.data, length);
}

static void add_finding(void *context, const char *field, struct span planned, struct span found) {
    struct task *task = context;
    struct finding *finding = calloc(1, sizeof *finding);
    if (finding == NULL || (finding->field = strdup(field)) == NULL) {
        free(finding);
        task->is_out_of_memory = true;
        return;
    }
    finding->planned = copy_value(planned);
    finding->found = copy_value(found);
    task->is_out_of_memory = task->is_out_of_memory ||
                             (finding->planned == NULL && !span_is_null(planned)) ||
                             (finding->found == NULL && !span_is_null(found));
    if (task->last_finding == NULL) {
        task->findings = finding;
    } else {
        task->last_finding->next = finding;
    }
    task->last_finding = finding;
    task->finding_count++;
}

static void fail(void *context) {
    struct task *task = context;
    task->is_out_of_memory = true;
}

struct difference_sink task_difference_sink(struct task *task) {
    return (struct difference_sink){.context = task, .add = add_finding, .fail = fail};
}

void task_add_finding(struct task *task, const char *field, const char *planned,
                      const char *found) {
    add_finding(task, field, span_of(planned), span_of(found));
}

int task_write_findings(const struct task *task, struct journal *journal, const char *during,
                        struct error *error) {
    if (task->is_out_of_memory) {
        return error_set_no_memory(error);
    }
    if (journal_clear_findings(journal, task->document, during, error) != 0) {
        return -1;
    }
    for (const struct finding *finding = task->findings; finding != NULL; finding = finding->next) {
        if (journal_add_finding(journal, task->document, during, finding->field,
                                span_of(finding->planned), span_of(finding->found), error) != 0) {
            return -1;
        }
    }
    return 0;
}

int task_write_attempt(const struct task *task, struct journal *journal, enum purpose purpose,
                       enum attempt_outcome outcome, const char *message, struct error *error) {
    const struct exchange *exchange = &task->exchange;
    struct attempt attempt = {.document = task->document,
                              .purpose = purpose,
                              .started = exchange->started,
                              .duration = exchange->duration,
                              .method = exchange->method,
                              .path = text_string(&exchange->path),
                              .status = exchange->status,
                              .outcome = outcome,
                              .excerpt = span_of(message)};
    return journal_add_attempt(journal, &attempt, error);
}
