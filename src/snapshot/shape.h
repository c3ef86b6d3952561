/* The shape of one table of the snapshot: which column of the source goes where, and the SQL that
 * makes and fills the table. Columns of the backup's layout come first, in its order;
 * others follow as the source has them, in lower case and without a type.
 *
 * `struct shape` owns its texts: start from `{0}`, end with shape_free(). */
#ifndef ROWPOST_SNAPSHOT_SHAPE_H
#define ROWPOST_SNAPSHOT_SHAPE_H

#include "base/arena.h"
#include "base/error.h"
#include "base/text.h"
#include "snapshot/layout.h"
#include "source/source.h"

struct shape_column {
    size_t source; /* its position in the source's rows */
    const char *name;
    const char *declaration;
    enum column_type type;
};

struct shape {
    const char *table;                 /* as it is called in the snapshot */
    const struct layout_table *layout; /* NULL for a table that the backup does not have */
    struct shape_column *columns;
    size_t column_count;
    struct arena names;
    struct text missing; /* columns of the layout that the source lacks, with commas between */
};

/* `table` as the source knows it: `RELEASES`, `CMS_PDMV_VAL.RELEASES`. 0, or -1 with the error. */
int shape_make(struct shape *shape, const char *table, const struct rows *rows,
               struct error *error);
void shape_free(struct shape *shape);

/* The table's name in the snapshot: without its schema, in lower case. */
void shape_append_table(const char *table, struct text *out);

void shape_append_create(const struct shape *shape, struct text *sql);
void shape_append_insert(const struct shape *shape, struct text *sql);

/* A name as SQLite quotes it. */
void shape_append_quoted(const char *name, struct text *sql);

#endif
