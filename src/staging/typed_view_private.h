/* The TEMP views of a staged connection: one for each table, with its columns in their types'
 * forms, by SQL functions that are typed_value().
 *
 * `struct typed_functions` starts from `{0}`; it has to outlive the connection's use of the
 * functions. */
#ifndef ROWPOST_STAGING_TYPED_VIEW_PRIVATE_H
#define ROWPOST_STAGING_TYPED_VIEW_PRIVATE_H

#include <sqlite3.h>

#include "base/error.h"
#include "base/text.h"
#include "staging/staging.h"
#include "staging/table.h"

struct typed_functions {
    struct typed_function {
        enum column_type type;
        enum staging_padding padding;
        struct text scratch;
    } of[COLUMN_TYPE_COUNT];
};

/* Registers `staged_text(x)` and so on, and `staged_is_padded(x)`: whether a text ends in a blank.
 * 0, or -1 with the error. */
int typed_functions_register(struct typed_functions *functions, sqlite3 *database,
                             enum staging_padding padding, struct error *error);

/* Takes them off the connection, where no statement may use them any more. */
void typed_functions_remove(struct typed_functions *functions, sqlite3 *database);

/* What a view reads from. */
struct view_source {
    const char *place;          /* a schema and a table, quoted: main."users" */
    const char *row;            /* the column that names a row: rowid */
    const char *const *columns; /* one for each column that is read, in the source's spelling */
    sqlite3 *database;          /* where the source declares collations; NULL: it has none */
    const char *table;          /* there, not quoted */
    const char *condition;      /* of the rows that are read; NULL: all */
};

/* Appends CREATE TEMP VIEW of a declared table. */
void typed_view_append_create(const struct table *table, const struct view_source *source,
                              struct text *sql);

/* Appends the condition as WHERE, unless it is NULL. */
void typed_view_append_where(const char *condition, struct text *sql);

/* Appends the condition that a row of the source has a word or a key that ends in a blank. */
void typed_view_append_is_padded(const struct table *table, const struct view_source *source,
                                 struct text *sql);

#endif
