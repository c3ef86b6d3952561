/* What the answer to a change means: the post of a document, its update and its removal. */
#include <string.h>

#include "base/date.h"
#include "delivery/judge_private.h"

enum { STATUS_CREATED = 201 };

/* What an answer's class means where the API was not reached or refused. */
static const enum judgement readings[] = {
    [ANSWER_RECORD] = JUDGED_MORE,           [ANSWER_NOT_FOUND] = JUDGED_TURNED_AWAY,
    [ANSWER_REFUSED] = JUDGED_REFUSED,       [ANSWER_SIGN_IN] = JUDGED_SIGN_IN,
    [ANSWER_FORBIDDEN] = JUDGED_TURNED_AWAY, [ANSWER_MISDIRECTED] = JUDGED_TURNED_AWAY,
    [ANSWER_NOT_TAKEN] = JUDGED_NOT_TAKEN,   [ANSWER_UNCERTAIN] = JUDGED_UNCERTAIN,
};

static enum judgement read_class(const struct task *task, const struct answer *answer) {
    return judge_class(task, answer, readings[answer->class]);
}

/* How the kind reads an answer to a change. READING_NONE where there was no answer. */
static enum kind_reading read_by_kind(const struct task *task, const struct answer *answer) {
    if (task->exchange.end != EXCHANGE_ANSWERED || task->kind->read_answer == NULL) {
        return READING_NONE;
    }
    struct kind_document document = task_document(task);
    struct kind_answer for_kind = judge_kind_answer(task, answer);
    return task->kind->read_answer(task->kind, &document, &for_kind);
}

/* The moment is from a clock that may be off (creation.h). */
static void keep_created(struct task *task, const struct kind_matches *matches) {
    if (span_is_null(matches->created) ||
        date_parse_moment(matches->created, &task->created) != 0) {
        task->created = -1;
    }
}

/* Whether a record that equals the plan was made for this request: a second one would have been
 * refused, the answer shows that it is new, or an earlier look-up did not find it. */
static enum judgement judge_equal_record(struct task *task, const struct kind_matches *matches,
                                         enum kind_reading reading) {
    judge_keep_target_id(task, matches);
    keep_created(task, matches);
    if (task->kind->refuses_twins || reading == READING_DONE ||
        task->exchange.status == STATUS_CREATED || task->evidence == EVIDENCE_ABSENCE) {
        task->evidence = EVIDENCE_ANSWER;
    }
    return JUDGED_DELIVERED;
}

/* A page for people, as proxies write one with the status 200: it does not come from the API. */
static bool is_page(const struct exchange *exchange) {
    return strcmp(exchange->content_type, "text/html") == 0 && exchange->status != STATUS_CREATED;
}

/* An answer that does not show the document's record only shows that something was accepted. The
 * same holds for one that was carried out, by its kind, without showing the record's name; a page
 * for people does not even show that. */
static enum judgement judge_posted_record(struct task *task, const struct answer *answer,
                                          enum kind_reading reading) {
    struct kind_matches matches = {0};
    enum judgement judgement = JUDGED_TAKEN;
    bool is_shown = judge_find_matches(task, answer, &matches) && matches.count > 0;
    if (is_shown && (reading != READING_DONE || matches.id.length > 0)) {
        task_forget_findings(task);
        judgement = judge_compare(task, &matches, COMPARE_ANSWER) > 0
                        ? JUDGED_DIFFERENT
                        : judge_equal_record(task, &matches, reading);
    } else if (reading == READING_DONE && task->step == STEP_POST && !is_page(&task->exchange)) {
        task->evidence = EVIDENCE_ANSWER;
    }
    kind_matches_free(&matches);
    return judgement;
}

/* A success that has no body, or JSON: an answer that points to the record, repeats a part of it,
 * or promises it (202). An HTML page does not come from the API. */
static bool is_taken(const struct task *task) {
    const struct exchange *exchange = &task->exchange;
    return exchange->end == EXCHANGE_ANSWERED && exchange->status / 100 == 2 &&
           (exchange->answer.length == 0 || exchange->is_json);
}

/* The judgement by a kind's reading of an answer; READING_NONE: the status decides. */
static const enum judgement judgement_of_reading[] = {
    [READING_NONE] = JUDGED_MORE,       [READING_DONE] = JUDGED_DELIVERED,
    [READING_EXISTS] = JUDGED_EXISTS,   [READING_AGAIN] = JUDGED_NOT_TAKEN,
    [READING_REFUSED] = JUDGED_REFUSED, [READING_UNSTORED] = JUDGED_REFUSED,
};

/* Some services refuse with a status of success. */
static bool is_turned_down(enum kind_reading reading) {
    return reading != READING_NONE && reading != READING_DONE;
}

enum judgement judge_post(struct task *task, const struct answer *answer) {
    enum kind_reading reading = read_by_kind(task, answer);
    task->is_refused_unstored = reading == READING_UNSTORED;
    if (is_turned_down(reading)) {
        return judgement_of_reading[reading];
    }
    if (reading == READING_DONE || answer->class == ANSWER_RECORD) {
        return judge_posted_record(task, answer, reading);
    }
    return is_taken(task) ? JUDGED_TAKEN : read_class(task, answer);
}

enum judgement judge_update(struct task *task, const struct answer *answer) {
    enum kind_reading reading = read_by_kind(task, answer);
    if (is_turned_down(reading)) {
        return judgement_of_reading[reading];
    }
    if (reading == READING_DONE || answer->class == ANSWER_RECORD) {
        enum judgement judgement = judge_posted_record(task, answer, reading);
        return judgement == JUDGED_DELIVERED ? JUDGED_EQUAL : judgement;
    }
    return is_taken(task) ? JUDGED_TAKEN : read_class(task, answer);
}

enum judgement judge_removal(const struct task *task, const struct answer *answer) {
    enum kind_reading reading = read_by_kind(task, answer);
    if (reading == READING_DONE ||
        (reading == READING_NONE &&
         (answer->class == ANSWER_RECORD || answer->class == ANSWER_NOT_FOUND))) {
        return JUDGED_MORE;
    }
    if (reading != READING_NONE) {
        return judgement_of_reading[reading];
    }
    return is_taken(task) ? JUDGED_TAKEN : read_class(task, answer);
}
