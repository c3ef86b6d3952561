/* Who works on a workspace: a row beside the lock (base/file_lock.h), so that a second program can
 * say whom it would disturb. */
#ifndef ROWPOST_WORKSPACE_OWNERSHIP_PRIVATE_H
#define ROWPOST_WORKSPACE_OWNERSHIP_PRIVATE_H

#include <sqlite3.h>

#include "base/error.h"

/* Writes the row that names this process. */
int ownership_write(sqlite3 *database, const char *verb, struct error *error);

/* Fills the error with who has the workspace, as the row tells it; returns -1. */
int ownership_refuse(const char *path, struct error *error);

#endif
