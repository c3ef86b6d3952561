/* Keeps the cookies when an answer does not accept the session.
 *
 * A server that redirects to its sign-in page may start a fresh session there and then, and give
 * out its cookie under the old one's name. That cookie signs nobody in, and the old one may still
 * be good elsewhere or later: what a redirect or a 401 sets is undone line by line, before another
 * request can carry it.
 *
 * A guard watches one answer at a time; start from `{.store = ...}`, end with
 * cookie_guard_free(). The store is borrowed: a handle that has part in the shared cookies, and
 * not the one that reads the answer. */
#ifndef ROWPOST_TARGET_COOKIE_GUARD_H
#define ROWPOST_TARGET_COOKIE_GUARD_H

#include <curl/curl.h>
#include <stdbool.h>

#include "base/span.h"

struct cookie_guard {
    CURL *store;              /* NULL: there is nothing to keep */
    bool is_on;               /* the answer being read is one of those */
    struct curl_slist *lines; /* the cookies as they were when it began */
};

/* Takes every line of an answer's header, right after libcurl took it. 0, or -1 where memory ran
 * out. */
int cookie_guard_take_line(struct cookie_guard *guard, struct span line);

void cookie_guard_free(struct cookie_guard *guard);

#endif
