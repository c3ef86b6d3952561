/* Keeps a number of exchanges under way: starts tasks that are ready, delays tasks until they are
 * due, and hands back each task whose exchange has ended.
 *
 * Every task that is added belongs to the dispatch until it is handed back; dispatch_free() frees
 * those that are left. */
#ifndef ROWPOST_DELIVERY_DISPATCH_H
#define ROWPOST_DELIVERY_DISPATCH_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "delivery/pace.h"
#include "delivery/task.h"
#include "http/session.h"
#include "workspace/journal.h"

struct task_list {
    struct task *first;
    struct task *last;
    size_t count;
    size_t bytes; /* of their bodies; none is loaded while its task is in a list */
};

void task_list_append(struct task_list *list, struct task *task);
struct task *task_list_take(struct task_list *list); /* NULL where it is empty */

struct dispatch {
    struct session *session; /* borrowed */
    struct journal *journal; /* borrowed */
    struct pace pace;        /* how many exchanges at a time */
    struct task *in_flight[PACE_MOST_JOBS];
    size_t in_flight_count;
    struct task_list ready;
    struct task_list delayed;
    struct task_list settling; /* are delayed, too, and block no others */
    uint64_t jitter;
};

/* Aborts what is under way and frees every task. */
void dispatch_free(struct dispatch *dispatch);

/* The task's next exchange may start now: after the others, or before them. */
void dispatch_add(struct dispatch *dispatch, struct task *task);
void dispatch_add_first(struct dispatch *dispatch, struct task *task);

/* It may start after a pause that depends on the task's failed attempts. */
void dispatch_delay(struct dispatch *dispatch, struct task *task);

/* It may start at that clock time. Its body is freed until then. */
void dispatch_settle(struct dispatch *dispatch, struct task *task, int64_t due);

/* Starts as many exchanges as the pace allows. Tasks for whose look-up there is no path are
 * put on `impossible`. */
int dispatch_start(struct dispatch *dispatch, struct task_list *impossible, struct error *error);

/* Waits for an exchange to end, at most `timeout_ms`, and at most until a delayed task is due; does
 * not wait where there is no task. NULL where none ended. */
struct task *dispatch_wait(struct dispatch *dispatch, int timeout_ms);

/* Another task whose exchange had ended by the last wait, or NULL. */
struct task *dispatch_take_ended(struct dispatch *dispatch);

#endif
