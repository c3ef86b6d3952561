#include "delivery/amend.h"

#include <string.h>

#include "base/clock.h"
#include "delivery/judge.h"
#include "delivery/loop.h"
#include "workspace/journal.h"
#include "workspace/summary.h"

enum { MOST_TRIES = 6, MOST_CHANGES = 3 };

struct amend;

/* In what the two differ. */
struct amendment {
    enum state states[2]; /* of the documents that it is for, one after the other */
    size_t state_count;
    enum selection_rule rule;
    enum task_step change;
    enum purpose purpose;
    bool (*is_possible)(const struct migration_kind *kind);
    int (*settle_found)(struct amend *amend, struct task *task, enum judgement judgement,
                        struct error *error);
};

struct amend {
    const struct migration *migration;
    const struct amendment *amendment;
    const struct amend_settings *settings;
    struct journal *journal;
    struct loop loop;
    struct summary begun; /* where the documents were when it began */
    size_t kind;
    size_t pass; /* which of the states */
    int64_t last;
    int64_t left;
};

static int take(void *context, int64_t document, struct span key, struct span body,
                struct error *error) {
    struct amend *amend = context;
    struct task *task = task_create(&amend->migration->kinds[amend->kind], STEP_LOOK_UP, document,
                                    key, body, error);
    if (task == NULL) {
        return -1;
    }
    amend->last = document;
    dispatch_add(&amend->loop.dispatch, task);
    return 0;
}

static int feed(void *context, size_t wanted, struct error *error) {
    struct amend *amend = context;
    const struct selection selection = {.rule = amend->amendment->rule,
                                        .state = amend->amendment->states[amend->pass],
                                        .kind = amend->kind,
                                        .key = span_of(amend->settings->key),
                                        .after = amend->last,
                                        .bodies = loop_room_for_bodies(&amend->loop)};
    return journal_select(amend->journal, &selection, wanted, take, amend, error);
}

static int release(void *context, struct task *task, struct error *error) {
    (void)context;
    (void)error;
    task_free(task);
    return 0;
}

static int finish(struct amend *amend, struct task *task, enum state state, struct error *error) {
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

/* A change leaves once it is durable that the record may be another from now on. */
static int change(struct amend *amend, struct task *task, enum state meanwhile,
                  struct error *error) {
    task->step = amend->amendment->change;
    task->tries = 0;
    loop_mark(&amend->loop, task);
    return journal_set_state(amend->journal, task->document, meanwhile, error);
}

static bool has_updatable_finding(const struct task *task) {
    for (const struct finding *finding = task->findings; finding != NULL; finding = finding->next) {
        if (task->kind->can_update(finding->field)) {
            return true;
        }
    }
    return false;
}

static int settle_update(struct amend *amend, struct task *task, enum judgement judgement,
                         struct error *error) {
    switch (judgement) {
    case JUDGED_EQUAL:
        task_forget_findings(task);
        return finish(amend, task, STATE_PRESENT, error);
    case JUDGED_MISSING:
        task_forget_findings(task);
        return finish(amend, task, STATE_PENDING, error);
    case JUDGED_DIFFERENT:
        if (task->step == STEP_LOOK_UP && task->posts < MOST_CHANGES &&
            task->target_id.length > 0 && has_updatable_finding(task)) {
            return change(amend, task, STATE_DIFFERENT, error);
        }
        return finish(amend, task, STATE_DIFFERENT, error);
    default:
        return finish(amend, task, STATE_DIFFERENT, error);
    }
}

/* Only the very record that this workspace made is removed: not one that somebody has made under
 * the same name since. */
static int settle_undo(struct amend *amend, struct task *task, enum judgement judgement,
                       struct error *error) {
    struct text made = {0};
    if (judgement == JUDGED_MISSING) {
        task_forget_findings(task);
        return finish(amend, task, STATE_PENDING, error);
    }
    int rc = journal_load_target_id(amend->journal, task->document, &made, error);
    bool is_ours =
        rc == 0 && (made.length == 0 || span_equal(text_span(&made), text_span(&task->target_id)));
    text_free(&made);
    if (rc != 0) {
        task_free(task);
        return -1;
    }
    if (is_ours && task->posts < MOST_CHANGES) {
        return change(amend, task, STATE_UNKNOWN, error);
    }
    amend->left++;
    amend->loop.finished++;
    task_free(task);
    return 0;
}

static bool can_be_updated(const struct migration_kind *kind) {
    return kind->build_update != NULL;
}

static bool can_be_removed(const struct migration_kind *kind) {
    return kind->build_removal_path != NULL;
}

static const struct amendment update = {.states = {STATE_DIFFERENT},
                                        .state_count = 1,
                                        .rule = SELECT_PLANNED,
                                        .change = STEP_UPDATE,
                                        .purpose = PURPOSE_UPDATE,
                                        .is_possible = can_be_updated,
                                        .settle_found = settle_update};
static const struct amendment undo = {.states = {STATE_UNKNOWN, STATE_DELIVERED},
                                      .state_count = 2,
                                      .rule = SELECT_EVER,
                                      .change = STEP_REMOVE,
                                      .purpose = PURPOSE_UNDO,
                                      .is_possible = can_be_removed,
                                      .settle_found = settle_undo};

/* Whatever became of a change without a usable answer, the record shows. */
static int look_again(struct amend *amend, struct task *task, bool is_resting) {
    if (task->step == amend->amendment->change) {
        task->step = STEP_LOOK_UP;
        task->tries = 0;
    }
    if (!is_resting) {
        dispatch_add(&amend->loop.dispatch, task);
        return 0;
    }
    task->tries++;
    if (task->tries > MOST_TRIES) {
        amend->left++;
        task_free(task);
        return 0;
    }
    dispatch_rest(&amend->loop.dispatch, task);
    return 0;
}

static int settle(void *context, struct task *task, enum judgement judgement,
                  const struct answer *answer, struct error *error) {
    struct amend *amend = context;
    switch (judgement) {
    case JUDGED_NOT_TAKEN:
    case JUDGED_UNCERTAIN:
        return look_again(amend, task, true);
    case JUDGED_MORE:
        return look_again(amend, task, false);
    case JUDGED_SIGN_IN:
        loop_stop(&amend->loop, ERROR_SESSION, answer->message);
        return release(amend, task, error);
    case JUDGED_MISDIRECTED:
        loop_stop(&amend->loop, ERROR_TARGET, answer->message);
        return release(amend, task, error);
    default:
        return amend->amendment->settle_found(amend, task, judgement, error);
    }
}

static int amend_kind(struct amend *amend, struct error *error) {
    const struct migration_kind *kind = &amend->migration->kinds[amend->kind];
    const struct amendment *amendment = amend->amendment;
    const char *only = amend->settings->only;
    if (amend->kind >= amend->begun.kind_count || !amendment->is_possible(kind) ||
        (only != NULL && strcmp(only, kind->name) != 0)) {
        return 0;
    }
    for (amend->pass = 0; amend->pass < amendment->state_count; amend->pass++) {
        int64_t count = amend->begun.kinds[amend->kind].ever[amendment->states[amend->pass]];
        amend->last = 0;
        if (count > 0 && loop_run(&amend->loop, kind->name, (uint64_t)count, error) != 0) {
            return -1;
        }
    }
    return 0;
}

static int amend_all(struct amend *amend, struct error *error) {
    if (summary_load_figures(amend->loop.workspace, &amend->begun, error) != 0) {
        return -1;
    }
    /* The last kinds first, as they may name what the first ones hold. */
    for (amend->kind = amend->migration->kind_count; amend->kind-- > 0;) {
        if (amend_kind(amend, error) != 0) {
            return -1;
        }
    }
    if (amend->left > 0) {
        return error_set(error, ERROR_TARGET,
                         "%lld records could not be settled, or are not the ones that were made "
                         "here; they were left as they are",
                         (long long)amend->left);
    }
    return 0;
}

static int run(const struct migration *migration, const struct amendment *amendment,
               const struct amend_settings *settings, struct session *session,
               struct workspace *workspace, struct error *error) {
    struct journal *journal = journal_open(workspace, error);
    if (journal == NULL) {
        return -1;
    }
    struct amend amend = {
        .migration = migration, .amendment = amendment, .settings = settings, .journal = journal};
    amend.loop = (struct loop){
        .workspace = workspace,
        .metrics = settings->metrics,
        .dispatch = {.session = session, .journal = journal, .jitter = (uint64_t)clock_now() | 1},
        .give_up_after = settings->give_up_after,
        .purpose = amendment->purpose,
        .context = &amend,
        .feed = feed,
        .settle = settle,
        .release = release};
    pace_begin(&amend.loop.dispatch.pace, settings->jobs, settings->rate);
    int rc = amend_all(&amend, error);
    loop_close(&amend.loop);
    summary_free(&amend.begun);
    journal_close(journal);
    return rc;
}

int amend_update(const struct migration *migration, const struct amend_settings *settings,
                 struct session *session, struct workspace *workspace, struct error *error) {
    return run(migration, &update, settings, session, workspace, error);
}

int amend_undo(const struct migration *migration, const struct amend_settings *settings,
               struct session *session, struct workspace *workspace, struct error *error) {
    return run(migration, &undo, settings, session, workspace, error);
}
