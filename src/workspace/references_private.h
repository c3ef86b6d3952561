/* Which records the documents refer to, by the markers in their texts (base/marker.h): kept in the
 * table `reference`, so that no body has to be read to know what a document waits for.
 *
 * `struct reference_writer` is filled by references_prepare() and released by
 * references_finalize(), both of which allow one that is `{0}`. */
#ifndef ROWPOST_WORKSPACE_REFERENCES_PRIVATE_H
#define ROWPOST_WORKSPACE_REFERENCES_PRIVATE_H

#include "base/marker.h"
#include "base/statement.h"

struct reference_writer {
    struct statement clear;
    struct statement add;
    struct statement texts;
    struct marker marker;
};

int references_prepare(struct reference_writer *writer, sqlite3 *database, struct error *error);
void references_finalize(struct reference_writer *writer);

/* Adds the records to which the text refers; null is allowed. */
int references_add(struct reference_writer *writer, int64_t document, struct span json,
                   struct error *error);

int references_clear(struct reference_writer *writer, int64_t document, struct error *error);

/* Replaces the document's references with those of its current texts, as they are in `body`. */
int references_renew(struct reference_writer *writer, int64_t document, struct error *error);

/* Puts the documents that wait for a record back to pending, and forgets what they waited for. */
int references_retry(sqlite3 *database, struct error *error);

#endif
