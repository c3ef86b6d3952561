/* What opening a workspace does in addition to opening the file: the checks of a file that may come
 * from somebody else (foreign.c), and the row that names the program that works on it
 * (ownership.c).
 */
#ifndef ROWPOST_WORKSPACE_OPENING_PRIVATE_H
#define ROWPOST_WORKSPACE_OPENING_PRIVATE_H

#include <sqlite3.h>

#include "base/error.h"

/* SQLite finds the log of a file by its name: a file with two names (hard links) has two logs, and
 * is refused. 0; or -1 with ERROR_WORKSPACE, or ERROR_DISK. */
int foreign_check_links(int descriptor, const char *path, struct error *error);

/* From now on nothing in the schema is trusted, and no value may be longer than what this program
 * writes. For a connection that has just been opened. */
void foreign_defend(sqlite3 *database);

/* A workspace has only data, and nothing that SQLite would run: refuses views, triggers and virtual
 * tables. 0, or -1 with the error. */
int foreign_check_schema(sqlite3 *database, const char *path, struct error *error);

/* Writes the row that names this process. It is there in addition to the lock (base/file_lock.h),
 * so that a second program can report who has the workspace open. */
int ownership_write(sqlite3 *database, const char *verb, struct error *error);

/* Fills the error with who has the workspace, by the row; returns -1. */
int ownership_refuse(const char *path, struct error *error);

#endif
