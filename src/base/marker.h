/* Markers in JSON texts: places that are filled in when a request leaves.
 *
 *   {"$new":["people","4"]}   the target's own name for a record: of a document by kind and key, or
 *                             of a record that the target has by name
 *   {"$secret":true}          a word drawn by chance, which nobody keeps
 *
 * A marker is found by its text, so that all around it stays as it is, byte by byte. */
#ifndef ROWPOST_BASE_MARKER_H
#define ROWPOST_BASE_MARKER_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "base/span.h"
#include "base/text.h"

enum marker_what { MARKER_RECORD, MARKER_SECRET, MARKER_COUNT };

/* Owns its texts; start from `{0}`, end with marker_free(). */
struct marker {
    enum marker_what what;
    size_t at; /* where it begins in the text */
    size_t length;
    struct text kind; /* of a record: the two names */
    struct text key;
};

/* The first marker from `from` on: 1; 0: there is none; -1 with ERROR_MEMORY. The text is JSON, or
 * null. */
int marker_find(struct span json, size_t from, struct marker *marker, struct error *error);

/* Whether there is anything in the text that may be a marker of that sort; quick. */
bool marker_may_be_in(struct span json, enum marker_what what);

void marker_free(struct marker *marker);

#endif
