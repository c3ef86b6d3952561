/* The parts of the ODBC driver.
 *
 *   odbc.c             the rows of a query, and the driver
 *   odbc_column.c      how a column is fetched, and what its cells become
 *   odbc_connection.c  a connection and its transactions
 *   odbc_dialect.c     what databases need in addition to their catalog
 *   odbc_url.c         from an address to a connection string
 *   odbc_text.c        UTF-16, and the errors of a driver
 *
 * To add a database, add it to the table in odbc_dialect.c, its catalog to catalog.c and, where it
 * has an address of its own, its form to odbc_url.c. */
#ifndef ROWPOST_SOURCE_ODBC_PRIVATE_H
#define ROWPOST_SOURCE_ODBC_PRIVATE_H

#include <sql.h>
#include <sqlext.h>
#include <sqlucode.h>

#include "base/text.h"
#include "source/driver_private.h"

/* ---- text ---- */

/* The text in UTF-16 of the machine's order, as unixODBC has it, terminated; the caller frees it.
 * What is not UTF-8 becomes U+FFFD. `*length` is in units, may be NULL. NULL: no memory. */
SQLWCHAR *wide_of(struct span text, SQLINTEGER *length);

/* Appends `bytes` of UTF-16, wherever they are in memory. A surrogate without its other half
 * becomes U+FFFD; half a unit at the end is left out. */
void wide_append(struct text *out, const void *units, size_t bytes);

/* ERROR_SOURCE: `NAME: DOING: message (SQLSTATE 08001); ...`, all that the driver reports about a
 * handle. The secret, if it is not empty, is masked wherever the driver repeats it. Returns -1. */
int odbc_explain(const char *name, const char *doing, SQLSMALLINT kind, SQLHANDLE handle,
                 struct span secret, struct error *error);

/* ---- address ---- */

/* From an address to the connection string that a driver is given:
 *
 *   odbc:dsn=NAME, odbc:CONNECTION-STRING   unchanged
 *   oracle+odbc://USER@HOST:PORT/SERVICE
 *   postgresql://USER@HOST:PORT/DATABASE
 *   mysql://USER@HOST:PORT/DATABASE         the same as mariadb://
 *
 * `?driver=NAME` after the latter names the driver, where the one that is found is not the one that
 * is meant. odbc_url_free() releases the texts. */
struct odbc_url {
    struct text name;   /* for messages and the workspace */
    struct text string; /* the connection string without a password */
    struct text user;   /* whose password is to be asked for; empty: none is asked for */
};

/* Finds an installed driver: appends the name of the one that fits best one of `names`, a list
 * ended by NULL of how a driver's name may begin, best first, to `driver`, and returns true; else
 * appends those there are, with commas, to `installed`. */
typedef bool odbc_find_driver(const char *const *names, struct text *driver,
                              struct text *installed);

/* Reads `url`; `user` (may be NULL) counts where it names none. ERROR_USAGE for what is not such an
 * address, or has a password in it; the error never repeats the password. */
int odbc_url_read(struct odbc_url *parts, const char *url, const char *user,
                  odbc_find_driver *find_driver, struct error *error);
void odbc_url_free(struct odbc_url *parts);

/* Appends `;KEY={value}` with what the value needs so that every byte of it counts. */
void odbc_append_attribute(struct text *string, const char *key, struct span value);

/* True where the connection string has the key, in whatever case. */
bool odbc_has_attribute(struct span string, const char *key);

/* ---- connection ---- */

enum { DIALECT_DATABASES = 2, DIALECT_SETTINGS = 4 };

/* What a database needs in addition to its catalog: constant data. */
struct dialect {
    const char *databases[DIALECT_DATABASES]; /* how SQL_DBMS_NAME begins */
    const struct catalog *catalog;

    /* Sent once after connecting: numbers with a point, times in UTC, nothing is written. */
    const char *settings[DIALECT_SETTINGS];

    /* What holds one moment of the database: the isolation (0: as it is) and the first statement of
     * the transaction. NULL: it cannot. */
    SQLULEN isolation;
    const char *first_statement;

    bool empty_is_null;      /* there is no empty text */
    bool schema_is_database; /* the database that the address names is the schema */
    bool has_cursors;      /* rows are fetched from a cursor of the server's by statements of their
                            * own: the driver would hold them all */
    bool is_untyped;       /* the catalog reads every column as text, of any length */
    bool has_exact_floats; /* what it calls floating point is decimal */
};

/* The dialect of a database by its SQL_DBMS_NAME. One that is not known gets standard SQL. */
const struct dialect *dialect_find(const char *database);

struct odbc_source {
    struct source base;
    SQLHENV environment;
    SQLHDBC handle;
    const struct dialect *dialect;
    bool is_open;
    bool is_in_transaction;
    bool is_one_moment; /* the transaction is the caller's */
    size_t open_rows;
    unsigned long cursors; /* that were opened so far: their names */
};

/* As of a driver. The password is asked for where the address or the access has a user, and
 * forgotten when the connection is there. */
struct source *odbc_open(const char *url, const char *location, const struct source_access *access,
                         struct error *error);
void odbc_close(struct source *base);
int odbc_begin(struct source *base, bool *is_one_moment, struct error *error);
int odbc_end(struct source *base, struct error *error);

/* Called before a query and after its rows are closed: where a cursor needs a transaction, one is
 * begun for the first and ended with the last. -1 with the error. */
int odbc_enter(struct odbc_source *source, struct error *error);
void odbc_leave(struct odbc_source *source);

/* Executes the SQL on a statement. 0; or -1 with the error `NAME: DOING: ...`. */
int odbc_execute(const char *name, const char *doing, SQLHSTMT statement, struct span sql,
                 struct error *error);

/* A number as the value of an attribute, which ODBC takes for a pointer (SQLSetConnectAttr,
 * SQLSetStmtAttr). */
SQLPOINTER odbc_number(SQLULEN number);

/* ---- column ---- */

enum odbc_fetch {
    FETCH_TEXT,   /* UTF-16 */
    FETCH_NUMBER, /* decimal digits */
    FETCH_REAL,
    FETCH_DAY,
    FETCH_MOMENT,
    FETCH_BYTES
};

/* A column of a result. It owns its cells and its texts. A cell is one value in the C type that the
 * column is fetched in; a block has many of them in a row. */
struct odbc_column {
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
 * reason. */
int odbc_column_describe(struct odbc_column *column, SQLHSTMT statement, SQLUSMALLINT number,
                         const struct dialect *dialect);
void odbc_column_free(struct odbc_column *column);

/* Sets the column's value from a cell of `length` bytes, or SQL_NULL_DATA. Valid while the cell
 * is. */
void odbc_column_take(struct odbc_column *column, const struct dialect *dialect, const char *cell,
                      SQLLEN length);

#endif
