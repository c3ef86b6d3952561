/* Who works on a workspace: a lock on the file that ends with the process, and a row that tells a
 * second program whom it would disturb.
 *
 * The lock is an open-file-description lock on a byte far beyond what SQLite locks. Its descriptor
 * must be opened before SQLite opens the file and closed after: closing any descriptor of a file
 * drops the classic locks that SQLite holds on it. */
#ifndef ROWPOST_WORKSPACE_OWNERSHIP_PRIVATE_H
#define ROWPOST_WORKSPACE_OWNERSHIP_PRIVATE_H

#include <sqlite3.h>
#include <stdbool.h>

#include "base/error.h"

/* Tries to lock. 1: it is ours; 0: another process has it; -1: the error. */
int ownership_take(int descriptor, const char *path, struct error *error);

/* Whether a process has it locked, without locking it. */
bool ownership_is_taken(int descriptor);

/* Writes the row that names this process. */
int ownership_write(sqlite3 *database, const char *verb, struct error *error);

/* Fills the error with who has the workspace, as the row tells it; returns -1. */
int ownership_refuse(const char *path, struct error *error);

#endif
