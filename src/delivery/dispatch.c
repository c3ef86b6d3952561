#define _POSIX_C_SOURCE 200809L /* nanosleep */
#include "delivery/dispatch.h"

#include <time.h>

#include "base/clock.h"
#include "delivery/backoff.h"

void task_list_append(struct task_list *list, struct task *task) {
    task->next = NULL;
    if (list->last == NULL) {
        list->first = task;
    } else {
        list->last->next = task;
    }
    list->last = task;
    list->count++;
    list->bytes += task->body.length;
}

struct task *task_list_take(struct task_list *list) {
    struct task *task = list->first;
    if (task != NULL) {
        list->first = task->next;
        list->last = list->first == NULL ? NULL : list->last;
        list->count--;
        list->bytes -= task->body.length;
    }
    return task;
}

/* A task whose exchange has not started yet; NULL where there is none. */
static struct task *take_waiting(struct dispatch *dispatch) {
    struct task *task = task_list_take(&dispatch->ready);
    task = task != NULL ? task : task_list_take(&dispatch->delayed);
    return task != NULL ? task : task_list_take(&dispatch->settling);
}

void dispatch_free(struct dispatch *dispatch) {
    struct task *task;
    if (dispatch->in_flight_count > 0) {
        session_abandon(dispatch->session);
    }
    while (dispatch->in_flight_count > 0) {
        task_free(dispatch->in_flight[--dispatch->in_flight_count]);
    }
    while ((task = take_waiting(dispatch)) != NULL) {
        task_free(task);
    }
}

void dispatch_add(struct dispatch *dispatch, struct task *task) {
    task_list_append(&dispatch->ready, task);
}

void dispatch_add_first(struct dispatch *dispatch, struct task *task) {
    struct task_list *ready = &dispatch->ready;
    task->next = ready->first;
    ready->first = task;
    if (ready->last == NULL) {
        ready->last = task;
    }
    ready->count++;
    ready->bytes += task->body.length;
}

void dispatch_delay(struct dispatch *dispatch, struct task *task) {
    task->due = clock_now() + backoff_delay(task->tries, &dispatch->jitter);
    task_list_append(&dispatch->delayed, task);
}

void dispatch_settle(struct dispatch *dispatch, struct task *task, int64_t due) {
    task->due = due;
    task_unload(task);
    task_list_append(&dispatch->settling, task);
}

/* Moves the delayed tasks that are due to the ready ones; returns when the next one is due, or -1
 * where none is delayed. */
static int64_t wake_list(struct dispatch *dispatch, struct task_list *list) {
    struct task_list still = {0};
    struct task *task;
    int64_t now = clock_now();
    int64_t next = -1;
    while ((task = task_list_take(list)) != NULL) {
        if (task->due <= now) {
            dispatch_add(dispatch, task);
            continue;
        }
        if (next < 0 || task->due < next) {
            next = task->due;
        }
        task_list_append(&still, task);
    }
    *list = still;
    return next;
}

static int64_t wake(struct dispatch *dispatch) {
    int64_t delayed_until = wake_list(dispatch, &dispatch->delayed);
    int64_t settling_until = wake_list(dispatch, &dispatch->settling);
    return delayed_until < 0 || (settling_until >= 0 && settling_until < delayed_until)
               ? settling_until
               : delayed_until;
}

static bool has_delayed(const struct dispatch *dispatch) {
    return dispatch->delayed.count > 0 || dispatch->settling.count > 0;
}

int dispatch_start(struct dispatch *dispatch, struct task_list *impossible, struct error *error) {
    if (has_delayed(dispatch)) {
        wake(dispatch);
    }
    while (dispatch->ready.count > 0 &&
           pace_take(&dispatch->pace, dispatch->in_flight_count, clock_now())) {
        struct task *task = task_list_take(&dispatch->ready);
        int rc = task_load(task, dispatch->journal, error) == 0 ? task_prepare(task, error) : -1;
        if (rc == 0) {
            task_list_append(impossible, task);
            continue;
        }
        if (rc < 0 || session_send(dispatch->session, &task->exchange, error) != 0) {
            dispatch_add(dispatch, task);
            return -1;
        }
        task->posts += task->exchange.method[0] != 'G';
        dispatch->in_flight[dispatch->in_flight_count++] = task;
    }
    return 0;
}

/* The task of an exchange that has ended, which is not in flight any more; NULL where none has. */
static struct task *land(struct dispatch *dispatch, const struct exchange *exchange) {
    for (size_t i = 0; exchange != NULL && i < dispatch->in_flight_count; i++) {
        struct task *task = dispatch->in_flight[i];
        if (&task->exchange == exchange) {
            dispatch->in_flight[i] = dispatch->in_flight[--dispatch->in_flight_count];
            task_mask_secrets(task);
            return task;
        }
    }
    return NULL;
}

/* A signal ends the pause early; that is intended. */
static void pause_for(int64_t milliseconds) {
    struct timespec pause = {.tv_sec = (time_t)(milliseconds / 1000),
                             .tv_nsec = (long)(milliseconds % 1000) * 1000000};
    nanosleep(&pause, NULL);
}

struct task *dispatch_wait(struct dispatch *dispatch, int timeout_ms) {
    int64_t pause_ms = timeout_ms;
    if (has_delayed(dispatch) && timeout_ms > 0) {
        int64_t due = wake(dispatch);
        int64_t rest_ms = due < 0 ? 0 : (due - clock_now()) / CLOCK_MILLISECOND + 1;
        pause_ms = rest_ms < pause_ms ? (rest_ms < 0 ? 0 : rest_ms) : pause_ms;
    }
    int64_t held_ms = (pace_next(&dispatch->pace) - clock_now()) / CLOCK_MILLISECOND + 1;
    if (dispatch->ready.count > 0 && held_ms > 0 && held_ms < pause_ms) {
        pause_ms = held_ms;
    }
    if (dispatch->in_flight_count == 0) {
        bool is_held = dispatch->ready.count > 0 ? held_ms > 0 : has_delayed(dispatch);
        if (is_held && pause_ms > 0) {
            pause_for(pause_ms);
        }
        return NULL;
    }
    return land(dispatch, session_wait(dispatch->session, (int)pause_ms));
}

struct task *dispatch_take_ended(struct dispatch *dispatch) {
    return land(dispatch, session_take(dispatch->session));
}
