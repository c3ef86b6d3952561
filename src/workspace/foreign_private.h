/* A workspace that may come from somebody else: it holds data, and nothing that does anything. */
#ifndef ROWPOST_WORKSPACE_FOREIGN_PRIVATE_H
#define ROWPOST_WORKSPACE_FOREIGN_PRIVATE_H

#include <sqlite3.h>

#include "base/error.h"

/* SQLite finds the log of a file by its name: under two names (hard links) a file has two, and is
 * refused. 0; or -1 with ERROR_WORKSPACE, or ERROR_DISK. */
int foreign_check_links(int descriptor, const char *path, struct error *error);

/* Nothing that the schema says is trusted from now on, and nothing may be longer than what this
 * program writes. For a connection that has just been opened. */
void foreign_defend(sqlite3 *database);

/* Refuses views, triggers and virtual tables. 0, or -1 with the error. */
int foreign_check_schema(sqlite3 *database, const char *path, struct error *error);

#endif
