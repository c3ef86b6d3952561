/* A proof that an answer repeats the document, without a tree of either.
 *
 * It is proven, or nothing is known: then the record has to be compared, as ever. What is proven is
 * what comparing would have found, so that it changes no judgement:
 *
 *   - both bodies are JSON objects to their ends, and neither has two members of one name;
 *   - each member of the document stands in the answer, equal (json_scan_equal());
 *   - the document has every member on which its kind's judgement rests
 *     (migration_kind.deciding_members).
 *
 * Whatever is unusual is not proven: more than CONFIRMATION_MOST_MEMBERS members, an answer without
 * an id, an id or a date with an escape, and what json_scan.h does not take. */
#ifndef ROWPOST_DELIVERY_CONFIRMATION_H
#define ROWPOST_DELIVERY_CONFIRMATION_H

#include <stdbool.h>

#include "base/span.h"
#include "migration/migration.h"

enum { CONFIRMATION_MOST_MEMBERS = 64 };

/* What the record says beyond the document; the spans point into the answer. */
struct confirmation {
    struct span id;      /* the text of the kind's id_field */
    struct span created; /* the text of its created_field; null where it is absent or no text */
};

/* True where it is proven; then `confirmation` is filled. Always false for a kind without
 * deciding_members. */
bool confirmation_prove(const struct migration_kind *kind, struct span body, struct span answer,
                        struct confirmation *confirmation);

#endif
