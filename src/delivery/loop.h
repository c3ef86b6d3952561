/* The loop that apply and verify share: feed tasks, keep exchanges under way, settle what comes
 * back, make it durable, and stop when there is a reason to.
 *
 * Durability: settling writes into an open transaction; loop_run() commits it often, and only then
 * counts what it holds. What is turned away may be one record's fault: once nothing is under way, a
 * probe of the target decides whether only that record is refused, or whether to stop.
 *
 * A document that is marked for sending waits in `marked` until the mark is durable, and is sent
 * only then.
 *
 * The caller sets the first fields, starts from `{0}` otherwise, and calls loop_open(), and
 * loop_close() in any case. */
#ifndef ROWPOST_DELIVERY_LOOP_H
#define ROWPOST_DELIVERY_LOOP_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "base/progress.h"
#include "delivery/dispatch.h"
#include "delivery/judge.h"
#include "delivery/loop_settings.h"
#include "delivery/settlement.h"
#include "workspace/state.h"
#include "workspace/workspace.h"

struct loop {
    const struct migration *migration; /* borrowed */
    enum purpose purpose;              /* of an attempt that is not the post itself */
    void *context;

    /* Adds tasks by loop_mark() or dispatch_add() while there are few; returns how many it has
     * added, 0 where there are none left, -1 with the error. */
    int (*feed)(void *context, size_t wanted, struct error *error);

    /* Settles a task whose exchange has ended and was judged: frees it, or adds it again. The
     * attempt has been written, into the transaction that is open. */
    int (*settle)(void *context, struct task *task, enum judgement judgement,
                  const struct answer *answer, struct error *error);

    /* Settles a task that cannot be sent, or that is left when the loop ends: frees it. */
    int (*release)(void *context, struct task *task, struct error *error);

    /* Of loop_open(). */
    struct workspace *workspace; /* borrowed */
    struct metrics *metrics;     /* borrowed; or NULL */
    struct dispatch dispatch;
    int64_t give_up_after;
    struct settlement settlement;

    struct task_list marked;
    struct task_list impossible;
    struct task_list turned_away; /* wait for the probe that shows why */
    int turned_away_running;      /* how many in a row, with none accepted in between */
    struct progress progress;
    uint64_t retries;   /* requests of this kind that gave no usable answer */
    uint64_t finished;  /* settled documents, committed or not */
    uint64_t parts;     /* parts of documents that were read, where the progress counts them */
    size_t changes;     /* what the open transaction holds */
    int64_t opened;     /* when it was opened, or 0 */
    int64_t last_heard; /* when an answer could last be used */
    size_t batch;       /* how many documents may wait to be sent, at most */
    size_t fed;         /* since the batch was adapted last */
    int64_t last_adapted;
    char last_failure[240];
    bool has_lost_metrics; /* it was reported that they cannot be written */
    bool has_paused;       /* after failures, and there was no usable answer since */
    bool is_exhausted;     /* nothing is left to be fed */
    bool is_stopped;
    struct error reason; /* why it was stopped */
};

/* Opens the workspace's journal, which is the dispatch's. 0, or -1 with the error. */
int loop_open(struct loop *loop, const struct loop_settings *settings, struct session *session,
              struct workspace *workspace, struct error *error);

/* Works until nothing is left, or until it is stopped: 0, or -1 with the reason. Then all that was
 * settled is durable, and nothing is under way any more. Also -1 where an error occurs, such as a
 * full disk; then loop_close() drops the open transaction and what is under way, and these
 * documents are looked up later. */
int loop_run(struct loop *loop, const char *label, uint64_t total, struct error *error);
void loop_close(struct loop *loop);

/* How many bytes of bodies the next documents may bring along, in addition to those that already
 * wait. The bodies of the others are loaded when their request is sent. */
size_t loop_room_for_bodies(const struct loop *loop);

/* Opens the transaction if it is not open; what is written next belongs to it. */
int loop_write(struct loop *loop, struct error *error);

/* What an earlier run left as being sent becomes unknown, durably. Reports it. */
int loop_recover(struct loop *loop, int64_t sending, struct error *error);

/* The answer to the task's request was lost: from now on the document is unknown. */
int loop_doubt(struct loop *loop, struct task *task, struct error *error);

/* Whether the result of the task's look-up may still change because the target may still work on a
 * lost request. 1: it may, and the task was taken over, to be looked up again; 0: it is final; -1:
 * the error. */
int loop_await_settlement(struct loop *loop, struct task *task, struct error *error);

/* The task is sent once the open transaction is durable. */
void loop_mark(struct loop *loop, struct task *task);

/* Writes the attempt and has the task settled, as it was judged. For turned_away.h. */
int loop_settle(struct loop *loop, struct task *task, enum judgement judgement,
                const struct answer *answer, struct error *error);

/* Nothing more is sent; the exchanges under way are awaited. The first reason counts. */
void loop_stop(struct loop *loop, enum error_code code, const char *message);

#endif
