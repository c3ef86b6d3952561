/* Source rows looked up again, by the names that a plan has given them.
 *
 * A workspace keeps the content of rows that have become no document; the others stand in their
 * documents' bodies, and twice would be too much. To see them, the migration's own queries are run
 * once more over the source, and the rows that are wanted are kept as they come by. Nothing is
 * planned. It ends with the last row that is wanted. */
#ifndef ROWPOST_DELIVERY_ROW_LOOKUP_H
#define ROWPOST_DELIVERY_ROW_LOOKUP_H

#include "base/error.h"
#include "migration/migration.h"
#include "source/source.h"

struct row_lookup;

struct row_lookup *row_lookup_create(struct error *error);
void row_lookup_free(struct row_lookup *lookup); /* NULL is allowed */

/* Adds a row that is wanted, by its query's name. 0 or -1. */
int row_lookup_want(struct row_lookup *lookup, struct span query, struct span row,
                    struct error *error);

/* Reads the source. Rows that it does not have any more are not found, which is no error. */
int row_lookup_run(struct row_lookup *lookup, const struct migration *migration,
                   const struct migration_settings *settings, struct source *source,
                   struct error *error);

/* The row as JSON, which lives as long as the look-up; null where it was not found. `lookup` may be
 * NULL. */
struct span row_lookup_content(const struct row_lookup *lookup, struct span query, struct span row);

#endif
