/* The migrations that this program has, by name, and those that are read from files. */
#ifndef ROWPOST_CLI_MIGRATIONS_H
#define ROWPOST_CLI_MIGRATIONS_H

#include <stddef.h>

#include "base/error.h"
#include "migration/migration.h"
#include "workspace/workspace.h"

/* The default migration, where none is named. */
extern const struct migration *const migrations_default;

/* Their names, the default first; NULL after the last. */
const char *migrations_choice(size_t index);

/* The one of that name; or of the file, where the name is a path (it has a slash, or ends in
 * `.sql`). NULL with ERROR_USAGE that lists them, or with what is wrong with the file. A file's
 * migration lives until migrations_free(). */
const struct migration *migrations_find(const char *name, struct error *error);

void migrations_free(void);

/* The migration of a file with any name. */
const struct migration *migrations_load(const char *path, struct error *error);

/* The one that a workspace was planned with, a file's by the text that the workspace keeps (a
 * warning shows that the file has changed since); the default where nothing is planned yet; NULL
 * with ERROR_WORKSPACE where this program does not have it. */
const struct migration *migrations_of(struct workspace *workspace, struct error *error);

#endif
