/* Source rows looked up again, by the labels that a plan has given them (staged_row_append_label).
 *
 * A workspace keeps the content of rows that have become no document; the others are in their
 * documents' bodies, and twice would be too much. To see them, the staged tables that hold them are
 * read once more, and the rows that are wanted are kept as they come by. Of several rows with one
 * label the first is found. A table's reading ends with the last of its rows that is wanted. */
#ifndef ROWPOST_STAGING_ROW_LOOKUP_H
#define ROWPOST_STAGING_ROW_LOOKUP_H

#include "base/error.h"
#include "base/span.h"
#include "staging/staging.h"

struct row_lookup;

struct row_lookup *row_lookup_create(struct error *error);
void row_lookup_free(struct row_lookup *lookup); /* NULL is allowed */

/* Adds a row that is wanted, by its table's name and its label. 0 or -1. */
int row_lookup_want(struct row_lookup *lookup, struct span table, struct span row,
                    struct error *error);

/* Reads the tables. Rows that they do not have any more are not found, which is not an error. */
int row_lookup_run(struct row_lookup *lookup, const struct staging *staging, struct error *error);

/* The row as JSON, which lives as long as the look-up; null where it was not found. `lookup` may be
 * NULL. */
struct span row_lookup_content(const struct row_lookup *lookup, struct span table, struct span row);

#endif
