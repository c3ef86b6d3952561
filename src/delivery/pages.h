/* A list of the target's, read page by page.
 *
 * The next page is the one that the answer points to (Link with rel=next, RFC 8288), if it is at
 * the same scheme, host and port and below the session's address: nothing is ever asked of another
 * host. Else it is the one whose path can be written, until a page shows nothing new or is refused.
 * A link to elsewhere is an error where no path can be written. */
#ifndef ROWPOST_DELIVERY_PAGES_H
#define ROWPOST_DELIVERY_PAGES_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/text.h"
#include "http/session.h"
#include "migration/kind.h"

struct pages {
    struct session *session;
    int64_t timeout; /* microseconds: how long the target may give no usable answer */
    void *context;

    /* Appends the path of a page, from 0; `listed` is how many records the earlier pages have
     * shown. 1, or 0 where there is no such path. */
    int (*build)(void *context, size_t page, size_t listed, struct text *path);

    /* Masks the parts of an answer that must not be kept, before any of it is kept. NULL:
     * nothing. */
    void (*mask)(void *context, json_t *answer);

    /* Takes a page; `*fresh` is how many of its records no earlier page has shown. 1; 0 where the
     * answer is not one that shows records; -1 with the error. */
    int (*take)(void *context, const struct kind_answer *answer, size_t *fresh,
                struct error *error);
};

/* 0, or -1 with ERROR_SESSION, ERROR_TARGET (which names the path) or what `take` has. No other
 * exchange may be under way in the session. */
int pages_read(const struct pages *pages, struct error *error);

#endif
