/* The rows of one statement, fetched in blocks.
 *
 * Up to 1000 rows come with a call, in cells that are bound to the columns. Where a result has a
 * column of any length (a CLOB), it and the columns after it cannot be bound: then one row comes
 * with a call, and those columns are read piece by piece. Where the database has cursors, they are
 * batches of 1000 rows, each by a statement. */
#include <stdlib.h>
#include <string.h>

#include "source/odbc_private.h"

struct odbc_rows {
    struct rows base;
    struct text cursor; /* the server's, if there is one */
    SQLULEN taken;      /* rows of the cursor's last batch */
    SQLHSTMT statement;
    struct odbc_column *columns;
    size_t column_count;
    size_t bound_count;     /* the columns before the first long one */
    SQLULEN block_rows;     /* that a call fetches */
    SQLULEN fetched;        /* rows in the block */
    SQLULEN next;           /* row of the block */
    SQLUSMALLINT *statuses; /* of the block's rows */
    bool has_ended;
    bool has_failed;
};

static struct odbc_source *source_of(const struct odbc_rows *rows) {
    return (struct odbc_source *)rows->base.source;
}

/* The rows of a block, and the memory that it may take. Only what is written to is ever in use, and
 * texts are mostly far from their limits. */
enum { BLOCK_ROWS = 1000, BLOCK_BYTES = 64 * 1024 * 1024, PIECE_SIZE = 64 * 1024 };

static const char doing[] = "cannot be read";

static int fail(struct odbc_rows *rows, struct error *error) {
    rows->has_failed = true;
    rows->has_ended = true;
    return odbc_explain(source_name(rows->base.source), doing, SQL_HANDLE_STMT, rows->statement,
                        span_of(NULL), error);
}

static int describe(struct odbc_rows *rows, struct error *error) {
    SQLSMALLINT count = 0;
    if (!SQL_SUCCEEDED(SQLNumResultCols(rows->statement, &count))) {
        return fail(rows, error);
    }
    if (count <= 0) {
        return error_set(error, ERROR_SOURCE, "%s: the driver describes no columns",
                         source_name(rows->base.source));
    }
    rows->columns = calloc((size_t)count, sizeof *rows->columns);
    if (rows->columns == NULL) {
        return error_set_no_memory(error);
    }
    rows->column_count = (size_t)count;
    for (size_t i = 0; i < rows->column_count; i++) {
        if (odbc_column_describe(&rows->columns[i], rows->statement, (SQLUSMALLINT)(i + 1),
                                 source_of(rows)->dialect) != 0) {
            return fail(rows, error);
        }
    }
    return 0;
}

static void choose_block(struct odbc_rows *rows) {
    size_t row_size = 0;
    while (rows->bound_count < rows->column_count && !rows->columns[rows->bound_count].is_long) {
        row_size += rows->columns[rows->bound_count].cell_size + sizeof(SQLLEN);
        rows->bound_count++;
    }
    rows->block_rows = 1;
    if (rows->bound_count == rows->column_count) {
        size_t fitting = row_size == 0 ? 1 : BLOCK_BYTES / row_size;
        rows->block_rows = fitting == 0 ? 1 : fitting < BLOCK_ROWS ? fitting : BLOCK_ROWS;
    }
}

/* Not every driver can fetch more than a row at a time: what it takes is asked back. */
static int set_block(struct odbc_rows *rows, struct error *error) {
    SQLULEN given = 0;
    SQLSetStmtAttr(rows->statement, SQL_ATTR_ROW_BIND_TYPE, SQL_BIND_BY_COLUMN, 0);
    if (rows->block_rows > 1) {
        SQLSetStmtAttr(rows->statement, SQL_ATTR_ROW_ARRAY_SIZE, odbc_number(rows->block_rows), 0);
        if (!SQL_SUCCEEDED(
                SQLGetStmtAttr(rows->statement, SQL_ATTR_ROW_ARRAY_SIZE, &given, 0, NULL)) ||
            given == 0) {
            given = 1;
        }
        rows->block_rows = given < rows->block_rows ? given : rows->block_rows;
    }
    rows->statuses = calloc(rows->block_rows, sizeof *rows->statuses);
    if (rows->statuses == NULL) {
        return error_set_no_memory(error);
    }
    if (!SQL_SUCCEEDED(
            SQLSetStmtAttr(rows->statement, SQL_ATTR_ROW_STATUS_PTR, rows->statuses, 0)) ||
        !SQL_SUCCEEDED(
            SQLSetStmtAttr(rows->statement, SQL_ATTR_ROWS_FETCHED_PTR, &rows->fetched, 0))) {
        return fail(rows, error);
    }
    return 0;
}

static int bind_column(struct odbc_rows *rows, size_t index, struct error *error) {
    struct odbc_column *column = &rows->columns[index];
    column->cells = malloc(column->cell_size * rows->block_rows);
    column->lengths = calloc(rows->block_rows, sizeof *column->lengths);
    if (column->cells == NULL || column->lengths == NULL) {
        return error_set_no_memory(error);
    }
    if (!SQL_SUCCEEDED(SQLBindCol(rows->statement, (SQLUSMALLINT)(index + 1), column->c_type,
                                  column->cells, (SQLLEN)column->cell_size, column->lengths))) {
        return fail(rows, error);
    }
    return 0;
}

static int bind(struct odbc_rows *rows, struct error *error) {
    if (describe(rows, error) != 0) {
        return -1;
    }
    choose_block(rows);
    if (set_block(rows, error) != 0) {
        return -1;
    }
    for (size_t i = 0; i < rows->bound_count; i++) {
        if (bind_column(rows, i, error) != 0) {
            return -1;
        }
    }
    return 0;
}

static int execute(struct odbc_rows *rows, struct span sql, struct error *error) {
    int rc = odbc_execute(source_name(rows->base.source), doing, rows->statement, sql, error);
    rows->has_failed = rows->has_failed || rc != 0;
    rows->has_ended = rows->has_ended || rc != 0;
    return rc;
}

static int execute_by_name(struct odbc_rows *rows, const char *before, const char *after,
                           struct error *error) {
    struct text sql = {0};
    text_append_format(&sql, "%s%s%s", before, text_string(&rows->cursor), after);
    int rc = text_check(&sql, error) == 0 ? execute(rows, text_span(&sql), error) : -1;
    text_free(&sql);
    return rc;
}

/* The next rows of the cursor. */
static int fetch_batch(struct odbc_rows *rows, struct error *error) {
    rows->taken = 0;
    return execute_by_name(rows, "FETCH 1000 FROM ", "", error);
}

static int open_cursor(struct odbc_rows *rows, const char *sql, struct error *error) {
    text_append_format(&rows->cursor, "rowpost_%lu", ++source_of(rows)->cursors);
    struct text declared = {0};
    text_append_format(&declared, " NO SCROLL CURSOR FOR %s", sql);
    int rc = text_check(&declared, error);
    if (rc == 0) {
        rc = execute_by_name(rows, "DECLARE ", text_string(&declared), error);
    }
    text_free(&declared);
    if (rc != 0) {
        text_free(&rows->cursor);
        return -1;
    }
    SQLFreeStmt(rows->statement, SQL_CLOSE);
    return fetch_batch(rows, error);
}

static int start(struct odbc_rows *rows, const char *sql, struct error *error) {
    /* Braces and question marks are the query's own. */
    SQLSetStmtAttr(rows->statement, SQL_ATTR_NOSCAN, (SQLPOINTER)SQL_NOSCAN_ON, 0);
    int rc = source_of(rows)->dialect->has_cursors ? open_cursor(rows, sql, error)
                                                   : execute(rows, span_of(sql), error);
    return rc == 0 ? bind(rows, error) : -1;
}

/* The end of the rows may be that of the connection, where a driver does not distinguish them. */
static int end(struct odbc_rows *rows, struct error *error) {
    SQLUINTEGER is_dead = SQL_CD_FALSE;
    rows->has_ended = true;
    if (SQL_SUCCEEDED(SQLGetConnectAttr(source_of(rows)->handle, SQL_ATTR_CONNECTION_DEAD, &is_dead,
                                        0, NULL)) &&
        is_dead == SQL_CD_TRUE) {
        return error_set(error, ERROR_SOURCE,
                         "%s: the connection was lost while rows were read; run the same command "
                         "again",
                         source_name(rows->base.source));
    }
    return 0;
}

/* Another batch may follow a full one. */
static SQLRETURN fetch(struct odbc_rows *rows) {
    rows->next = 0;
    rows->fetched = 0;
    SQLRETURN rc = SQLFetch(rows->statement);
    rows->taken += rows->fetched;
    return rc;
}

/* 1: the block has rows; 0: there are no more. */
static int fetch_block(struct odbc_rows *rows, struct error *error) {
    SQLRETURN rc = fetch(rows);
    if (rc == SQL_NO_DATA && rows->cursor.length > 0 && rows->taken == BLOCK_ROWS) {
        SQLFreeStmt(rows->statement, SQL_CLOSE);
        if (fetch_batch(rows, error) != 0) {
            rows->has_ended = true;
            return -1;
        }
        rc = fetch(rows);
    }
    if (rc == SQL_NO_DATA) {
        return end(rows, error);
    }
    if (!SQL_SUCCEEDED(rc)) {
        return fail(rows, error);
    }
    for (SQLULEN i = 0; i < rows->fetched; i++) {
        if (rows->statuses[i] == SQL_ROW_ERROR) {
            return fail(rows, error);
        }
    }
    return rows->fetched == 0 ? end(rows, error) : 1;
}

/* True where the cell has not the whole value. */
static bool is_cut(const struct odbc_column *column, SQLLEN length) {
    return length == SQL_NO_TOTAL ||
           (length >= 0 && (size_t)length > column->cell_size - column->terminator);
}

static int refuse_cut(struct odbc_rows *rows, size_t index, struct error *error) {
    bool is_of_table = rows->base.columns != NULL;
    rows->has_ended = true;
    return error_set(error, ERROR_SOURCE,
                     "%s: a value of column %s is longer than the %zu bytes that the driver has "
                     "announced for it; nothing was cut off, the reading was stopped. Set the "
                     "driver's limit for texts higher, such as MaxVarcharSize of psqlodbc",
                     source_name(rows->base.source),
                     is_of_table ? rows_column_name(&rows->base, index) : "",
                     rows->columns[index].cell_size);
}

static int take_bound(struct odbc_rows *rows, struct error *error) {
    for (size_t i = 0; i < rows->bound_count; i++) {
        struct odbc_column *column = &rows->columns[i];
        SQLLEN length = column->lengths[rows->next];
        if (is_cut(column, length)) {
            return refuse_cut(rows, i, error);
        }
        odbc_column_take(column, source_of(rows)->dialect,
                         column->cells + rows->next * column->cell_size, length);
    }
    return 0;
}

/* Reads one value piece by piece into `pieces`. SQLGetData reports with each piece how much there
 * was before it, or that it does not know; more follows a full piece. */
static int read_pieces(struct odbc_rows *rows, size_t index, SQLLEN *length, struct error *error) {
    struct odbc_column *column = &rows->columns[index];
    size_t size = column->is_long ? PIECE_SIZE : column->cell_size;
    text_clear(&column->pieces);
    for (;;) {
        SQLLEN left = 0;
        char *room = text_reserve(&column->pieces, size);
        if (room == NULL) {
            return error_set_no_memory(error);
        }
        SQLRETURN rc = SQLGetData(rows->statement, (SQLUSMALLINT)(index + 1), column->c_type, room,
                                  (SQLLEN)size, &left);
        if (rc == SQL_NO_DATA) {
            break;
        }
        if (!SQL_SUCCEEDED(rc)) {
            return fail(rows, error);
        }
        if (left == SQL_NULL_DATA) {
            *length = SQL_NULL_DATA;
            return 0;
        }
        size_t most = size - column->terminator;
        bool is_full = rc == SQL_SUCCESS_WITH_INFO && (left == SQL_NO_TOTAL || (size_t)left > most);
        column->pieces.length += is_full ? most : (size_t)left;
        if (!is_full) {
            break;
        }
    }
    *length = (SQLLEN)column->pieces.length;
    return 0;
}

static int take_unbound(struct odbc_rows *rows, struct error *error) {
    for (size_t i = rows->bound_count; i < rows->column_count; i++) {
        struct odbc_column *column = &rows->columns[i];
        SQLLEN length = 0;
        if (read_pieces(rows, i, &length, error) != 0) {
            return -1;
        }
        odbc_column_take(column, source_of(rows)->dialect, text_string(&column->pieces), length);
    }
    return 0;
}

static int check_memory(const struct odbc_rows *rows, struct error *error) {
    for (size_t i = 0; i < rows->column_count; i++) {
        if (text_check(&rows->columns[i].content, error) != 0) {
            return -1;
        }
    }
    return 0;
}

static int step(struct rows *base, struct error *error) {
    struct odbc_rows *rows = (struct odbc_rows *)base;
    if (rows->has_ended) {
        return 0;
    }
    if (rows->next == rows->fetched) {
        int rc = fetch_block(rows, error);
        if (rc != 1) {
            return rc;
        }
    }
    if (take_bound(rows, error) != 0 || take_unbound(rows, error) != 0 ||
        check_memory(rows, error) != 0) {
        return -1;
    }
    rows->next++;
    return 1;
}

static void close_rows(struct rows *base) {
    struct odbc_rows *rows = (struct odbc_rows *)base;
    if (rows->statement != SQL_NULL_HSTMT) {
        if (rows->cursor.length > 0 && !rows->has_failed) {
            SQLFreeStmt(rows->statement, SQL_CLOSE);
            execute_by_name(rows, "CLOSE ", "", NULL);
        }
        SQLFreeHandle(SQL_HANDLE_STMT, rows->statement);
    }
    odbc_leave(source_of(rows));
    for (size_t i = 0; i < rows->column_count; i++) {
        odbc_column_free(&rows->columns[i]);
    }
    free(rows->columns);
    free(rows->statuses);
    text_free(&rows->cursor);
    free(rows);
}

static struct rows *query(struct source *base, const char *sql, struct error *error) {
    struct odbc_source *source = (struct odbc_source *)base;
    struct odbc_rows *rows = calloc(1, sizeof *rows);
    if (rows == NULL) {
        error_set_no_memory(error);
        return NULL;
    }
    rows->base.source = base;
    if (odbc_enter(source, error) != 0) {
        free(rows);
        return NULL;
    }
    int rc = 0;
    if (!SQL_SUCCEEDED(SQLAllocHandle(SQL_HANDLE_STMT, source->handle, &rows->statement))) {
        rc = odbc_explain(source_name(base), "a statement cannot be made", SQL_HANDLE_DBC,
                          source->handle, span_of(NULL), error);
    } else {
        rc = start(rows, sql, error);
    }
    if (rc != 0) {
        close_rows(&rows->base);
        return NULL;
    }
    return &rows->base;
}

static struct value value_of(const struct rows *base, size_t column) {
    return ((const struct odbc_rows *)base)->columns[column].value;
}

const struct driver odbc_driver = {
    .open = odbc_open,
    .close = odbc_close,
    .begin = odbc_begin,
    .end = odbc_end,
    .query = query,
    .close_rows = close_rows,
    .step = step,
    .value = value_of,
};
