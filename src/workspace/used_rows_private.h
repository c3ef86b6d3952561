/* The rows that were used, written many at a time: most rows are used, and a statement for each
 * costs three times what its row costs.
 *
 * `struct used_rows` is filled by used_rows_prepare() and released by used_rows_finalize(), both of
 * which allow one that is `{0}`. What was added is in the workspace after used_rows_flush() at the
 * latest; to keep the rows in the order in which they are added, flush before a row is written by
 * other code. */
#ifndef ROWPOST_WORKSPACE_USED_ROWS_PRIVATE_H
#define ROWPOST_WORKSPACE_USED_ROWS_PRIVATE_H

#include "base/statement.h"

enum { USED_ROWS_AT_ONCE = 20, USED_ROW_ID_SIZE = 40 };

struct used_row {
    int64_t table;
    int64_t document;
    size_t id_length;
    char id[USED_ROW_ID_SIZE];
};

struct used_rows {
    struct statement insert_all;
    struct statement insert_one;
    struct used_row rows[USED_ROWS_AT_ONCE];
    size_t count;
};

int used_rows_prepare(struct used_rows *rows, sqlite3 *database, struct error *error);
void used_rows_finalize(struct used_rows *rows);

/* The id is copied. */
int used_rows_add(struct used_rows *rows, int64_t table, struct span id, int64_t document,
                  struct error *error);
int used_rows_flush(struct used_rows *rows, struct error *error);

#endif
