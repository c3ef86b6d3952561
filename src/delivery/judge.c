#include "delivery/judge.h"

#include <string.h>

#include "base/date.h"
#include "base/json_memory.h"

enum { STATUS_CREATED = 201 };

/* Unreadable this often: ask whether it is there at all. */
enum { TRIES_BEFORE_EXISTENCE = 3, UNREADABLE_STATUS = 500 };

/* What an answer's class means where the API was not heard, or said no; for the others the record
 * decides. */
static const struct reading {
    enum judgement post;
    enum judgement look_up;
} readings[] = {
    [ANSWER_RECORD] = {JUDGED_MORE, JUDGED_MORE},
    [ANSWER_NOT_FOUND] = {JUDGED_TURNED_AWAY, JUDGED_MISSING},
    [ANSWER_REFUSED] = {JUDGED_REFUSED, JUDGED_TURNED_AWAY},
    [ANSWER_SIGN_IN] = {JUDGED_SIGN_IN, JUDGED_SIGN_IN},
    [ANSWER_FORBIDDEN] = {JUDGED_TURNED_AWAY, JUDGED_TURNED_AWAY},
    [ANSWER_MISDIRECTED] = {JUDGED_TURNED_AWAY, JUDGED_TURNED_AWAY},
    [ANSWER_NOT_TAKEN] = {JUDGED_NOT_TAKEN, JUDGED_NOT_TAKEN},
    [ANSWER_UNCERTAIN] = {JUDGED_UNCERTAIN, JUDGED_UNCERTAIN},
};

static const enum attempt_outcome outcomes[] = {
    [JUDGED_DELIVERED] = ATTEMPT_DELIVERED, [JUDGED_EQUAL] = ATTEMPT_EQUAL,
    [JUDGED_DIFFERENT] = ATTEMPT_DIFFERENT, [JUDGED_DUPLICATE] = ATTEMPT_DUPLICATE,
    [JUDGED_REFUSED] = ATTEMPT_REFUSED,     [JUDGED_MISSING] = ATTEMPT_MISSING,
    [JUDGED_EXISTS] = ATTEMPT_EXISTS,       [JUDGED_NOT_TAKEN] = ATTEMPT_NOT_TAKEN,
    [JUDGED_UNCERTAIN] = ATTEMPT_UNCERTAIN, [JUDGED_MORE] = ATTEMPT_EQUAL_SO_FAR,
    [JUDGED_SIGN_IN] = ATTEMPT_SESSION,     [JUDGED_MISDIRECTED] = ATTEMPT_NOT_API,
    [JUDGED_TURNED_AWAY] = ATTEMPT_REFUSED, [JUDGED_TAKEN] = ATTEMPT_UNCERTAIN,
    [JUDGED_BROKEN] = ATTEMPT_UNCERTAIN,
};

/* What a redirect says is said of every record. */
static enum judgement read_class(const struct task *task, const struct answer *answer,
                                 enum judgement judgement) {
    bool is_redirect = task->exchange.status / 100 == 3;
    return answer->class == ANSWER_MISDIRECTED && is_redirect ? JUDGED_MISDIRECTED : judgement;
}

static enum judgement read_post(const struct task *task, const struct answer *answer) {
    return read_class(task, answer, readings[answer->class].post);
}

static enum judgement read_look_up(const struct task *task, const struct answer *answer) {
    return read_class(task, answer, readings[answer->class].look_up);
}

enum attempt_outcome judgement_outcome(enum judgement judgement) {
    return outcomes[judgement];
}

const char *judgement_name(enum judgement judgement) {
    return attempt_outcome_name(outcomes[judgement]);
}

/* A text or a number. */
static void append_id(const struct task *task, const json_t *record, struct text *out) {
    const json_t *id = json_object_get(record, task->kind->id_field);
    if (json_is_integer(id)) {
        text_append_format(out, "%" JSON_INTEGER_FORMAT, json_integer_value(id));
    } else {
        text_append_string(out, json_is_string(id) ? json_string_value(id) : "");
    }
}

static void keep_target_id(struct task *task, const json_t *record) {
    text_clear(&task->target_id);
    append_id(task, record, &task->target_id);
}

/* The moment is of a clock that may be off (creation.h). */
static void keep_created(struct task *task, const json_t *record) {
    const char *created = json_string_value(json_object_get(record, task->kind->created_field));
    if (created == NULL || date_parse_moment(span_of(created), &task->created) != 0) {
        task->created = -1;
    }
}

/* Whether a record that equals the plan was made for this request: a second one would have been
 * refused, the answer says that it is new, or a look-up before has not found it. */
static void note_evidence(struct task *task) {
    if (task->kind->means_exists != NULL || task->exchange.status == STATUS_CREATED ||
        task->evidence == EVIDENCE_ABSENCE) {
        task->evidence = EVIDENCE_ANSWER;
    }
}

static enum judgement judge_posted_record(struct task *task, const json_t *planned,
                                          const json_t *record) {
    if (!json_is_object(record) ||
        !task->kind->is_record_of(text_span(&task->key), planned, record)) {
        return JUDGED_UNCERTAIN;
    }
    task_forget_findings(task);
    struct difference_sink sink = task_difference_sink(task);
    if (task->kind->compare(planned, record, COMPARE_ANSWER, &sink) > 0) {
        return JUDGED_DIFFERENT;
    }
    keep_target_id(task, record);
    keep_created(task, record);
    note_evidence(task);
    return JUDGED_DELIVERED;
}

/* A success that has no body, or JSON: an answer that points to the record, repeats a part of it,
 * or promises it (202). A page is somebody else's. */
static bool is_taken(const struct task *task) {
    const struct exchange *exchange = &task->exchange;
    return exchange->end == EXCHANGE_ANSWERED && exchange->status / 100 == 2 &&
           (exchange->answer.length == 0 || exchange->is_json);
}

static enum judgement judge_post(struct task *task, const json_t *planned,
                                 const struct answer *answer) {
    if (answer->class == ANSWER_RECORD) {
        enum judgement judgement = judge_posted_record(task, planned, answer->json);
        return judgement == JUDGED_UNCERTAIN ? JUDGED_TAKEN : judgement;
    }
    if (answer->class == ANSWER_REFUSED && task->kind->means_exists != NULL &&
        task->kind->means_exists(answer->json)) {
        return JUDGED_EXISTS;
    }
    return is_taken(task) ? JUDGED_TAKEN : read_post(task, answer);
}

/* The target's own name for a record of a list; a list may lack them, and has a moment then. */
static void append_listed(const struct task *task, const json_t *record, struct text *out) {
    const char *created = json_string_value(json_object_get(record, task->kind->created_field));
    size_t length = out->length;
    append_id(task, record, out);
    if (out->length == length && created != NULL) {
        text_append_format(out, "made %s", created);
    }
}

static void add_duplicates(struct task *task, size_t count, const struct text *names) {
    struct difference_sink sink = task_difference_sink(task);
    struct text found = {0};
    text_append_format(&found, "%zu: %s", count, text_string(names));
    if (task->target_id.length > 0 &&
        strstr(text_string(names), text_string(&task->target_id)) == NULL) {
        text_append_format(&found, "; one of them %s", text_string(&task->target_id));
    }
    sink.add(sink.context, "records of that name", span_of("1"), text_span(&found));
    text_free(&found);
}

/* True where a list has several records of that name; what names them is in the findings then. An
 * answer that is no list has one. */
static bool find_duplicates(struct task *task, const json_t *planned, const json_t *list) {
    struct text names = {0};
    size_t count = 0;
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *record = json_array_get(list, i);
        if (task->kind->is_record_of(text_span(&task->key), planned, record)) {
            text_append_string(&names, count == 0 ? "" : ", ");
            append_listed(task, record, &names);
            count++;
        }
    }
    if (count > 1) {
        add_duplicates(task, count, &names);
    }
    text_free(&names);
    return count > 1;
}

static enum judgement judge_count(struct task *task, const json_t *planned,
                                  const struct answer *answer) {
    enum judgement judgement = read_look_up(task, answer);
    if (judgement == JUDGED_SIGN_IN || judgement == JUDGED_NOT_TAKEN ||
        judgement == JUDGED_UNCERTAIN) {
        return judgement;
    }
    if (find_duplicates(task, planned, answer->json)) {
        return JUDGED_DUPLICATE;
    }
    return task->finding_count > 0 ? JUDGED_DIFFERENT : JUDGED_EQUAL;
}

/* The record and its parts so far: on to the next part, or the end. */
static enum judgement judge_rest(struct task *task, const json_t *planned) {
    size_t parts =
        task->is_deep && task->kind->count_parts != NULL ? task->kind->count_parts(planned) : 0;
    task->part = task->step == STEP_PART ? task->part + 1 : 0;
    if (task->part < parts) {
        task->step = STEP_PART;
        task->tries = 0;
        return JUDGED_MORE;
    }
    if (task->is_to_be_counted && task->kind->build_existence_path != NULL) {
        task->step = STEP_COUNT;
        task->tries = 0;
        return JUDGED_MORE;
    }
    return task->finding_count > 0 ? JUDGED_DIFFERENT : JUDGED_EQUAL;
}

/* All that is known is that the target lists it. That is enough to confirm a delivery whose answer
 * was read in full, where the target has no better way; it is not enough to believe in one. */
static enum judgement judge_listed(struct task *task, const json_t *planned, const json_t *record) {
    struct difference_sink sink = task_difference_sink(task);
    task->kind->compare(planned, record, COMPARE_LISTED, &sink);
    if (task->is_listed_only && task->is_delivered) {
        return task->finding_count > 0 ? JUDGED_DIFFERENT : JUDGED_EQUAL;
    }
    sink.add(sink.context, "whole record", span_of("as planned"),
             task->is_listed_only
                 ? span_of("the target lists it and has no path that reads such a name back: see "
                           "whether it is complete")
                 : span_of("the target lists it and cannot read it back: it was written in part"));
    return JUDGED_DIFFERENT;
}

static enum judgement judge_record(struct task *task, const json_t *planned,
                                   const struct answer *answer) {
    const json_t *record = NULL;
    enum lookup_result result =
        task->kind->find_record(answer->json, text_span(&task->key), planned, &record);
    if (result != LOOKUP_FOUND) {
        return result == LOOKUP_MISSING ? JUDGED_MISSING : JUDGED_UNCERTAIN;
    }
    task_forget_findings(task);
    keep_target_id(task, record);
    struct difference_sink sink = task_difference_sink(task);
    if (find_duplicates(task, planned, answer->json)) {
        return JUDGED_DUPLICATE;
    }
    if (task->step == STEP_EXISTENCE) {
        return judge_listed(task, planned, record);
    }
    task->kind->compare(planned, record, COMPARE_READ_BACK, &sink);
    return judge_rest(task, planned);
}

static enum judgement judge_part(struct task *task, const json_t *planned,
                                 const struct answer *answer) {
    struct difference_sink sink = task_difference_sink(task);
    task->kind->compare_part(planned, task->part,
                             answer->class == ANSWER_RECORD ? answer->json : NULL, &sink);
    return judge_rest(task, planned);
}

/* The application itself says again and again that it cannot read the record (500): whether there
 * is one is another question. A proxy's answer or a lost one says nothing about the record. */
static enum judgement judge_unreadable(struct task *task) {
    task->unreadable += task->exchange.status == UNREADABLE_STATUS;
    if (task->step == STEP_LOOK_UP && task->kind->build_existence_path != NULL &&
        task->unreadable >= TRIES_BEFORE_EXISTENCE) {
        task->step = STEP_EXISTENCE;
        task->tries = 0;
        return JUDGED_MORE;
    }
    return JUDGED_UNCERTAIN;
}

static enum judgement judge_look_up(struct task *task, const json_t *planned,
                                    const struct answer *answer) {
    if (task->step != STEP_PART) {
        task->looked_at = task->exchange.began;
    }
    enum judgement judgement = read_look_up(task, answer);
    if (task->step == STEP_PART && (judgement == JUDGED_MORE || judgement == JUDGED_MISSING)) {
        return judge_part(task, planned, answer);
    }
    if (judgement == JUDGED_MORE) {
        judgement = judge_record(task, planned, answer);
    }
    return judgement == JUDGED_UNCERTAIN ? judge_unreadable(task) : judgement;
}

static enum judgement judge_update(struct task *task, const json_t *planned,
                                   const struct answer *answer) {
    if (answer->class != ANSWER_RECORD) {
        return is_taken(task) ? JUDGED_TAKEN : read_post(task, answer);
    }
    enum judgement judgement = judge_posted_record(task, planned, answer->json);
    if (judgement == JUDGED_UNCERTAIN) {
        return JUDGED_TAKEN;
    }
    return judgement == JUDGED_DELIVERED ? JUDGED_EQUAL : judgement;
}

/* Whether it is gone is not believed but looked up. */
static enum judgement judge_removal(const struct task *task, const struct answer *answer) {
    if (answer->class == ANSWER_RECORD || answer->class == ANSWER_NOT_FOUND) {
        return JUDGED_MORE;
    }
    return is_taken(task) ? JUDGED_TAKEN : read_post(task, answer);
}

static enum judgement judge_step(struct task *task, const json_t *planned,
                                 const struct answer *answer) {
    switch (task->step) {
    case STEP_POST:
        return judge_post(task, planned, answer);
    case STEP_UPDATE:
        return judge_update(task, planned, answer);
    case STEP_REMOVE:
        return judge_removal(task, answer);
    case STEP_COUNT:
        return judge_count(task, planned, answer);
    default:
        return judge_look_up(task, planned, answer);
    }
}

/* What was judged without memory was not judged. */
enum judgement judge_exchange(struct task *task, struct answer *answer, struct error *error) {
    json_memory_has_failed(); /* what was before does not count */
    answer_classify(&task->exchange, answer);
    bool is_read = !json_memory_has_failed();
    const json_t *planned = task_planned(task, error);
    if (planned == NULL) {
        return JUDGED_BROKEN;
    }
    enum judgement judgement = judge_step(task, planned, answer);
    if (!is_read || json_memory_has_failed() || task->is_out_of_memory || task->target_id.failed) {
        error_set_no_memory(error);
        return JUDGED_BROKEN;
    }
    return judgement;
}
