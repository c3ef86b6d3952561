#include "base/log.h"
#include "delivery/amend_private.h"

bool amend_can_change(const struct amend *amend) {
    const struct migration_kind *kind = &amend->migration->kinds[amend->kind];
    int64_t changed = amend->begun.kinds[amend->kind].changed;
    bool has_request = kind_has(kind, KIND_UPDATE);
    bool can_change = has_request && kind_is_compared(kind);
    if (!can_change && changed > 0) {
        log_warning("%lld %s are planned otherwise than they were delivered, and %s: change them "
                    "there by hand",
                    (long long)changed, kind->name,
                    has_request ? "nothing shows what the target has in them by now"
                                : "the target has no request that changes one");
    }
    return can_change;
}

/* Looks the record up, and compares it with one of the two. */
static int compare_with(struct amend *amend, struct task *task, enum document_version version) {
    task_forget_findings(task);
    task_set_version(task, version);
    task->step = STEP_LOOK_UP;
    task->is_deep = true;
    task->tries = 0;
    dispatch_add(&amend->loop.dispatch, task);
    return 0;
}

/* The target confirmed it earlier, and no longer has it. */
static int settle_missing(struct amend *amend, struct task *task, struct error *error) {
    task_forget_findings(task);
    amend->loop.finished++;
    int rc = journal_set_state(amend->journal, task->document, amend->pass->before, error) == 0
                 ? journal_set_verdict(amend->journal, task->document, VERDICT_MISSING, error)
                 : -1;
    task_free(task);
    return rc;
}

/* The record is what was delivered. */
static int settle_as_delivered(struct amend *amend, struct task *task, struct error *error) {
    if (task->posts >= MOST_CHANGES || task->target_id.length == 0) {
        task_add_finding(task, "whole record", "changed",
                         task->target_id.length == 0 ? "its id on the target is not known"
                                                     : "changed several times, and never after it");
        return amend_finish(amend, task, amend->pass->before, error);
    }
    task_set_version(task, VERSION_CHANGED);
    return amend_change(amend, task, error);
}

/* The record is what is planned now, and was read back: that is what is delivered. */
static int adopt(struct amend *amend, struct task *task, struct error *error) {
    task_forget_findings(task);
    if (journal_adopt_changed(amend->journal, task->document, error) != 0) {
        task_free(task);
        return -1;
    }
    return amend_finish(amend, task, amend->pass->before, error);
}

static int settle_different(struct amend *amend, struct task *task, struct error *error) {
    if (task->version == VERSION_DELIVERED) {
        return compare_with(amend, task, VERSION_CHANGED); /* it may be so already */
    }
    if (task->uncertainty.is_open && task->posts < MOST_CHANGES) {
        task->uncertainty.is_open = false; /* a lost change that was not carried out */
        return compare_with(amend, task, VERSION_DELIVERED);
    }
    return amend_finish(amend, task, STATE_DIFFERENT, error);
}

int amend_settle_changed(struct amend *amend, struct task *task, enum judgement judgement,
                         struct error *error) {
    if (task->step == STEP_UPDATE) {
        return compare_with(amend, task, VERSION_CHANGED);
    }
    switch (judgement) {
    case JUDGED_EQUAL:
        return task->version == VERSION_DELIVERED ? settle_as_delivered(amend, task, error)
                                                  : adopt(amend, task, error);
    case JUDGED_MISSING:
        return settle_missing(amend, task, error);
    case JUDGED_DUPLICATE:
        return amend_finish(amend, task, STATE_DUPLICATE, error);
    default:
        return settle_different(amend, task, error);
    }
}
