/* The shape of one table: which columns of the source are read, and what they are called in
 * staging. Declared columns come first, in the order of the declaration; others follow as the
 * source has them, without a type. A snapshot can be read in place of its source: table and columns
 * have the source's names, in lower case, whatever the declaration calls them.
 *
 * `struct shape` owns its texts: start from `{0}`, end with shape_free(). */
#ifndef ROWPOST_STAGING_SHAPE_PRIVATE_H
#define ROWPOST_STAGING_SHAPE_PRIVATE_H

#include "base/arena.h"
#include "base/error.h"
#include "base/text.h"
#include "source/source.h"
#include "staging/table.h"

struct shape_column {
    const char *name;
    const struct table_column *declared; /* NULL: it is copied as it comes */
};

struct shape {
    const char *table;            /* as it is called in staging */
    const char *source_table;     /* as the source is asked for it */
    const struct table *declared; /* NULL: no migration reads it */
    struct shape_column *columns;
    const char **source_columns; /* the source's own spelling of each */
    size_t column_count;
    const char **read_columns; /* what the declared columns that are read are called in staging */
    size_t read_count;
    struct text missing; /* columns that are only copied and that the source lacks, with commas
                            between */
    struct arena names;
};

enum shape_extent {
    SHAPE_READ_COLUMNS, /* what a migration reads */
    SHAPE_ALL_COLUMNS   /* what the table has: a snapshot */
};

/* `table` as the source knows it: `RELEASES`, `CMS_PDMV_VAL.RELEASES`; `declared` may be NULL. 0,
 * or -1 with ERROR_USAGE where the table is not there or lacks a column that is read. */
int shape_make(struct shape *shape, struct source *source, const char *table,
               const struct table *declared, enum shape_extent extent, struct error *error);
void shape_free(struct shape *shape);

/* The condition of the declaration (table.h), or NULL. */
const char *shape_condition(const struct shape *shape);

/* The declaration of that table of the source among others, whatever its case and schema; or NULL.
 */
const struct table *shape_find_declared(const struct table *tables, size_t count,
                                        const char *table);

void shape_append_create(const struct shape *shape, struct text *sql);
void shape_append_insert(const struct shape *shape, struct text *sql);

#endif
