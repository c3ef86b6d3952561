#include "delivery/apply_private.h"
#include "delivery/waiting.h"
#include "workspace/journal_records.h"

/* How many documents may be freed at once because one was settled. */
enum { MOST_FREED = 256 };

static struct selection selection_of(const struct apply *apply, enum state state, int64_t after) {
    return (struct selection){.rule = apply->has_order ? SELECT_FREE : SELECT_PLANNED,
                              .state = state,
                              .kind = apply->kind,
                              .is_chosen = apply->is_limited,
                              .after = after,
                              .bodies = loop_room_for_bodies(&apply->loop)};
}

/* Until the target's clock is known, no answer shows whether the target already had the record. */
static bool must_look_first(const struct apply *apply) {
    return apply_kind_of(apply)->answers_with_old && !apply->clock.is_known;
}

static struct task *create_look_up(struct apply *apply, const struct selected_document *document,
                                   struct error *error) {
    struct task *task = task_create(apply_kind_of(apply), STEP_LOOK_UP, document, error);
    if (task != NULL) {
        task->may_have_arrived =
            task->evidence != EVIDENCE_NONE ||
            (task->uncertainty.is_open && task->uncertainty.about != REQUEST_PUT);
        task->is_deep = true;
    }
    return task;
}

static struct task *create_post(struct apply *apply, const struct selected_document *document,
                                struct error *error) {
    return task_create(apply_kind_of(apply), STEP_POST, document, error);
}

static int take_unknown(void *context, const struct selected_document *document,
                        struct error *error) {
    struct apply *apply = context;
    struct task *task = create_look_up(apply, document, error);
    if (task == NULL) {
        return -1;
    }
    apply->last_unknown = document->id;
    dispatch_add(&apply->loop.dispatch, task);
    return 0;
}

static int feed_unknown(struct apply *apply, size_t wanted, struct error *error) {
    if (apply->last_unknown == INT64_MAX) {
        return 0; /* what becomes unknown now has its task already */
    }
    const struct selection unknown = selection_of(apply, STATE_UNKNOWN, apply->last_unknown);
    int fed = journal_select(apply->journal, &unknown, wanted, take_unknown, apply, error);
    if (fed >= 0 && (size_t)fed < wanted) {
        apply->last_unknown = INT64_MAX;
    }
    return fed;
}

static int take_pending(void *context, const struct selected_document *document,
                        struct error *error) {
    struct apply *apply = context;
    struct task *task = create_post(apply, document, error);
    if (task == NULL) {
        return -1;
    }
    apply->last_pending = document->id;
    task_list_append(&apply->fresh, task);
    return 0;
}

static int take_freed(void *context, const struct selected_document *document,
                      struct error *error) {
    struct apply *apply = context;
    struct task *task = document->is_unknown ? create_look_up(apply, document, error)
                                             : create_post(apply, document, error);
    if (task == NULL) {
        return -1;
    }
    apply->last_freed = document->id;
    task_list_append(&apply->fresh, task);
    return 0;
}

/* Documents that waited for this one may be sent. If there are many, the rest is fed again from
 * there. */
static int select_freed(struct apply *apply, int64_t document, struct error *error) {
    const struct selection freeable = selection_of(apply, STATE_PENDING, apply->last_pending);
    int freed = journal_select_freed(apply->journal, document, &freeable, apply->last_unknown,
                                     MOST_FREED, take_freed, apply, error);
    if (freed == MOST_FREED) {
        apply->loop.is_exhausted = false;
        apply->last_pending =
            apply->last_freed < apply->last_pending ? apply->last_freed : apply->last_pending;
    }
    return freed < 0 ? -1 : 0;
}

/* The document waits for a record that will not be made in this run, and what comes after it under
 * its ordering key waits with it. */
static int set_waiting(struct apply *apply, const struct task *task, const struct unmet *unmet,
                       struct error *error) {
    struct text reason = {0};
    waiting_append_reason(unmet, &reason);
    int rc =
        text_check(&reason, error) == 0 && loop_write(&apply->loop, error) == 0 &&
                journal_set_waiting(apply->journal, task->document, error) == 0 &&
                journal_clear_findings(apply->journal, task->document, "apply", error) == 0
            ? journal_add_finding(apply->journal, task->document, "apply", text_string(&reason),
                                  (struct span){0}, (struct span){0}, error)
            : -1;
    text_free(&reason);
    return rc;
}

/* A look-up of an earlier run that then sent nothing does not count. */
static void look_first(struct apply *apply, struct task *task) {
    task->step = STEP_LOOK_UP;
    task->looks_first = true;
    task->evidence = EVIDENCE_NONE;
    task->is_repeated = false;
    task->is_to_be_counted = false;
    dispatch_add(&apply->loop.dispatch, task);
}

/* A document that is looked up first is marked, too: what is freed later may be fed once more. */
static int mark(struct apply *apply, struct task *task, struct error *error) {
    if (loop_write(&apply->loop, error) != 0 ||
        journal_set_state(apply->journal, task->document, STATE_SENDING, error) != 0) {
        task_free(task);
        return -1;
    }
    if (must_look_first(apply)) {
        look_first(apply, task);
    } else {
        loop_mark(&apply->loop, task);
    }
    return 0;
}

/* Sends the document unless it has to wait. Documents that wait for it are queued after the
 * others. */
static int admit(struct apply *apply, struct task *task, struct error *error) {
    struct unmet unmet = {0};
    if (task->step != STEP_POST) {
        dispatch_add(&apply->loop.dispatch, task);
        return 0;
    }
    int rc = task->may_wait ? journal_find_unmet(apply->journal, task->document, &unmet, error) : 0;
    if (rc == 0) {
        return mark(apply, task, error);
    }
    if (rc == 1) {
        apply->loop.finished++;
        apply_end_trial(apply);
        rc = set_waiting(apply, task, &unmet, error) == 0
                 ? select_freed(apply, task->document, error)
                 : -1;
    }
    unmet_free(&unmet);
    task_free(task);
    return rc;
}

static int admit_fresh(struct apply *apply, struct error *error) {
    struct task *task;
    while ((task = task_list_take(&apply->fresh)) != NULL) {
        if (admit(apply, task, error) != 0) {
            return -1;
        }
    }
    return 0;
}

static void look_up_fresh(struct apply *apply) {
    struct task *task;
    while ((task = task_list_take(&apply->fresh)) != NULL) {
        look_first(apply, task);
    }
}

/* Documents that wait for no other are marked together; those that are looked up first stay pending
 * until they are sent. */
static int mark_fresh(struct apply *apply, const struct selection *pending, int fed,
                      struct error *error) {
    struct task *task;
    if (must_look_first(apply)) {
        look_up_fresh(apply);
        return 0;
    }
    while ((task = task_list_take(&apply->fresh)) != NULL) {
        loop_mark(&apply->loop, task);
    }
    return loop_write(&apply->loop, error) == 0
               ? journal_mark_sending(apply->journal, pending, apply->last_pending, fed, error)
               : -1;
}

static int feed_pending(struct apply *apply, size_t wanted, struct error *error) {
    const struct selection pending = selection_of(apply, STATE_PENDING, apply->last_pending);
    wanted = apply_trial_room(apply, wanted);
    if (wanted == 0) {
        return 0;
    }
    int fed = journal_select(apply->journal, &pending, wanted, take_pending, apply, error);
    if (fed >= 0 && (size_t)fed < wanted) {
        apply->last_pending = apply->has_order ? INT64_MAX : apply->last_pending;
    }
    if (fed <= 0) {
        return fed;
    }
    int rc = apply->has_order ? admit_fresh(apply, error) : mark_fresh(apply, &pending, fed, error);
    return rc == 0 ? fed : -1;
}

int apply_feed(void *context, size_t wanted, struct error *error) {
    struct apply *apply = context;
    int unknown = feed_unknown(apply, wanted, error);
    if (unknown < 0 || (size_t)unknown == wanted) {
        return unknown;
    }
    int pending = feed_pending(apply, wanted - (size_t)unknown, error);
    return pending < 0 ? -1 : unknown + pending;
}

int apply_free_followers(struct apply *apply, int64_t document, struct error *error) {
    if (!apply->has_order) {
        return 0;
    }
    return select_freed(apply, document, error) == 0 ? admit_fresh(apply, error) : -1;
}

/* In the order of their ids, so that the first one under an ordering key waits for a record, and
 * the others wait behind it. */
static int hold_fresh(struct apply *apply, struct error *error) {
    struct task *task;
    int rc = 0;
    while (rc == 0 && (task = task_list_take(&apply->fresh)) != NULL) {
        struct unmet unmet = {0};
        rc = journal_find_unmet(apply->journal, task->document, &unmet, error);
        rc = rc == 1 ? set_waiting(apply, task, &unmet, error) : rc;
        unmet_free(&unmet);
        task_free(task);
    }
    return rc;
}

int apply_hold_rest(struct apply *apply, struct error *error) {
    int held;
    if (!apply->has_order) {
        return 0;
    }
    apply->last_pending = 0;
    do {
        const struct selection rest = {.rule = SELECT_PLANNED,
                                       .state = STATE_PENDING,
                                       .kind = apply->kind,
                                       .is_chosen = apply->is_limited,
                                       .after = apply->last_pending};
        held = journal_select(apply->journal, &rest, MOST_FREED, take_pending, apply, error);
        if (held < 0 || hold_fresh(apply, error) != 0) {
            return -1;
        }
    } while (held > 0);
    return journal_commit(apply->journal, error);
}
