#include "delivery/apply_private.h"
#include "delivery/judge.h"
#include "delivery/strangers.h"
#include "workspace/journal_records.h"

enum {
    MOST_CONFLICTS = 2, /* refusals because of a record that is not there */
    MOST_POSTS = 5,     /* of one document whose attempts all ended uncertain and whose record was
                           missing afterwards */
    MOST_LOOK_UPS = 6   /* failed tries of one look-up before the document is left unknown */
};

/* By the name that the target gave the record, so that it can be found there; null where no answer
 * showed one. */
static int set_there(struct apply *apply, const struct task *task, enum state state,
                     struct error *error) {
    const struct text *text = &task->target_id;
    if (text_check(text, error) != 0) {
        return -1;
    }
    const struct record_id id = {text->length > 0 ? text_span(text) : span_of(NULL),
                                 task->id_is_number};
    return state == STATE_DELIVERED && task->evidence == EVIDENCE_ANSWER
               ? journal_set_delivered(apply->journal, task->document, id, error)
               : journal_set_found(apply->journal, task->document, state, id, task->evidence,
                                   error);
}

static bool is_there(enum state state) {
    return state == STATE_DELIVERED || state == STATE_PRESENT;
}

static int fail(struct task *task) {
    task_free(task);
    return -1;
}

/* The document is settled. A record that was delivered in another form, and is found as it is
 * planned now, counts as delivered. */
static int finish(struct apply *apply, struct task *task, enum state state, struct error *error) {
    apply->loop.finished++;
    apply_end_trial(apply);
    if (is_there(state) && task->version == VERSION_CHANGED &&
        journal_adopt_changed(apply->journal, task->document, error) != 0) {
        return fail(task);
    }
    int rc = is_there(state) || task->looks_first
                 ? set_there(apply, task, state, error)
                 : journal_set_state(apply->journal, task->document, state, error);
    if (rc == 0 && !is_there(state)) {
        rc = strangers_claim(apply->loop.workspace, task, error);
    }
    /* An earlier run may have left the reason why it could not be looked up. */
    bool may_have_findings = task->may_have_arrived || state == STATE_DIFFERENT;
    if (rc == 0 && (task->finding_count > 0 || may_have_findings)) {
        rc = task_write_findings(task, apply->journal, "apply", error);
    }
    int64_t document = task->document;
    task_free(task);
    return rc == 0 ? apply_free_followers(apply, document, error) : -1;
}

/* It may have arrived, or something of that name is there: look before anything else. */
static void look_up(struct task *task) {
    task->step = STEP_LOOK_UP;
    task->is_deep = true;
    task->tries = 0;
}

/* The target does not have it: it is sent, again or for the first time, unless it was tried often
 * enough. */
static int send_again(struct apply *apply, struct task *task, struct error *error) {
    if (task->conflicts >= MOST_CONFLICTS) {
        task_add_finding(task, "whole record", "as planned",
                         "refused, as there was one of that name, and none is there");
        return finish(apply, task, STATE_REFUSED, error);
    }
    if (task->posts >= MOST_POSTS) {
        struct difference_sink sink = task_difference_sink(task);
        sink.add(sink.context, "whole record", span_of("as planned"),
                 span_of("sent several times without a usable answer, and never there afterwards"));
        return finish(apply, task, STATE_REFUSED, error);
    }
    task_forget_findings(task);
    task->step = STEP_POST;
    task->tries = 0;
    task->evidence = EVIDENCE_ABSENCE;
    task->is_repeated = !task->looks_first;
    task->is_to_be_counted = task->is_repeated;
    task->looks_first = false;
    task->uncertainty.is_open = false;
    loop_mark(&apply->loop, task);
    return journal_set_absent(apply->journal, task->document, error);
}

/* A document that cannot be sent at all is refused on this side; one that cannot be looked up stays
 * unknown. The finding has the reason. */
static int release_faulty(struct apply *apply, struct task *task, struct error *error) {
    if (loop_write(&apply->loop, error) != 0) {
        return fail(task);
    }
    if (task->step == STEP_POST) {
        task_add_finding(task, "request", "one that can be sent", task->fault);
        return finish(apply, task, STATE_REFUSED, error);
    }
    task_forget_findings(task);
    task_add_finding(task, task->fault, NULL, NULL);
    int rc = task_write_findings(task, apply->journal, "apply", error);
    task_free(task);
    return rc;
}

/* The state to which a document returns that was not sent, or was turned away before it was
 * read. */
int apply_release(void *context, struct task *task, struct error *error) {
    struct apply *apply = context;
    int rc = 0;
    apply_end_trial(apply);
    if (task->fault != NULL && !task->looks_first) {
        return release_faulty(apply, task, error);
    }
    if (task->step == STEP_POST || task->looks_first) {
        rc = loop_write(&apply->loop, error) == 0
                 ? journal_set_state(apply->journal, task->document, STATE_PENDING, error)
                 : -1;
    }
    task_free(task);
    return rc;
}

/* The answer to the post was a success: another post would make a second record, even if this one
 * cannot be found. */
static bool is_made(const struct task *task) {
    return task->evidence == EVIDENCE_ANSWER && task->uncertainty.is_open &&
           task->uncertainty.about == REQUEST_POST;
}

static int settle_made(struct apply *apply, struct task *task, struct error *error) {
    task_forget_findings(task);
    task_add_finding(
        task, "whole record", "as planned",
        "the answer shows that it was made, but a look-up does not find it: compare how "
        "the migration finds a record with what the target shows");
    return journal_set_verdict(apply->journal, task->document, VERDICT_MISSING, error) == 0
               ? finish(apply, task, STATE_DELIVERED, error)
               : fail(task);
}

static int settle_uncertain(struct apply *apply, struct task *task, struct error *error) {
    if (task->step == STEP_POST) {
        task->may_have_arrived = true;
        if (loop_doubt(&apply->loop, task, error) != 0) {
            return fail(task);
        }
        look_up(task);
    }
    task->tries++;
    if (task->tries > MOST_LOOK_UPS) {
        apply->left_unknown++;
        return apply_release(apply, task, error);
    }
    dispatch_delay(&apply->loop.dispatch, task);
    return 0;
}

static int settle_taken(struct apply *apply, struct task *task, struct error *error) {
    task->may_have_arrived = true;
    if (loop_doubt(&apply->loop, task, error) != 0) {
        return fail(task);
    }
    look_up(task);
    dispatch_add(&apply->loop.dispatch, task);
    return 0;
}

static int stop(struct apply *apply, struct task *task, enum error_code code,
                const struct answer *answer, struct error *error) {
    loop_stop(&apply->loop, code, answer->message);
    return apply_release(apply, task, error);
}

/* An earlier request may have been carried out after all. */
static int count(struct apply *apply, struct task *task, struct error *error) {
    if (journal_set_state(apply->journal, task->document, STATE_UNKNOWN, error) != 0) {
        return fail(task);
    }
    task->step = STEP_COUNT;
    task->tries = 0;
    task->may_have_arrived = true;
    task->uncertainty.is_open = false;
    dispatch_add(&apply->loop.dispatch, task);
    return 0;
}

/* No record was made, but there may be one of that name. */
static int settle_exists(struct apply *apply, struct task *task, struct error *error) {
    task->conflicts += !task->is_refused;
    if (journal_set_state(apply->journal, task->document, STATE_UNKNOWN, error) != 0) {
        return fail(task);
    }
    look_up(task);
    dispatch_add(&apply->loop.dispatch, task);
    return 0;
}

/* The target does not show whether it has the record: it is sent, and it stays unknown who made the
 * record. */
static int send_unseen(struct apply *apply, struct task *task, struct error *error) {
    task_forget_findings(task);
    task->step = STEP_POST;
    task->tries = 0;
    task->looks_first = false;
    loop_mark(&apply->loop, task);
    return journal_set_sending(apply->journal, task->document, REQUEST_POST, error);
}

/* The answer shows the record, and the look-up does, too. */
static int settle_trial(struct apply *apply, struct task *task, struct error *error) {
    apply_prove(apply);
    task_forget_findings(task);
    return finish(apply, task, STATE_DELIVERED, error);
}

/* Made, and not found. */
static int settle_lost_trial(struct apply *apply, struct task *task, struct error *error) {
    return apply_fail_trial(apply, task, error) == 0 ? settle_made(apply, task, error) : fail(task);
}

/* Whether this look-up has to find the record, or the others would not be found either. */
static bool is_trial(const struct apply *apply, const struct task *task) {
    return task->made_id.length > 0 || (is_made(task) && !apply->is_proven);
}

/* The target may show the record later. */
static int settle_unfound_trial(struct apply *apply, struct task *task, struct error *error) {
    int rc = apply_repeat_trial(apply, task, error);
    if (rc != 0) {
        return rc == 1 ? 0 : fail(task);
    }
    return settle_lost_trial(apply, task, error);
}

/* The document was not taken; but it may have been stored. */
static int settle_refused(struct apply *apply, struct task *task, const struct answer *answer,
                          struct error *error) {
    if (task->looks_first) {
        return send_unseen(apply, task, error);
    }
    if (task->step != STEP_POST && is_trial(apply, task)) {
        return settle_lost_trial(apply, task, error);
    }
    if (task->step != STEP_POST) {
        task_add_finding(task, "whole record", "as planned",
                         "it may have arrived, and the target does not let it be looked up");
        return finish(apply, task, task->is_refused ? STATE_REFUSED : STATE_DIFFERENT, error);
    }
    if (task->is_refused_unstored) {
        return finish(apply, task, STATE_REFUSED, error);
    }
    task->is_refused = true;
    text_clear(&task->refusal);
    text_append_string(&task->refusal, answer->message);
    return text_check(&task->refusal, error) == 0 ? settle_exists(apply, task, error) : fail(task);
}

/* Refused, and looked up: the record is missing, or was stored despite the refusal. */
static int settle_refused_found(struct apply *apply, struct task *task, enum judgement judgement,
                                struct error *error) {
    if (judgement == JUDGED_MISSING) {
        task_forget_findings(task);
        return finish(apply, task, STATE_REFUSED, error);
    }
    task_add_finding(task, "answer", "taken", text_string(&task->refusal));
    task_add_finding(task, "whole record", "taken", "refused, and yet there");
    return finish(apply, task, judgement == JUDGED_EQUAL ? STATE_DELIVERED : STATE_DIFFERENT,
                  error);
}

/* A lost update may have been carried out: then the record is what is planned now. */
static bool may_be_updated(const struct task *task) {
    return task->is_changed && task->version == VERSION_DELIVERED && task->uncertainty.is_open &&
           task->uncertainty.about == REQUEST_PUT;
}

/* What a look-up shows, unless it may change yet. If the effect of the lost request is there, that
 * is final. */
static int settle_found(struct apply *apply, struct task *task, enum judgement judgement,
                        struct error *error) {
    bool is_found = judgement == JUDGED_EQUAL || judgement == JUDGED_DIFFERENT;
    if (is_made(task) &&
        (apply_finds_another(task) || (!apply->is_proven && judgement == JUDGED_MISSING))) {
        return settle_unfound_trial(apply, task, error);
    }
    if (is_found && task->made_id.length > 0) {
        return settle_trial(apply, task, error);
    }
    if (is_found && task->step != STEP_POST && task->step != STEP_COUNT) {
        apply_prove(apply);
    }
    if (task->is_refused) {
        return settle_refused_found(apply, task, judgement, error);
    }
    if (judgement == JUDGED_DIFFERENT && may_be_updated(task)) {
        task_forget_findings(task);
        task_set_version(task, VERSION_CHANGED);
        look_up(task);
        dispatch_add(&apply->loop.dispatch, task);
        return 0;
    }
    enum judgement aim = task->uncertainty.about == REQUEST_DELETE ? JUDGED_MISSING : JUDGED_EQUAL;
    int rc = judgement == aim || task->step == STEP_POST
                 ? 0
                 : loop_await_settlement(&apply->loop, task, error);
    if (rc != 0) {
        apply_end_trial(apply); /* others are sent meanwhile */
        return rc == 1 ? 0 : fail(task);
    }
    switch (judgement) {
    case JUDGED_MISSING:
        return is_made(task) ? settle_made(apply, task, error) : send_again(apply, task, error);
    case JUDGED_EQUAL:
        return finish(apply, task, task->may_have_arrived ? STATE_DELIVERED : STATE_PRESENT, error);
    default:
        return finish(apply, task, STATE_DIFFERENT, error);
    }
}

/* The answer has the record. The target does not always show who made it; an earlier attempt that
 * was turned away may still have made it. */
static int settle_delivered(struct apply *apply, struct task *task, struct error *error) {
    const struct exchange *exchange = &task->exchange;
    if (!apply->is_proven) {
        text_append(&task->made_id, text_span(&task->target_id));
        return settle_taken(apply, task, error);
    }
    if (task->is_repeated) {
        return count(apply, task, error);
    }
    if (!task->kind->answers_with_old || task->may_have_arrived) {
        return finish(apply, task, STATE_DELIVERED, error);
    }
    if (task->evidence == EVIDENCE_ANSWER) {
        creation_learn(&apply->clock, exchange, task->created);
        return finish(apply, task, STATE_DELIVERED, error);
    }
    enum creation creation = creation_judge(&apply->clock, exchange, task->created);
    bool was_there = creation == CREATED_BEFORE && task->tries == 0;
    task->evidence = creation == CREATED_BY_IT ? EVIDENCE_ANSWER : EVIDENCE_NONE;
    return finish(apply, task, was_there ? STATE_PRESENT : STATE_DELIVERED, error);
}

int apply_settle(void *context, struct task *task, enum judgement judgement,
                 const struct answer *answer, struct error *error) {
    struct apply *apply = context;
    switch (judgement) {
    case JUDGED_DELIVERED:
        return settle_delivered(apply, task, error);
    case JUDGED_DUPLICATE:
        return finish(apply, task, STATE_DUPLICATE, error);
    case JUDGED_EQUAL:
    case JUDGED_DIFFERENT:
    case JUDGED_MISSING:
        return settle_found(apply, task, judgement, error);
    case JUDGED_REFUSED:
        return settle_refused(apply, task, answer, error);
    case JUDGED_TAKEN:
        return settle_taken(apply, task, error);
    case JUDGED_EXISTS:
        return settle_exists(apply, task, error);
    case JUDGED_NOT_TAKEN:
        task->tries++;
        task->posts -= task->step == STEP_POST; /* it was turned away before it was read */
        dispatch_delay(&apply->loop.dispatch, task);
        return 0;
    case JUDGED_UNCERTAIN:
        return settle_uncertain(apply, task, error);
    case JUDGED_MORE:
        if (task->made_id.length > 0) {
            return settle_found(apply, task, JUDGED_EQUAL, error);
        }
        dispatch_add_first(&apply->loop.dispatch, task);
        return 0;
    case JUDGED_SIGN_IN:
        return stop(apply, task, ERROR_SESSION, answer, error);
    case JUDGED_MISDIRECTED:
        return stop(apply, task, ERROR_TARGET, answer, error);
    case JUDGED_TURNED_AWAY: /* the loop's */
    case JUDGED_BROKEN:
        break;
    }
    return -1;
}
