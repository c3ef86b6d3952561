/* What the databases behind ODBC do differently, as one table, and SQL translated for them.
 *
 * Private to the ODBC driver; constant data, nothing is owned. source.h says how SQL is written; a
 * statement that a driver is sent comes out of dialect_translate(). */
#ifndef ROWPOST_SOURCE_ODBC_DIALECT_H
#define ROWPOST_SOURCE_ODBC_DIALECT_H

#include <sql.h>
#include <sqlext.h>

#include "base/text.h"

struct catalog;

enum { DIALECT_DATABASES = 2, DIALECT_SETTINGS = 8 };

enum dialect_fold {
    FOLD_UPPER, /* an unquoted name is upper case: Oracle, and the SQL standard */
    FOLD_LOWER, /* PostgreSQL */
    FOLD_NONE   /* names stay as they are written, or match in any case */
};

struct dialect {
    const struct catalog *catalog;
    const char *databases[DIALECT_DATABASES]; /* how SQL_DBMS_NAME begins */
    enum dialect_fold fold;
    char quote;

    /* What goes around a column of an ORDER BY so that its texts are ordered by their bytes,
     * whatever the collation, with nulls first. */
    const char *bytes_before;
    const char *bytes_after;

    /* Sent once after connecting: numbers with a point, times in UTC, nothing is written. */
    const char *settings[DIALECT_SETTINGS];

    /* Makes the schema the one that a table without one is in; `%s` is the quoted schema. NULL: the
     * database cannot be told. */
    const char *use_schema;

    /* What holds one state of the database: the isolation (0: as it is) and the first statement of
     * the transaction. NULL: it cannot. */
    SQLULEN still_isolation;
    const char *still_statement;

    bool empty_is_null;      /* there is no empty text */
    bool schema_is_database; /* the database that the connection names is the schema */
    bool has_cursors;      /* rows are fetched from a cursor of the server's by statements of their
                            * own: the driver would hold them all */
    bool is_loosely_typed; /* a column's type says little about its values */
    bool has_exact_floats; /* what it calls floating point is decimal */
};

/* The dialect of a database by its SQL_DBMS_NAME. One that is not known gets standard SQL. */
const struct dialect *dialect_find(const char *database);

/* Appends the SQL as the dialect wants it. Refuses what is not exactly one SELECT (or WITH):
 * returns why, or NULL where all is well. */
const char *dialect_translate(const struct dialect *dialect, const char *sql, struct text *out);

/* Appends a name in quotes. One in upper case alone, as Oracle has it, is folded. */
void dialect_append_name(const struct dialect *dialect, struct span name, struct text *out);

/* Appends a column's name as the database gave it: as Oracle would have it. */
void dialect_append_column_name(const struct dialect *dialect, struct span name, struct text *out);

#endif
