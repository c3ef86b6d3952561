/* The parts of table.c: the SQL that it writes, the lists that a catalog gives, and a table that is
 * found by its name. Private to src/source. */
#ifndef ROWPOST_SOURCE_TABLE_PRIVATE_H
#define ROWPOST_SOURCE_TABLE_PRIVATE_H

#include "source/driver_private.h"

/* ---- SQL (table_sql.c) ---- */

/* Appends a form of SQL with its holes `?1` and `?2` filled. */
void sql_append_form(struct text *sql, const char *form, const char *first, const char *second);

/* Starts a query. NULL with the error. */
struct rows *sql_start(struct source *source, const struct text *sql, struct error *error);

/* ---- lists (table_sql.c) ---- */

/* Rows of texts that a catalog gave. Starts from `{0}`; name_list_free() releases it. */
struct name_list {
    struct arena arena;
    const char **cells; /* row by row */
    size_t width;
    size_t count; /* rows */
    size_t capacity;
};

/* All rows of one of the catalog's questions, `width` texts each. `first` and `second` fill the
 * holes, as texts; NULL is SQL's. 0, or -1 with the error. */
int name_list_ask(struct source *source, const char *question, const char *first,
                  const char *second, size_t width, struct name_list *list, struct error *error);
const char *name_list_cell(const struct name_list *list, size_t row, size_t column);
void name_list_free(struct name_list *list);

/* ---- places (table_place.c) ---- */

/* The columns of the catalog's lists, in their order. */
enum { PLACE_SCHEMA, PLACE_TABLE, PLACE_WIDTH };
enum { COLUMN_NAME, COLUMN_TYPE, COLUMN_KIND, COLUMN_WIDTH };

/* A table that was found. Starts from `{0}`; table_place_free() releases it. */
struct table_place {
    struct name_list tables;
    struct name_list columns;
    const char *schema;
    const char *name;
};

/* The tables that a name without a schema can mean. */
int table_place_list(struct source *source, struct name_list *tables, struct error *error);

/* Finds the table and its columns, as described at source_list_columns(). 0, or -1 with the
 * error. */
int table_place_open(struct source *source, const char *name, struct table_place *place,
                     struct error *error);
int table_place_find_column(const struct source *source, const struct table_place *place,
                            const char *name, size_t *column, struct error *error);
void table_place_free(struct table_place *place);

#endif
