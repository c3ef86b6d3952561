/* The layout of the backup that the legacy site's own script writes: a SQLite file with six tables,
 * names in lower case and without a schema, `status.id` without a primary key, dates as whole
 * seconds since 1970. Constant data. */
#ifndef ROWPOST_SNAPSHOT_LAYOUT_H
#define ROWPOST_SNAPSHOT_LAYOUT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/span.h"

/* How a column holds what it is given (snapshot/stored_value.h). */
enum column_type {
    COLUMN_ANY,    /* as it comes */
    COLUMN_KEY,    /* a whole number that stands once in its table */
    COLUMN_NUMBER, /* a number where it is one */
    COLUMN_TEXT,
    COLUMN_DATE /* seconds since 1970 */
};

struct layout_column {
    const char *name;
    enum column_type type;
    const char *declaration; /* what stands behind the name in CREATE TABLE */
};

struct layout_table {
    const char *name;
    const char *row;  /* the column that names a row in messages */
    bool is_optional; /* some sites have no tables of earlier versions */
    const struct layout_column *columns;
    size_t column_count;
};

extern const struct layout_table layout_tables[];
extern const size_t layout_table_count;

/* The table of that name, whatever its case, or NULL. */
const struct layout_table *layout_find_table(struct span name);

#endif
