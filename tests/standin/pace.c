#define _POSIX_C_SOURCE 200809L
#include "pace.h"

#include <limits.h>
#include <stdlib.h>
#include <time.h>

static const long long HELD = LLONG_MAX;

struct pace {
    int workers;
    int busy;
    struct request **waiting; /* in no order: they are few */
    size_t count;
    size_t room;
    struct request *queue_first;
    struct request *queue_last;
};

long long pace_now(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (long long)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

struct pace *pace_new(int workers) {
    struct pace *pace = calloc(1, sizeof *pace);
    if (pace != NULL) {
        pace->workers = workers;
    }
    return pace;
}

void pace_free(struct pace *pace) {
    if (pace != NULL) {
        free(pace->waiting);
        free(pace);
    }
}

void pace_wait(struct pace *pace, struct request *request, long milliseconds) {
    if (pace->count == pace->room) {
        pace->room = pace->room == 0 ? 64 : pace->room * 2;
        pace->waiting = realloc(pace->waiting, pace->room * sizeof(struct request *));
        if (pace->waiting == NULL) {
            abort();
        }
    }
    request->due = milliseconds == PACE_HELD ? HELD : pace_now() + milliseconds + 1;
    pace->waiting[pace->count++] = request;
    MHD_suspend_connection(request->connection);
}

int pace_take_worker(struct pace *pace, struct request *request) {
    if (pace->busy < pace->workers) {
        pace->busy++;
        request->holds_worker = true;
        return 0;
    }
    request->next = NULL;
    if (pace->queue_last == NULL) {
        pace->queue_first = request;
    } else {
        pace->queue_last->next = request;
    }
    pace->queue_last = request;
    MHD_suspend_connection(request->connection);
    return 1;
}

static struct request *leave_queue(struct pace *pace) {
    struct request *first = pace->queue_first;
    if (first != NULL) {
        pace->queue_first = first->next;
        if (pace->queue_first == NULL) {
            pace->queue_last = NULL;
        }
        first->next = NULL;
    }
    return first;
}

void pace_leave_worker(struct pace *pace, struct request *request) {
    if (!request->holds_worker) {
        return;
    }
    request->holds_worker = false;
    struct request *next = leave_queue(pace);
    if (next == NULL) {
        pace->busy--;
        return;
    }
    next->holds_worker = true;
    MHD_resume_connection(next->connection);
}

int pace_idle(const struct pace *pace, int longest) {
    if (pace->count == 0) {
        return longest;
    }
    long long now = pace_now();
    long long idle = longest;
    for (size_t i = 0; i < pace->count; i++) {
        long long left = pace->waiting[i]->due - now;
        idle = left < idle ? left : idle;
    }
    return idle < 0 ? 0 : (int)idle;
}

/* Wakes what is due from `first` to `last`. */
static void wake_between(struct pace *pace, long long first, long long last) {
    for (size_t i = 0; i < pace->count;) {
        struct request *request = pace->waiting[i];
        if (request->due < first || request->due > last) {
            i++;
            continue;
        }
        pace->waiting[i] = pace->waiting[--pace->count];
        MHD_resume_connection(request->connection);
    }
}

void pace_wake_due(struct pace *pace) {
    if (pace->count > 0) {
        wake_between(pace, 0, pace_now());
    }
}

void pace_wake_held(struct pace *pace) {
    wake_between(pace, HELD, HELD);
}

void pace_wake_all(struct pace *pace) {
    struct request *request;
    while ((request = leave_queue(pace)) != NULL) {
        MHD_resume_connection(request->connection);
    }
    wake_between(pace, 0, HELD);
}

void pace_drop_all(struct pace *pace) {
    for (struct request *request = pace->queue_first; request != NULL; request = request->next) {
        request->is_dropped = true;
    }
    for (size_t i = 0; i < pace->count; i++) {
        pace->waiting[i]->is_dropped = true;
    }
    pace_wake_all(pace);
}

int pace_busy(const struct pace *pace) {
    return pace->busy;
}
