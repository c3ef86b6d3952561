/* The patterns that the rules look for: addresses, campaign names, releases, links.
 *
 * patterns_create() compiles them once; the caller frees them. Spans that are found point into the
 * subject. One thread at a time uses one set. */
#ifndef ROWPOST_VALDB_PATTERNS_H
#define ROWPOST_VALDB_PATTERNS_H

#include <stdbool.h>

#include "base/error.h"
#include "base/span.h"

enum pattern {
    PATTERN_ADDRESS,         /* the first one anywhere in a field (correction email-found) */
    PATTERN_LEADING_ADDRESS, /* with which a field begins (notebook cells 4 and 5) */
    PATTERN_WHOLE_ADDRESS,   /* all of a text, as ValDB2 asks of its users (POST /api/users/) */
    PATTERN_CAMPAIGN_NAME,   /* as a campaign's has to begin (POST /api/campaigns/migrate/) */
    PATTERN_TARGET,          /* the release after `Target:` (correction releases-from-summary) */
    PATTERN_REFERENCE,       /* likewise, after `Reference:` */
    PATTERN_LINK,            /* a web address: see patterns_next_link() */
    PATTERN_COUNT
};

struct patterns;

struct patterns *patterns_create(struct error *error);
void patterns_free(struct patterns *patterns);

/* True where the subject has what the pattern looks for. `found` may be NULL. */
bool patterns_find(struct patterns *patterns, enum pattern pattern, struct span subject,
                   struct span *found);

/* The next web address at or after `*offset`, and the bracketed number right before it (null where
 * there is none); moves `*offset` after it. */
bool patterns_next_link(struct patterns *patterns, struct span links, size_t *offset,
                        struct span *number, struct span *address);

#endif
