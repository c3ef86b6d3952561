/* A workspace that may come from somebody else: it must have only data, and nothing that SQLite
 * would run. */
#ifndef ROWPOST_WORKSPACE_FOREIGN_PRIVATE_H
#define ROWPOST_WORKSPACE_FOREIGN_PRIVATE_H

#include <sqlite3.h>

#include "base/error.h"

/* SQLite finds the log of a file by its name: a file with two names (hard links) has two logs, and
 * is refused. 0; or -1 with ERROR_WORKSPACE, or ERROR_DISK. */
int foreign_check_links(int descriptor, const char *path, struct error *error);

/* From now on nothing in the schema is trusted, and no value may be longer than what this program
 * writes. For a connection that has just been opened. */
void foreign_defend(sqlite3 *database);

/* Refuses views, triggers and virtual tables. 0, or -1 with the error. */
int foreign_check_schema(sqlite3 *database, const char *path, struct error *error);

#endif
