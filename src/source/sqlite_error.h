/* What went wrong with a SQLite source, in a person's words: what is missing and what is there
 * instead. Private to src/source. Nothing is owned. */
#ifndef ROWPOST_SOURCE_SQLITE_ERROR_H
#define ROWPOST_SOURCE_SQLITE_ERROR_H

#include <sqlite3.h>

#include "base/error.h"

/* After a query was not accepted: names the table or column that is missing and lists those that
 * are there. Returns -1. */
int sqlite_explain_query(sqlite3 *database, const char *name, const char *sql, struct error *error);

/* After the database could not be opened or read; `sql` may be NULL. Returns -1. */
int sqlite_explain_reading(sqlite3 *database, const char *name, const char *sql,
                           struct error *error);

#endif
