#include "delivery/judge_private.h"

#include <stdio.h>
#include <string.h>

#include "base/json_memory.h"

enum { STATUS_FORBIDDEN = 403, STATUS_NOT_FOUND = 404 };

/* Unreadable this often: ask whether it is there at all. */
enum { TRIES_BEFORE_EXISTENCE = 3, UNREADABLE_STATUS = 500 };

/* What an answer's class means for a look-up where the API was not reached or refused; for the
 * others the record decides. */
static const enum judgement readings[] = {
    [ANSWER_RECORD] = JUDGED_MORE,           [ANSWER_NOT_FOUND] = JUDGED_MISSING,
    [ANSWER_REFUSED] = JUDGED_TURNED_AWAY,   [ANSWER_SIGN_IN] = JUDGED_SIGN_IN,
    [ANSWER_FORBIDDEN] = JUDGED_TURNED_AWAY, [ANSWER_MISDIRECTED] = JUDGED_TURNED_AWAY,
    [ANSWER_NOT_TAKEN] = JUDGED_NOT_TAKEN,   [ANSWER_UNCERTAIN] = JUDGED_UNCERTAIN,
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

enum judgement judge_class(const struct task *task, const struct answer *answer,
                           enum judgement judgement) {
    bool is_redirect = task->exchange.status / 100 == 3;
    return answer->class == ANSWER_MISDIRECTED && is_redirect ? JUDGED_MISDIRECTED : judgement;
}

static enum judgement read_look_up(const struct task *task, const struct answer *answer) {
    return judge_class(task, answer, readings[answer->class]);
}

enum attempt_outcome judgement_outcome(enum judgement judgement) {
    return outcomes[judgement];
}

const char *judgement_name(enum judgement judgement) {
    return attempt_outcome_name(outcomes[judgement]);
}

struct kind_answer judge_kind_answer(const struct task *task, const struct answer *answer) {
    return (struct kind_answer){.to = task_kind_request(task),
                                .status = task->exchange.status,
                                .json = answer->json,
                                .location = text_span(&task->exchange.location)};
}

bool judge_find_matches(const struct task *task, const struct answer *answer,
                        struct kind_matches *matches) {
    struct kind_document document = task_document(task);
    struct kind_answer for_kind = judge_kind_answer(task, answer);
    return task->kind->find_matches(task->kind, &document, &for_kind, matches);
}

size_t judge_compare(struct task *task, const struct kind_matches *matches,
                     enum comparison comparison) {
    struct kind_document document = task_document(task);
    struct difference_sink sink = task_difference_sink(task);
    return task->kind->compare(task->kind, &document, matches->record, comparison, &sink);
}

void judge_keep_target_id(struct task *task, const struct kind_matches *matches) {
    text_clear(&task->target_id);
    text_append(&task->target_id, text_span(&matches->id));
    task->id_is_number = matches->id_is_number;
    task->is_out_of_memory = task->is_out_of_memory || matches->id.failed || matches->names.failed;
}

/* Several records may match though none was made from here: it is not known which one is ours. */
static const char *name_duplicates(const struct task *task) {
    return task->may_have_arrived || task->is_delivered ? "records of that name"
                                                        : "records that match";
}

static void add_duplicates(struct task *task, const struct kind_matches *matches) {
    struct difference_sink sink = task_difference_sink(task);
    const char *names = text_string(&matches->names);
    struct text found = {0};
    text_append_format(&found, "%zu: %s", matches->count, names);
    if (task->target_id.length > 0 && strstr(names, text_string(&task->target_id)) == NULL) {
        text_append_format(&found, "; one of them %s", text_string(&task->target_id));
    }
    sink.add(sink.context, name_duplicates(task), span_of("1"), text_span(&found));
    text_free(&found);
}

static enum judgement judge_count(struct task *task, const struct answer *answer) {
    enum judgement judgement = read_look_up(task, answer);
    if (judgement == JUDGED_SIGN_IN || judgement == JUDGED_NOT_TAKEN ||
        judgement == JUDGED_UNCERTAIN) {
        return judgement;
    }
    struct kind_matches matches = {0};
    bool has_several = judge_find_matches(task, answer, &matches) && matches.count > 1;
    if (has_several) {
        add_duplicates(task, &matches);
    }
    kind_matches_free(&matches);
    if (has_several) {
        return JUDGED_DUPLICATE;
    }
    return task->finding_count > 0 ? JUDGED_DIFFERENT : JUDGED_EQUAL;
}

/* The record and its parts so far are equal: continue with the next part, or end. */
static enum judgement judge_rest(struct task *task) {
    struct kind_document document = task_document(task);
    enum kind_depth depth = task->is_deep ? DEPTH_PARTS : DEPTH_RECORD;
    size_t parts =
        task->kind->count_parts == NULL ? 0 : task->kind->count_parts(task->kind, &document, depth);
    if (task->step != STEP_PART) {
        json_decref(task->parts);
        task->parts = NULL;
    }
    task->part = task->step == STEP_PART ? task->part + 1 : 0;
    if (task->part < parts) {
        task->step = STEP_PART;
        task->tries = 0;
        return JUDGED_MORE;
    }
    if (task->is_to_be_counted && kind_has(task->kind, KIND_EXISTENCE)) {
        task->step = STEP_COUNT;
        task->tries = 0;
        return JUDGED_MORE;
    }
    return task->finding_count > 0 ? JUDGED_DIFFERENT : JUDGED_EQUAL;
}

/* It is only known that the target lists the record. If the target has no better way, this confirms
 * a delivery whose answer was read in full; it does not prove a delivery otherwise. */
static enum judgement judge_listed(struct task *task, const struct kind_matches *matches) {
    struct difference_sink sink = task_difference_sink(task);
    judge_compare(task, matches, COMPARE_LISTED);
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

static enum judgement judge_matches(struct task *task, const struct kind_matches *matches) {
    task_forget_findings(task);
    if (matches->count > 1) {
        add_duplicates(task, matches);
        return JUDGED_DUPLICATE;
    }
    judge_keep_target_id(task, matches);
    if (task->step == STEP_EXISTENCE) {
        return judge_listed(task, matches);
    }
    judge_compare(task, matches, COMPARE_READ_BACK);
    return judge_rest(task);
}

static enum judgement judge_record(struct task *task, struct answer *answer) {
    struct kind_matches matches = {0};
    enum judgement judgement = JUDGED_UNCERTAIN;
    if (judge_find_matches(task, answer, &matches)) {
        judgement = matches.count == 0 ? JUDGED_MISSING : judge_matches(task, &matches);
    } else if (matches.failure != NULL) {
        snprintf(answer->message, sizeof answer->message, "the record cannot be found in it: %s",
                 matches.failure);
    }
    kind_matches_free(&matches);
    return judgement;
}

/* The answers of the parts are kept until the last one has been read. */
static enum judgement judge_part(struct task *task, const struct answer *answer) {
    struct kind_document document = task_document(task);
    struct difference_sink sink = task_difference_sink(task);
    json_t *part = answer->class == ANSWER_RECORD ? json_incref(answer->json) : json_null();
    task->parts = task->parts == NULL ? json_array() : task->parts;
    if (json_array_append_new(task->parts, part) != 0) {
        task->is_out_of_memory = true;
        return JUDGED_BROKEN;
    }
    task->kind->compare_part(task->kind, &document, task->part, task->parts, &sink);
    return judge_rest(task);
}

/* The application itself reports repeatedly that it cannot read the record (500): whether the
 * record exists is a separate question. A proxy's answer or a lost one shows nothing about the
 * record. */
static enum judgement judge_unreadable(struct task *task) {
    task->unreadable += task->exchange.status == UNREADABLE_STATUS;
    if (task->step == STEP_LOOK_UP && kind_has(task->kind, KIND_EXISTENCE) &&
        task->unreadable >= TRIES_BEFORE_EXISTENCE) {
        task->step = STEP_EXISTENCE;
        task->tries = 0;
        return JUDGED_MORE;
    }
    return JUDGED_UNCERTAIN;
}

static enum judgement judge_look_up(struct task *task, struct answer *answer) {
    if (task->step != STEP_PART) {
        task->looked_at = task->exchange.began;
    }
    enum judgement judgement = read_look_up(task, answer);
    if (task->step == STEP_PART && (judgement == JUDGED_MORE || judgement == JUDGED_MISSING)) {
        return judge_part(task, answer);
    }
    if (judgement == JUDGED_MORE) {
        judgement = judge_record(task, answer);
    }
    return judgement == JUDGED_UNCERTAIN ? judge_unreadable(task) : judgement;
}

/* Whether the kind accepts it as an answer, and it shows no record. */
static bool shows_none(const struct task *task, const struct answer *answer) {
    struct kind_matches matches = {0};
    bool is_none = judge_find_matches(task, answer, &matches) && matches.count == 0;
    kind_matches_free(&matches);
    return is_none;
}

enum judgement judge_turned_away(struct task *task, struct answer *answer) {
    int status = task->exchange.status;
    if (task->step == STEP_PART && (status == STATUS_FORBIDDEN || status == STATUS_NOT_FOUND)) {
        return judge_part(task, answer);
    }
    if (task->step == STEP_LOOK_UP && status == STATUS_NOT_FOUND && shows_none(task, answer)) {
        task->looked_at = task->exchange.began;
        return JUDGED_MISSING;
    }
    return JUDGED_REFUSED;
}

static enum judgement judge_step(struct task *task, struct answer *answer) {
    switch (task->step) {
    case STEP_POST:
        return judge_post(task, answer);
    case STEP_UPDATE:
        return judge_update(task, answer);
    case STEP_REMOVE:
        return judge_removal(task, answer);
    case STEP_COUNT:
        return judge_count(task, answer);
    default:
        return judge_look_up(task, answer);
    }
}

void judge_read_answer(const struct task *task, struct answer *answer) {
    answer_read(&task->exchange, answer);
    if (answer->json != NULL && task->kind->mask != NULL) {
        task->kind->mask(task->kind, answer->json);
    }
    answer_say(&task->exchange, answer);
}

/* A judgement made while memory ran out is not valid. */
enum judgement judge_exchange(struct task *task, struct answer *answer, struct error *error) {
    json_memory_has_failed(); /* what was before does not count */
    judge_read_answer(task, answer);
    bool is_read = !json_memory_has_failed();
    if (task_planned(task, error) == NULL) {
        return JUDGED_BROKEN;
    }
    enum judgement judgement = judge_step(task, answer);
    if (!is_read || json_memory_has_failed() || task->is_out_of_memory || task->target_id.failed) {
        error_set_no_memory(error);
        return JUDGED_BROKEN;
    }
    return judgement;
}
