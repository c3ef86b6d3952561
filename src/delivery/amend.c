#include "delivery/amend.h"

#include <string.h>

#include "base/log.h"
#include "base/noun.h"
#include "delivery/amend_private.h"

enum { MOST_TRIES = 6 };

static int take(void *context, const struct selected_document *document, struct error *error) {
    struct amend *amend = context;
    struct task *task =
        task_create(&amend->migration->kinds[amend->kind], STEP_LOOK_UP, document, error);
    if (task == NULL) {
        return -1;
    }
    task->is_deep = amend->pass->rule == SELECT_CHANGED;
    amend->last = document->id;
    dispatch_add(&amend->loop.dispatch, task);
    return 0;
}

static int feed(void *context, size_t wanted, struct error *error) {
    struct amend *amend = context;
    const struct selection selection = {.rule = amend->pass->rule,
                                        .state = amend->pass->state,
                                        .kind = amend->kind,
                                        .key = span_of(amend->settings->key),
                                        .after = amend->last,
                                        .bodies = loop_room_for_bodies(&amend->loop)};
    return journal_select(amend->journal, &selection, wanted, take, amend, error);
}

/* A change that was not sent, or was turned away before it was read, is no change. */
static int release(void *context, struct task *task, struct error *error) {
    struct amend *amend = context;
    int rc = 0;
    if (task->step == amend->amendment->change) {
        rc = loop_write(&amend->loop, error) == 0
                 ? journal_set_state(amend->journal, task->document, amend->pass->before, error)
                 : -1;
    }
    amend->kept += !amend->loop.is_stopped; /* a request cannot be written */
    task_free(task);
    return rc;
}

int amend_finish(struct amend *amend, struct task *task, enum state state, struct error *error) {
    amend->loop.finished++;
    int rc = state == STATE_PENDING
                 ? journal_set_pending_again(amend->journal, task->document, error)
                 : journal_set_state(amend->journal, task->document, state, error);
    if (rc == 0) {
        rc = journal_set_verdict(amend->journal, task->document, VERDICT_NONE, error);
    }
    if (rc == 0) {
        rc = task_write_findings(task, amend->journal, "apply", error);
    }
    task_free(task);
    return rc;
}

int amend_change(struct amend *amend, struct task *task, struct error *error) {
    task->step = amend->amendment->change;
    task->tries = 0;
    task->uncertainty.is_open = false;
    loop_mark(&amend->loop, task);
    return journal_set_sending(amend->journal, task->document, task_request(task), error);
}

static bool has_updatable_finding(const struct task *task) {
    for (const struct finding *finding = task->findings; finding != NULL; finding = finding->next) {
        if (task->kind->can_update(task->kind, finding->field)) {
            return true;
        }
    }
    return false;
}

/* The record itself was read, and not only an answer to the change or a list. */
static bool was_read_back(const struct task *task) {
    return task->step == STEP_LOOK_UP || task->step == STEP_PART;
}

/* The record equals the plan now. What refers to it needs its name. */
static int finish_present(struct amend *amend, struct task *task, struct error *error) {
    const struct record_id id = {task->target_id.length > 0 ? text_span(&task->target_id)
                                                            : span_of(NULL),
                                 task->id_is_number};
    task_forget_findings(task);
    if (journal_set_found(amend->journal, task->document, STATE_PRESENT, id, EVIDENCE_NONE,
                          error) != 0) {
        task_free(task);
        return -1;
    }
    return amend_finish(amend, task, STATE_PRESENT, error);
}

static int settle_update(struct amend *amend, struct task *task, enum judgement judgement,
                         struct error *error) {
    switch (judgement) {
    case JUDGED_EQUAL:
        return finish_present(amend, task, error);
    case JUDGED_MISSING:
        task_forget_findings(task);
        return amend_finish(amend, task, STATE_PENDING, error);
    case JUDGED_DIFFERENT:
        if (was_read_back(task) && task->posts < MOST_CHANGES && task->target_id.length > 0 &&
            has_updatable_finding(task)) {
            return amend_change(amend, task, error);
        }
        return amend_finish(amend, task, STATE_DIFFERENT, error);
    case JUDGED_DUPLICATE:
        return amend_finish(amend, task, STATE_DUPLICATE, error);
    default:
        return amend_finish(amend, task, STATE_DIFFERENT, error);
    }
}

/* Whether the record is the one that this workspace made: not one that was there before, nor one
 * that somebody made later under the same name. 1, 0 or -1. */
static int is_made_here(struct amend *amend, const struct task *task, struct error *error) {
    struct text made = {0};
    if (task->evidence == EVIDENCE_NONE || task->target_id.length == 0) {
        return 0;
    }
    int rc = journal_load_target_id(amend->journal, task->document, &made, error);
    if (rc == 0) {
        rc = made.length == 0 || span_equal(text_span(&made), text_span(&task->target_id));
    }
    text_free(&made);
    return rc;
}

/* The record stays; `*counter` counts it. */
static int leave(struct amend *amend, struct task *task, int64_t *counter) {
    (*counter)++;
    amend->loop.finished++;
    task_free(task);
    return 0;
}

static int settle_undo(struct amend *amend, struct task *task, enum judgement judgement,
                       struct error *error) {
    if (judgement == JUDGED_MISSING) {
        amend->removed++;
        task_forget_findings(task);
        return amend_finish(amend, task, STATE_PENDING, error);
    }
    int is_ours = judgement == JUDGED_DUPLICATE ? 0 : is_made_here(amend, task, error);
    if (is_ours < 0) {
        task_free(task);
        return -1;
    }
    if (!is_ours) {
        return leave(amend, task, &amend->kept);
    }
    return task->posts < MOST_CHANGES ? amend_change(amend, task, error)
                                      : leave(amend, task, &amend->unsettled);
}

static const struct amendment update = {
    .passes = {{SELECT_PLANNED, STATE_DIFFERENT, STATE_DIFFERENT, settle_update},
               {SELECT_CHANGED, STATE_DELIVERED, STATE_DELIVERED, amend_settle_changed},
               {SELECT_CHANGED, STATE_PRESENT, STATE_PRESENT, amend_settle_changed}},
    .pass_count = 3,
    .change = STEP_UPDATE,
    .aim = JUDGED_EQUAL,
    .purpose = PURPOSE_UPDATE,
    .request = KIND_UPDATE};
static const struct amendment undo = {
    .passes = {{SELECT_EVER, STATE_UNKNOWN, STATE_DELIVERED, settle_undo},
               {SELECT_EVER, STATE_DELIVERED, STATE_DELIVERED, settle_undo}},
    .pass_count = 2,
    .change = STEP_REMOVE,
    .aim = JUDGED_MISSING,
    .purpose = PURPOSE_UNDO,
    .request = KIND_REMOVE};

/* The record shows the outcome of a change. */
static void look_up(struct amend *amend, struct task *task) {
    if (task->step == amend->amendment->change) {
        task->step = STEP_LOOK_UP;
        task->tries = 0;
    }
}

static int look_again_later(struct amend *amend, struct task *task) {
    look_up(amend, task);
    task->tries++;
    if (task->tries > MOST_TRIES) {
        return leave(amend, task, &amend->unsettled);
    }
    dispatch_delay(&amend->loop.dispatch, task);
    return 0;
}

static int settle_uncertain(struct amend *amend, struct task *task, struct error *error) {
    if (task->step == amend->amendment->change && loop_doubt(&amend->loop, task, error) != 0) {
        task_free(task);
        return -1;
    }
    return look_again_later(amend, task);
}

/* The record is as it was, or cannot be looked at. */
static int settle_refused(struct amend *amend, struct task *task, const struct answer *answer,
                          struct error *error) {
    if (task->step != amend->amendment->change) {
        return leave(amend, task, &amend->kept);
    }
    amend->kept++;
    amend->refused++;
    task_add_finding(task, "whole record", "changed", answer->message);
    return amend_finish(amend, task, amend->pass->before, error);
}

/* What a look-up shows, unless a lost request may change it yet. */
static int settle_found(struct amend *amend, struct task *task, enum judgement judgement,
                        struct error *error) {
    enum judgement aim =
        task->uncertainty.about == REQUEST_POST ? JUDGED_EQUAL : amend->amendment->aim;
    int rc = task->step == amend->amendment->change || judgement == aim
                 ? 0
                 : loop_await_settlement(&amend->loop, task, error);
    if (rc < 0) {
        task_free(task);
        return -1;
    }
    return rc == 1 ? 0 : amend->pass->settle_found(amend, task, judgement, error);
}

static int settle(void *context, struct task *task, enum judgement judgement,
                  const struct answer *answer, struct error *error) {
    struct amend *amend = context;
    switch (judgement) {
    case JUDGED_NOT_TAKEN:
        task_set_version(task, VERSION_DELIVERED); /* its state stays the same */
        return look_again_later(amend, task);
    case JUDGED_UNCERTAIN:
        return settle_uncertain(amend, task, error);
    case JUDGED_TAKEN:
        if (loop_doubt(&amend->loop, task, error) != 0) {
            task_free(task);
            return -1;
        }
        look_up(amend, task);
        dispatch_add(&amend->loop.dispatch, task);
        return 0;
    case JUDGED_REFUSED:
        return settle_refused(amend, task, answer, error);
    case JUDGED_MORE:
        look_up(amend, task);
        dispatch_add(&amend->loop.dispatch, task);
        return 0;
    case JUDGED_SIGN_IN:
        loop_stop(&amend->loop, ERROR_SESSION, answer->message);
        return release(amend, task, error);
    case JUDGED_MISDIRECTED:
        loop_stop(&amend->loop, ERROR_TARGET, answer->message);
        return release(amend, task, error);
    default:
        return settle_found(amend, task, judgement, error);
    }
}

/* How many documents of the kind the pass is for. */
static int64_t count(const struct amend *amend, const struct amend_pass *pass) {
    const struct summary_kind *kind = &amend->begun.kinds[amend->kind];
    return pass->rule == SELECT_CHANGED && kind->changed < kind->ever[pass->state]
               ? kind->changed
               : kind->ever[pass->state];
}

/* A target may keep a record as long as others of its kind refer to it: once some are gone, what
 * was refused is tried again. */
static int run_pass(struct amend *amend, int64_t documents, struct error *error) {
    int64_t kept = amend->kept;
    int rc = 0;
    do {
        amend->kept = kept;
        amend->refused = 0;
        amend->removed = 0;
        amend->last = 0;
        rc = loop_run(&amend->loop, amend->migration->kinds[amend->kind].name, (uint64_t)documents,
                      error);
    } while (rc == 0 && amend->refused > 0 && amend->removed > 0);
    return rc;
}

static int amend_kind(struct amend *amend, struct error *error) {
    const struct migration_kind *kind = &amend->migration->kinds[amend->kind];
    const struct amendment *amendment = amend->amendment;
    const char *only = amend->settings->only;
    if (amend->kind >= amend->begun.kind_count || (only != NULL && strcmp(only, kind->name) != 0)) {
        return 0;
    }
    int64_t changed = amend->begun.kinds[amend->kind].changed;
    if (!kind_has(kind, amendment->request)) {
        if (amendment->request == KIND_UPDATE && changed > 0) {
            log_warning("%lld %s are planned otherwise than they were delivered, and the target "
                        "has no request that changes one: change them there by hand",
                        (long long)changed, kind->name);
        }
        return 0;
    }
    for (size_t i = 0; i < amendment->pass_count; i++) {
        amend->pass = &amendment->passes[i];
        int64_t documents = count(amend, amend->pass);
        if (documents > 0 && run_pass(amend, documents, error) != 0) {
            return -1;
        }
    }
    return 0;
}

/* What a crash has left as being sent is unknown first. */
static int begin(struct amend *amend, struct error *error) {
    if (summary_load_figures(amend->loop.workspace, &amend->begun, error) != 0) {
        return -1;
    }
    int64_t sending = summary_count_ever(&amend->begun, STATE_SENDING);
    if (sending == 0) {
        return 0;
    }
    if (loop_recover(&amend->loop, sending, error) != 0) {
        return -1;
    }
    summary_free(&amend->begun);
    return summary_load_figures(amend->loop.workspace, &amend->begun, error);
}

static int amend_all(struct amend *amend, struct error *error) {
    if (begin(amend, error) != 0) {
        return -1;
    }
    /* The last kinds first, as they may refer to documents of the first ones. */
    for (amend->kind = amend->migration->kind_count; amend->kind-- > 0;) {
        if (amend_kind(amend, error) != 0) {
            return -1;
        }
    }
    if (amend->unsettled > 0) {
        return error_set(
            error, ERROR_TARGET, "the outcome of %lld %s could not be looked up (%s)",
            (long long)amend->unsettled,
            noun_of(amend->unsettled, "record is not known: it", "records is not known: they"),
            amend->loop.last_failure);
    }
    return 0;
}

static int run(const struct migration *migration, const struct amendment *amendment,
               const struct amend_settings *settings, struct session *session,
               struct workspace *workspace, int64_t *kept, struct error *error) {
    struct amend amend = {.migration = migration,
                          .amendment = amendment,
                          .settings = settings,
                          .loop = {.migration = migration,
                                   .purpose = amendment->purpose,
                                   .context = &amend,
                                   .feed = feed,
                                   .settle = settle,
                                   .release = release}};
    int rc = loop_open(&amend.loop, &settings->loop, session, workspace, error);
    amend.journal = amend.loop.dispatch.journal;
    rc = rc == 0 ? amend_all(&amend, error) : -1;
    *kept = amend.kept;
    loop_close(&amend.loop);
    summary_free(&amend.begun);
    return rc;
}

int amend_update(const struct migration *migration, const struct amend_settings *settings,
                 struct session *session, struct workspace *workspace, struct error *error) {
    int64_t kept;
    return run(migration, &update, settings, session, workspace, &kept, error);
}

int amend_undo(const struct migration *migration, const struct amend_settings *settings,
               struct session *session, struct workspace *workspace, int64_t *kept,
               struct error *error) {
    return run(migration, &undo, settings, session, workspace, kept, error);
}
