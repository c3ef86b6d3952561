/*
 * Which handler answers which method and path.
 *
 * A pattern is a path whose segments may be `*`, which matches one segment without a '/'. As in the
 * real server a path that lacks only its last '/' is redirected, and percent-encoding is undone
 * before the paths are compared, so that a name with a '/' in it finds no route. */
#ifndef STANDIN_ROUTE_H
#define STANDIN_ROUTE_H

#include "request.h"
#include "standin.h"

/* What a signed-in person must be. */
enum need { NEED_NOTHING, NEED_MANAGEMENT, NEED_ADMINISTRATOR };

/* Whether the handler is through, or has only checked and must be finished. */
enum outcome { OUTCOME_ANSWERED, OUTCOME_CHECKED };

struct route {
    const char *method;
    const char *pattern;
    enum need need;
    enum outcome (*handle)(struct standin *standin, struct request *request);
    /* Of a handler that only checks: does the rest; does half of it and fails. */
    void (*finish)(struct standin *standin, struct request *request);
    void (*break_off)(struct standin *standin, struct request *request);
};

/*
 * Finds the route and fills request->arguments. NULL: the answer has the reason, with 308, 404 or
 * 405. */
const struct route *route_find(struct request *request);

#endif
