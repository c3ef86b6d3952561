/* What an ODBC driver said went wrong: its own words and SQLSTATE, and where a table or a column is
 * missing, those that are there. Private to the ODBC driver. */
#ifndef ROWPOST_SOURCE_ODBC_ERROR_H
#define ROWPOST_SOURCE_ODBC_ERROR_H

#include <sql.h>
#include <sqlext.h>

#include "base/text.h"

/* Appends all that the driver has to say about a handle, on one line: `message (SQLSTATE 08001)`,
 * with `; ` between several. The first SQLSTATE and native code are given back where wanted. */
void odbc_append_diagnostics(SQLSMALLINT kind, SQLHANDLE handle, struct text *out,
                             char state[SQL_SQLSTATE_SIZE + 1], SQLINTEGER *native);

/* ERROR_SOURCE: `NAME: DOING: diagnostics`. The secret, if it is not empty, is masked wherever the
 * driver repeats it. Returns -1. */
int odbc_explain(const char *name, const char *doing, SQLSMALLINT kind, SQLHANDLE handle,
                 struct span secret, struct error *error);

/* The same after a query was not accepted or its rows failed; `schema` is whose tables are listed
 * where one is missing. */
int odbc_explain_query(const char *name, SQLHDBC connection, SQLHSTMT statement, const char *schema,
                       const char *sql, struct error *error);

#endif
