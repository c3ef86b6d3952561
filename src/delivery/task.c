#define _POSIX_C_SOURCE 200809L /* strndup */
#include "delivery/task.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/date.h"
#include "base/json_memory.h"

/* What a finding keeps of a value: enough to see, little enough for many. */
enum { FINDING_VALUE_SIZE = 2000 };

/* Takes over what the workspace has handed out with the document. */
static int fill(struct task *task, struct span key, struct span body, struct error *error) {
    if (span_is_null(body)) {
        return 0;
    }
    text_append(&task->key, key);
    text_append(&task->body, body);
    task->is_loaded = true;
    return text_check(&task->key, error) == 0 ? text_check(&task->body, error) : -1;
}

/* On the clock that never goes back. A moment that is still to come is now. */
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
    task->is_repeated = document->evidence == EVIDENCE_ABSENCE;
    task->is_to_be_counted = task->is_repeated;
    if (fill(task, document->key, document->body, error) != 0) {
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
    json_decref(task->planned);
    json_decref(task->parts);
    text_free(&task->key);
    text_free(&task->body);
    text_free(&task->target_id);
    text_free(&task->update);
    text_free(&task->refusal);
    exchange_clear(&task->exchange);
    free(task);
}

int task_load(struct task *task, struct journal *journal, struct error *error) {
    if (task->is_loaded) {
        return 0;
    }
    if (journal_load(journal, task->document, &task->key, &task->body, error) != 0) {
        return -1;
    }
    task->is_loaded = true;
    return 0;
}

void task_unload(struct task *task) {
    json_decref(task->planned);
    json_decref(task->parts);
    task->planned = NULL;
    task->parts = NULL;
    text_free(&task->body);
    text_free(&task->exchange.answer);
    task->is_loaded = false;
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
    struct kind_document document = {.key = text_span(&task->key), .body = task->planned};
    if (task->target_id.length > 0) {
        document.id = (struct record_id){text_span(&task->target_id), task->id_is_number};
    }
    return document;
}

const json_t *task_planned(struct task *task, struct error *error) {
    if (task->planned == NULL) {
        json_memory_has_failed(); /* what was before does not count */
        task->planned =
            json_memory_load(text_string(&task->body), task->body.length, JSON_ALLOW_NUL, NULL);
    }
    if (task->planned == NULL && json_memory_has_failed()) {
        error_set_no_memory(error);
    } else if (task->planned == NULL) {
        error_set(error, ERROR_WORKSPACE,
                  "the body of %s \"%s\" is not JSON: the workspace is "
                  "damaged",
                  task->kind->noun, text_string(&task->key));
    }
    return task->planned;
}

/* Whether the kind has such a request for the document; then it is in the exchange. */
static int build(struct task *task, enum kind_request which) {
    struct exchange *exchange = &task->exchange;
    struct kind_document document = task_document(task);
    struct kind_draft draft = {
        .which = which, .part = task->part, .path = &exchange->path, .body = &task->update};
    text_clear(&task->update);
    int rc = kind_build(task->kind, &document, &draft);
    exchange->method = draft.method;
    if (which == KIND_CREATE) {
        exchange->body = text_span(&task->body);
    } else {
        exchange->body = task->update.length > 0 ? text_span(&task->update) : (struct span){0};
    }
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

int task_prepare(struct task *task, struct error *error) {
    if (task_planned(task, error) == NULL) {
        return -1;
    }
    text_clear(&task->exchange.path);
    int rc = build_step(task);
    return text_check(&task->exchange.path, error) == 0 && text_check(&task->update, error) == 0
               ? rc
               : -1;
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
