#define _POSIX_C_SOURCE 200809L
#include "late.h"

#include "pace.h"
#include "route.h"

#include <limits.h>
#include <stdlib.h>

struct late {
    struct request *first; /* in no order: they are few */
    size_t count;
};

struct late *late_new(void) {
    return calloc(1, sizeof(struct late));
}

void late_reset(struct late *late) {
    while (late->first != NULL) {
        struct request *request = late->first;
        late->first = request->next;
        request_free(request);
    }
    late->count = 0;
}

void late_free(struct late *late) {
    if (late != NULL) {
        late_reset(late);
        free(late);
    }
}

/* The request again, without a connection. */
static struct request *copy(const struct request *request) {
    struct request *copied = calloc(1, sizeof *copied);
    if (copied == NULL) {
        abort();
    }
    request_set_uri(copied, request->uri.data);
    text_add(&copied->body, request->body.data, request->body.size);
    copied->method = request->route->method;
    copied->route = request->route;
    for (int i = 0; i < REQUEST_ARGUMENTS; i++) {
        text_add(&copied->arguments[i], request->arguments[i].data, request->arguments[i].size);
    }
    return copied;
}

void late_take(struct late *late, struct standin *standin, struct request *request,
               long milliseconds) {
    if (request->route->finish != NULL &&
        request->route->handle(standin, request) == OUTCOME_ANSWERED) {
        return;
    }
    struct request *taken = copy(request);
    taken->document = request->document;
    request->document = NULL;
    taken->due = milliseconds < 0 ? LLONG_MAX : pace_now() + milliseconds;
    taken->next = late->first;
    late->first = taken;
    late->count++;
}

void late_release(struct late *late) {
    for (struct request *request = late->first; request != NULL; request = request->next) {
        request->due = request->due == LLONG_MAX ? 0 : request->due;
    }
}

size_t late_count(const struct late *late) {
    return late->count;
}

int late_idle(const struct late *late, int longest) {
    long long idle = longest;
    for (const struct request *request = late->first; request != NULL; request = request->next) {
        long long left = request->due - pace_now();
        idle = left < idle ? left : idle;
    }
    return idle < 0 ? 0 : (int)idle;
}

static void carry_out(struct standin *standin, struct request *request) {
    if (request->document != NULL) {
        request->route->finish(standin, request);
    } else {
        request->route->handle(standin, request);
    }
    request_free(request);
}

void late_work(struct late *late, struct standin *standin) {
    long long now = pace_now();
    for (struct request **link = &late->first; *link != NULL;) {
        struct request *request = *link;
        if (request->due > now) {
            link = &request->next;
            continue;
        }
        *link = request->next;
        late->count--;
        carry_out(standin, request);
    }
}
