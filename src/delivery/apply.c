#include "delivery/apply.h"

#include <stdlib.h>

#include "base/noun.h"
#include "delivery/apply_private.h"
#include "delivery/strangers.h"
#include "workspace/chosen.h"
#include "workspace/journal_records.h"

/* How many documents of the kind are to be sent or looked up; a damaged workspace may lack the
 * kind. -1 with the error. */
static int64_t count_open(struct apply *apply, struct error *error) {
    int64_t open = 0;
    if (apply->is_limited) {
        return chosen_count(apply->loop.workspace, apply->kind, &open, error) == 0 ? open : -1;
    }
    if (apply->kind < apply->begun.kind_count) {
        open = summary_count_open(&apply->begun.kinds[apply->kind]);
    }
    return open;
}

static struct strangers strangers_of(const struct apply *apply) {
    return (struct strangers){.migration = apply->migration,
                              .workspace = apply->loop.workspace,
                              .session = apply->loop.dispatch.session,
                              .timeout = apply->loop.give_up_after};
}

static int find_strangers(const struct apply *apply, struct error *error) {
    const struct strangers strangers = strangers_of(apply);
    int rc = 0;
    for (size_t kind = 0; kind < apply->migration->kind_count && rc == 0; kind++) {
        rc = strangers_find(&strangers, kind, error);
    }
    return rc;
}

static int apply_kind(struct apply *apply, struct error *error) {
    const struct strangers strangers = strangers_of(apply);
    int64_t open = count_open(apply, error);
    if (open <= 0) {
        return open == 0 ? 0 : -1;
    }
    int has_order = journal_has_order(apply->journal, apply->kind, error);
    if (has_order < 0 || strangers_list_before(&strangers, apply->kind, error) != 0) {
        return -1;
    }
    apply->has_order = has_order == 1;
    apply->last_unknown = 0;
    apply->last_pending = 0;
    apply->is_proven = !apply_kind_of(apply)->is_tried_first;
    if (loop_run(&apply->loop, apply_kind_of(apply)->name, (uint64_t)open, error) != 0) {
        return -1;
    }
    bool may_come =
        apply->left_unknown > 0 || summary_count_ever(&apply->begun, STATE_HANDED_OUT) > 0;
    return may_come ? 0 : apply_hold_rest(apply, error);
}

/* Runs a step as a transaction of its own. */
static int run_step(struct apply *apply, int (*step)(struct journal *, struct error *),
                    struct error *error) {
    return workspace_begin(apply->loop.workspace, error) == 0 && step(apply->journal, error) == 0
               ? journal_commit(apply->journal, error)
               : -1;
}

/* What a crash left as being sent becomes unknown; waiting documents are tried again, and so may be
 * refused ones. */
static int restore(struct apply *apply, int64_t sending, struct error *error) {
    if ((sending > 0 && loop_recover(&apply->loop, sending, error) != 0) ||
        run_step(apply, journal_retry_waiting, error) != 0 ||
        (apply->settings->retry_refused && run_step(apply, journal_retry_refused, error) != 0)) {
        return -1;
    }
    summary_free(&apply->begun);
    return summary_load_figures(apply->loop.workspace, &apply->begun, error);
}

static int begin(struct apply *apply, struct error *error) {
    if (summary_load_figures(apply->loop.workspace, &apply->begun, error) != 0) {
        return -1;
    }
    int64_t sending = summary_count_ever(&apply->begun, STATE_SENDING);
    int64_t waiting = summary_count_ever(&apply->begun, STATE_WAITING);
    return sending > 0 || waiting > 0 || apply->settings->retry_refused
               ? restore(apply, sending, error)
               : 0;
}

static int ask(struct apply *apply, struct error *error) {
    int64_t *open = calloc(apply->migration->kind_count, sizeof *open);
    if (open == NULL) {
        return error_set_no_memory(error);
    }
    int rc = 0;
    for (apply->kind = 0; apply->kind < apply->migration->kind_count && rc == 0; apply->kind++) {
        open[apply->kind] = count_open(apply, error);
        rc = open[apply->kind] < 0 ? -1 : 0;
    }
    if (rc == 0) {
        rc = apply->settings->confirm(apply->settings->confirm_context, open, error);
    }
    free(open);
    return rc;
}

static int apply_all(struct apply *apply, struct error *error) {
    if (begin(apply, error) != 0) {
        return -1;
    }
    apply->is_limited = choice_is_limited(&apply->settings->choice);
    if (apply->is_limited && choose_documents(apply->migration, &apply->settings->choice,
                                              apply->loop.workspace, error) != 0) {
        return -1;
    }
    if (apply->settings->confirm != NULL && ask(apply, error) != 0) {
        return -1;
    }
    /* Documents refer to documents of earlier kinds: the target would drop references to missing
     * ones. */
    for (apply->kind = 0; apply->kind < apply->migration->kind_count && apply->left_unknown == 0;
         apply->kind++) {
        if (apply_kind(apply, error) != 0) {
            return -1;
        }
    }
    if (apply->left_unknown > 0) {
        return error_set(
            error, ERROR_TARGET, "%lld %s may be on the target and could not be looked up (%s)",
            (long long)apply->left_unknown, noun_of(apply->left_unknown, "document", "documents"),
            apply->loop.last_failure);
    }
    return find_strangers(apply, error);
}

int apply_run(const struct migration *migration, const struct apply_settings *settings,
              struct session *session, struct workspace *workspace, struct error *error) {
    struct apply apply = {.migration = migration,
                          .settings = settings,
                          .loop = {.migration = migration,
                                   .purpose = PURPOSE_LOOK_UP,
                                   .context = &apply,
                                   .feed = apply_feed,
                                   .settle = apply_settle,
                                   .release = apply_release}};
    int rc = loop_open(&apply.loop, &settings->loop, session, workspace, error);
    apply.journal = apply.loop.dispatch.journal;
    rc = rc == 0 ? apply_all(&apply, error) : -1;
    struct task *task;
    while ((task = task_list_take(&apply.fresh)) != NULL) {
        task_free(task); /* the workspace has failed, or memory */
    }
    loop_close(&apply.loop);
    summary_free(&apply.begun);
    return rc;
}
