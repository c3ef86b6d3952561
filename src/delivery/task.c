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
    task->planned = NULL;
    text_free(&task->body);
    text_free(&task->exchange.answer);
    task->is_loaded = false;
}

enum request task_request(const struct task *task) {
    static const enum request requests[] = {
        [STEP_POST] = REQUEST_POST,       [STEP_LOOK_UP] = REQUEST_COUNT,
        [STEP_EXISTENCE] = REQUEST_COUNT, [STEP_PART] = REQUEST_COUNT,
        [STEP_COUNT] = REQUEST_COUNT,     [STEP_UPDATE] = REQUEST_PUT,
        [STEP_REMOVE] = REQUEST_DELETE,
    };
    return requests[task->step];
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

/* A look-up, or the question whether there is such a record at all where the target has no path for
 * it. 0 where there is neither. */
static int build_lookup(struct task *task, struct span key, const json_t *planned) {
    const struct migration_kind *kind = task->kind;
    struct text *path = &task->exchange.path;
    if (kind->build_lookup_path(key, planned, path) != 0) {
        return 1;
    }
    if (kind->build_existence_path == NULL) {
        return 0;
    }
    task->step = STEP_EXISTENCE;
    task->is_listed_only = true;
    kind->build_existence_path(key, planned, path);
    return 1;
}

/* A list that has every record of that name. */
static int build_list(struct task *task, struct span key, const json_t *planned) {
    const struct migration_kind *kind = task->kind;
    struct text *path = &task->exchange.path;
    if (kind->build_existence_path == NULL) {
        return kind->build_lookup_path(key, planned, path);
    }
    kind->build_existence_path(key, planned, path);
    return 1;
}

/* The path of a step that reads, or that changes a record by the name that the target gave it. 0
 * where there is none. */
static int build_path(struct task *task, const json_t *planned) {
    const struct migration_kind *kind = task->kind;
    struct exchange *exchange = &task->exchange;
    struct span key = text_span(&task->key);
    switch (task->step) {
    case STEP_LOOK_UP:
        return build_lookup(task, key, planned);
    case STEP_EXISTENCE:
    case STEP_COUNT:
        return build_list(task, key, planned);
    case STEP_PART:
        kind->build_part_path(key, planned, task->part, &exchange->path);
        return 1;
    case STEP_UPDATE:
        text_clear(&task->update);
        exchange->method = "PUT";
        kind->build_update(text_span(&task->target_id), planned, &exchange->path, &task->update);
        exchange->body = text_span(&task->update);
        return 1;
    case STEP_REMOVE:
        exchange->method = "DELETE";
        kind->build_removal_path(text_span(&task->target_id), &exchange->path);
        return 1;
    case STEP_POST:
        break;
    }
    exchange->method = "POST";
    exchange->body = text_span(&task->body);
    text_append_string(&exchange->path, kind->post_path);
    return 1;
}

int task_prepare(struct task *task, struct error *error) {
    struct exchange *exchange = &task->exchange;
    const json_t *planned = task_planned(task, error);
    if (planned == NULL) {
        return -1;
    }
    exchange->method = "GET";
    exchange->body = (struct span){0};
    text_clear(&exchange->path);
    int rc = build_path(task, planned);
    return text_check(&exchange->path, error) == 0 && text_check(&task->update, error) == 0 ? rc
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
