/* A running delivery, and how documents are fed to it. */
#ifndef ROWPOST_DELIVERY_APPLY_PRIVATE_H
#define ROWPOST_DELIVERY_APPLY_PRIVATE_H

#include "delivery/apply.h"
#include "delivery/creation.h"
#include "delivery/loop.h"
#include "workspace/journal.h"
#include "workspace/summary.h"

struct apply {
    const struct migration *migration;
    struct journal *journal;
    struct loop loop;
    size_t kind;
    const struct apply_settings *settings;
    struct summary begun; /* where the documents were when it began */
    bool is_limited;      /* to the chosen documents (workspace/chosen.h) */
    bool has_order;       /* documents of the kind may have to wait for others */
    struct creation_clock clock;
    int64_t last_unknown; /* the documents up to these have been fed, or wait for others; */
    int64_t last_pending; /* INT64_MAX: all */
    int64_t last_freed;
    struct task_list fresh; /* selected, and not yet marked as being sent */
    int64_t left_unknown;
    bool is_proven; /* a look-up has found a record of the kind, or need not (apply_trial.c) */
};

/* The current kind. */
static inline const struct migration_kind *apply_kind_of(const struct apply *apply) {
    return &apply->migration->kinds[apply->kind];
}

/* Of the loop (loop.h): what is unknown since an earlier run first, then what is pending, which is
 * marked as being sent, or looked up before. */
int apply_feed(void *context, size_t wanted, struct error *error);

/* Of the loop: what the answer means for the document, which continues or ends. */
int apply_settle(void *context, struct task *task, enum judgement judgement,
                 const struct answer *answer, struct error *error);

/* Of the loop: a document that has not left goes back to where it was. */
int apply_release(void *context, struct task *task, struct error *error);

/* A document is settled: documents that waited for it are sent, or wait for the rest of this
 * run. */
int apply_free_followers(struct apply *apply, int64_t document, struct error *error);

/* ---- apply_trial.c ---- */

/* How many of the wanted documents may be fed: one at a time until a record was found. Those that
 * wait for a lost request do not count. */
size_t apply_trial_room(const struct apply *apply, size_t wanted);

/* A document has ended, or waits for a lost request: if it was a trial, there may be another one.
 */
void apply_end_trial(struct apply *apply);

/* A look-up has found a record of the kind. */
void apply_prove(struct apply *apply);

/* The look-up has found a record that is not the one of the answer to the post. */
bool apply_finds_another(const struct task *task);

/* The record was made, and the look-up does not find it. 1: the target may show it yet, and the
 * task was taken over, to be looked up again; 0: that is final; -1: the error. */
int apply_repeat_trial(struct apply *apply, struct task *task, struct error *error);

/* The record was made, and is not found: stops the loop with the reason. 0, or -1 with the error.
 */
int apply_fail_trial(struct apply *apply, struct task *task, struct error *error);

/* ---- apply_feed.c ---- */

/* The loop has ended, and nothing is unknown or handed out: documents that are still pending wait
 * for each other, as a later plan has put one before another that it had to follow. They wait with
 * the reason. */
int apply_hold_rest(struct apply *apply, struct error *error);

#endif
