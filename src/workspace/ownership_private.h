/* Who works on a workspace: a row in addition to the lock (base/file_lock.h), so that a second
 * program can report who has it open. */
#ifndef ROWPOST_WORKSPACE_OWNERSHIP_PRIVATE_H
#define ROWPOST_WORKSPACE_OWNERSHIP_PRIVATE_H

#include <sqlite3.h>

#include "base/error.h"

/* Writes the row that names this process. */
int ownership_write(sqlite3 *database, const char *verb, struct error *error);

/* Fills the error with who has the workspace, by the row; returns -1. */
int ownership_refuse(const char *path, struct error *error);

#endif
