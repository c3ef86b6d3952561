/* A column of a result: how it is fetched, and what its cells become.
 *
 * Private to the ODBC driver. A column owns its name, its cells and its texts. A cell is one value
 * in the C type that the column is fetched in; a block has many of them, one behind the other. */
#ifndef ROWPOST_SOURCE_ODBC_COLUMN_H
#define ROWPOST_SOURCE_ODBC_COLUMN_H

#include <sql.h>
#include <sqlext.h>

#include "base/text.h"
#include "source/odbc_dialect.h"
#include "source/source.h"

enum odbc_fetch {
    FETCH_TEXT,         /* UTF-16 */
    FETCH_NUMBER,       /* decimal digits */
    FETCH_LOOSE_NUMBER, /* UTF-16; of a database whose types promise little */
    FETCH_REAL,
    FETCH_DAY,
    FETCH_MOMENT,
    FETCH_BYTES
};

struct odbc_column {
    struct text name;
    enum odbc_fetch fetch;
    SQLSMALLINT c_type;
    size_t cell_size;    /* bytes of a cell, its terminator included */
    size_t terminator;   /* bytes of it */
    bool is_long;        /* of any length: read in pieces, never bound */
    char *cells;         /* where it is bound */
    SQLLEN *lengths;     /* of the cells, or SQL_NULL_DATA */
    struct text pieces;  /* a value as it is put together */
    struct text content; /* a value as text */
    struct text scratch;
    struct value value; /* of the current row */
};

/* Describes column `number` (from 1) of a statement that was executed. -1: the statement has the
 * reason, or memory ran out (`*no_memory`). */
int odbc_column_describe(struct odbc_column *column, SQLHSTMT statement, SQLUSMALLINT number,
                         const struct dialect *dialect, bool *no_memory);
void odbc_column_free(struct odbc_column *column);

/* Sets the column's value from a cell of `length` bytes, or SQL_NULL_DATA. Valid while the cell
 * is. */
void odbc_column_take(struct odbc_column *column, const struct dialect *dialect, const char *cell,
                      SQLLEN length);

#endif
