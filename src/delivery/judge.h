/* What an answer means for a task: the only place where an outcome is decided.
 *
 * Nothing is sent and nothing is written here. The differences behind a judgement are in the task's
 * findings. */
#ifndef ROWPOST_DELIVERY_JUDGE_H
#define ROWPOST_DELIVERY_JUDGE_H

#include "delivery/task.h"
#include "http/answer.h"
#include "workspace/state.h"

enum judgement {
    JUDGED_DELIVERED, /* the target has what was sent, and this request made it */
    JUDGED_EQUAL,     /* the target has an equal record, as far as its kind compares records */
    JUDGED_DUPLICATE, /* the target has several records of that name: the findings have their ids */
    JUDGED_DIFFERENT, /* the target has a record of that name that differs */
    JUDGED_REFUSED,   /* read by the target and refused */

    JUDGED_TURNED_AWAY, /* not accepted, or not shown: because of this record, the session or the
                           address; a probe decides */
    JUDGED_TAKEN,       /* accepted, but the answer has no record: it is looked up */
    JUDGED_MISSING,     /* the target does not have it */
    JUDGED_EXISTS,      /* not accepted, since there is a record of that name: it is looked up */
    JUDGED_NOT_TAKEN,   /* certainly not carried out: retry later */
    JUDGED_UNCERTAIN,   /* it may have been carried out, or could not be read: look it up later */
    JUDGED_MORE,        /* equal so far; the task has been moved on to its next step */
    JUDGED_SIGN_IN,     /* the session is not accepted */
    JUDGED_MISDIRECTED, /* what answers at this URL is not the API */
    JUDGED_BROKEN       /* the program itself cannot continue: the error is set */
};

/* As answer_classify() of the task's exchange; but what its kind keeps secret is masked before
 * anything else sees the JSON: conditions, comparisons and the message have the mask in its place.
 */
void judge_read_answer(const struct task *task, struct answer *answer);

/* Judges the task's exchange, which has ended. `answer` is what judge_read_answer() makes of it, to
 * be cleared by the caller. The target's own name for a record that is as planned, or that a
 * look-up has found, is in the task's target_id. */
enum judgement judge_exchange(struct task *task, struct answer *answer, struct error *error);

/* Judges an exchange that was turned away, once a probe has shown that the target is there: the
 * answer is about this record. A look-up that finds no page finds no record, if its kind reads such
 * an answer that way; and a part that is not shown is null. Else JUDGED_REFUSED. */
enum judgement judge_turned_away(struct task *task, struct answer *answer);

/* How the task's attempt ended, for the workspace. */
enum attempt_outcome judge_outcome(const struct task *task, enum judgement judgement);

#endif
