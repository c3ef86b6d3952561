/* A connection to a database behind ODBC: found, opened, told its schema, and closed.
 *
 * Private to the ODBC driver. */
#ifndef ROWPOST_SOURCE_ODBC_CONNECTION_H
#define ROWPOST_SOURCE_ODBC_CONNECTION_H

#include <sql.h>
#include <sqlext.h>

#include "source/odbc_dialect.h"
#include "source/source.h"

struct odbc_connection {
    SQLHENV environment;
    SQLHDBC handle;
    bool is_open;
    bool is_in_transaction;
    bool is_still;
    size_t open_rows;
    unsigned long cursors; /* that were opened so far: their names */
    const struct dialect *dialect;
    struct text schema; /* as this database spells it; empty: none */
};

/* Opens what `url` names, and leaves that name in `name`. The password is asked for where the
 * address or the access has a user, and forgotten when the connection stands. -1 with ERROR_USAGE
 * or ERROR_SOURCE; the caller closes in either case. */
int odbc_connection_open(struct odbc_connection *connection, const char *url,
                         const struct source_access *access, struct text *name,
                         struct error *error);
void odbc_connection_close(struct odbc_connection *connection);

/* The schema for messages, or NULL. */
const char *odbc_connection_schema(const struct odbc_connection *connection);

/* Called before a query and after its rows are closed: where a cursor needs a transaction, one is
 * begun for the first and ended with the last. -1 with the error. */
int odbc_connection_enter(struct odbc_connection *connection, const char *name,
                          struct error *error);
void odbc_connection_leave(struct odbc_connection *connection);

/* As source_hold_still(). */
int odbc_connection_hold_still(struct odbc_connection *connection, const char *name, bool *is_still,
                               struct error *error);

/* Ends what odbc_connection_hold_still() began. */
void odbc_connection_let_go(struct odbc_connection *connection);

/* A number as the value of an attribute, which ODBC takes for a pointer (SQLSetConnectAttr,
 * SQLSetStmtAttr). */
SQLPOINTER odbc_number(SQLULEN number);

#endif
