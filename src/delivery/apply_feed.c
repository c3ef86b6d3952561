#include "delivery/apply_private.h"

static struct selection selection_of(const struct apply *apply, enum state state, int64_t after) {
    return (struct selection){.rule = SELECT_PLANNED,
                              .state = state,
                              .kind = apply->kind,
                              .key = span_of(apply->settings->key),
                              .after = after,
                              .bodies = loop_room_for_bodies(&apply->loop)};
}

static int take_unknown(void *context, const struct selected_document *document,
                        struct error *error) {
    struct apply *apply = context;
    struct task *task = task_create(apply_kind_of(apply), STEP_LOOK_UP, document, error);
    if (task == NULL) {
        return -1;
    }
    task->may_have_arrived = task->evidence != EVIDENCE_NONE ||
                             (task->uncertainty.is_open && task->uncertainty.about != REQUEST_PUT);
    task->is_deep = true;
    apply->last_unknown = document->id;
    apply->fed_unknown++;
    dispatch_add(&apply->loop.dispatch, task);
    return 0;
}

static int feed_unknown(struct apply *apply, size_t wanted, struct error *error) {
    if (apply->is_unknown_fed) {
        return 0; /* what becomes unknown now has its task already */
    }
    const struct selection unknown = selection_of(apply, STATE_UNKNOWN, apply->last_unknown);
    int fed = journal_select(apply->journal, &unknown, wanted, take_unknown, apply, error);
    apply->is_unknown_fed = fed >= 0 && (size_t)fed < wanted;
    return fed;
}

/* What an earlier run has seen before it sent nothing does not count. */
static void look_first(struct apply *apply, struct task *task) {
    task->step = STEP_LOOK_UP;
    task->looks_first = true;
    task->evidence = EVIDENCE_NONE;
    task->is_repeated = false;
    task->is_to_be_counted = false;
    dispatch_add(&apply->loop.dispatch, task);
}

static int take_pending(void *context, const struct selected_document *document,
                        struct error *error) {
    struct apply *apply = context;
    struct task *task = task_create(apply_kind_of(apply), STEP_POST, document, error);
    if (task == NULL) {
        return -1;
    }
    apply->last_pending = document->id;
    apply->fed_pending++;
    if (apply->looks_first) {
        look_first(apply, task);
    } else {
        loop_mark(&apply->loop, task);
    }
    return 0;
}

static int feed_pending(struct apply *apply, size_t wanted, struct error *error) {
    const struct selection pending = selection_of(apply, STATE_PENDING, apply->last_pending);
    int64_t left = apply->settings->limit - apply->fed_pending;
    if (apply->settings->limit > 0 && left < (int64_t)wanted) {
        wanted = (size_t)left;
    }
    apply->looks_first = apply_kind_of(apply)->answers_with_old && !apply->clock.is_known;
    int fed = journal_select(apply->journal, &pending, wanted, take_pending, apply, error);
    if (fed <= 0 || apply->looks_first) {
        return fed;
    }
    return loop_write(&apply->loop, error) == 0 &&
                   journal_mark_sending(apply->journal, &pending, apply->last_pending, fed,
                                        error) == 0
               ? fed
               : -1;
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
