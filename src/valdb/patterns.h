/* The patterns that the rules look for: addresses, campaign names, releases, links.
 *
 * patterns_create() compiles them once; the caller frees them. Spans that are found point into the
 * subject. One thread at a time uses one set. */
#ifndef ROWPOST_VALDB_PATTERNS_H
#define ROWPOST_VALDB_PATTERNS_H

#include <stdbool.h>

#include "base/error.h"
#include "base/span.h"

struct patterns;

struct patterns *patterns_create(struct error *error);
void patterns_free(struct patterns *patterns);

/* The first address anywhere in the field (correction email-found). */
bool patterns_find_address(struct patterns *patterns, struct span field, struct span *address);

/* The address with which the field begins (notebook cells 4 and 5). */
bool patterns_find_leading_address(struct patterns *patterns, struct span field,
                                   struct span *address);

/* True where the whole text is an address, as ValDB2 asks of its users (POST /api/users/). */
bool patterns_is_address(struct patterns *patterns, struct span text);

/* True where the name begins as ValDB2 asks of a campaign (POST /api/campaigns/migrate/). */
bool patterns_is_campaign_name(struct patterns *patterns, struct span name);

/* The release behind `Target:` or `Reference:` (correction releases-from-summary). */
bool patterns_find_target(struct patterns *patterns, struct span comments, struct span *release);
bool patterns_find_reference(struct patterns *patterns, struct span comments, struct span *release);

/* The next web address at or after `*offset`, and the bracketed number right before it (null where
 * there is none); moves `*offset` behind it. */
bool patterns_next_link(struct patterns *patterns, struct span links, size_t *offset,
                        struct span *number, struct span *address);

#endif
