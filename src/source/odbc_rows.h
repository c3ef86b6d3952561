/* The rows of one statement, fetched in blocks.
 *
 * Private to the ODBC driver. Up to 1000 rows come with a call, in cells that are bound to the
 * columns. Where a result has a column of any length (a CLOB), it and the columns behind it cannot
 * be bound: then one row comes with a call, and those columns are read piece by piece. Where the
 * database has cursors, they are batches of 1000 rows, each by a statement. */
#ifndef ROWPOST_SOURCE_ODBC_ROWS_H
#define ROWPOST_SOURCE_ODBC_ROWS_H

#include "source/driver.h"
#include "source/odbc_column.h"
#include "source/odbc_connection.h"
#include "source/odbc_dialect.h"

struct odbc_rows {
    struct rows base;
    struct odbc_connection *connection; /* entered for these rows */
    struct text cursor;                 /* the server's, if there is one */
    SQLULEN taken;                      /* rows of the cursor's last batch */
    SQLHSTMT statement;
    const struct dialect *dialect;
    const char *name;   /* of the source, for messages */
    const char *schema; /* for messages; may be NULL */
    struct text sql;    /* as the caller wrote it */
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

/* Executes the translated SQL, and describes and binds the columns. -1 with the error. */
int odbc_rows_start(struct odbc_rows *rows, const struct text *translated, struct error *error);

/* As `step` of a driver. */
int odbc_rows_step(struct odbc_rows *rows, struct error *error);

void odbc_rows_free(struct odbc_rows *rows);

#endif
