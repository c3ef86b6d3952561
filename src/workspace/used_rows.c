#include <string.h>

#include "base/text.h"
#include "workspace/planning_private.h"

enum { PARAMETERS = 3 }; /* of a row */

static int prepare(struct statement *statement, sqlite3 *database, size_t row_count,
                   struct error *error) {
    struct text sql = {0};
    text_append_string(&sql,
                       "INSERT INTO source_row (source_table, row, outcome, document) VALUES");
    for (size_t i = 0; i < row_count; i++) {
        text_append_string(&sql, i == 0 ? " (?, ?, 'used', ?)" : ", (?, ?, 'used', ?)");
    }
    int rc = text_check(&sql, error);
    if (rc == 0) {
        rc = statement_prepare(statement, database, text_string(&sql), error);
    }
    text_free(&sql);
    return rc;
}

int used_rows_prepare(struct used_rows *rows, sqlite3 *database, struct error *error) {
    rows->count = 0;
    return prepare(&rows->insert_one, database, 1, error) == 0
               ? prepare(&rows->insert_all, database, USED_ROWS_AT_ONCE, error)
               : -1;
}

void used_rows_finalize(struct used_rows *rows) {
    statement_finalize(&rows->insert_all);
    statement_finalize(&rows->insert_one);
}

static void bind(struct statement *statement, size_t place, int64_t table, struct span id,
                 int64_t document) {
    int first = (int)place * PARAMETERS;
    statement_bind_integer(statement, first + 1, table);
    statement_bind_text(statement, first + 2, id);
    statement_bind_integer(statement, first + 3, document);
}

static void bind_kept(struct statement *statement, size_t place, const struct used_row *row) {
    bind(statement, place, row->table, (struct span){row->id, row->id_length}, row->document);
}

int used_rows_flush(struct used_rows *rows, struct error *error) {
    size_t count = rows->count;
    rows->count = 0;
    if (count == USED_ROWS_AT_ONCE) {
        for (size_t i = 0; i < count; i++) {
            bind_kept(&rows->insert_all, i, &rows->rows[i]);
        }
        return statement_run(&rows->insert_all, error);
    }
    for (size_t i = 0; i < count; i++) {
        bind_kept(&rows->insert_one, 0, &rows->rows[i]);
        if (statement_run(&rows->insert_one, error) != 0) {
            return -1;
        }
    }
    return 0;
}

/* A row without an id, or with a long one, is written separately. */
static int add_unkept(struct used_rows *rows, int64_t table, struct span id, int64_t document,
                      struct error *error) {
    if (used_rows_flush(rows, error) != 0) {
        return -1;
    }
    bind(&rows->insert_one, 0, table, id, document);
    return statement_run(&rows->insert_one, error);
}

int used_rows_add(struct used_rows *rows, int64_t table, struct span id, int64_t document,
                  struct error *error) {
    if (span_is_null(id) || id.length > USED_ROW_ID_SIZE) {
        return add_unkept(rows, table, id, document, error);
    }
    struct used_row *row = &rows->rows[rows->count++];
    row->table = table;
    row->document = document;
    row->id_length = id.length;
    memcpy(row->id, id.data, id.length);
    return rows->count == USED_ROWS_AT_ONCE ? used_rows_flush(rows, error) : 0;
}
