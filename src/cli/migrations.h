/* The migrations that this program has, by name. */
#ifndef ROWPOST_CLI_MIGRATIONS_H
#define ROWPOST_CLI_MIGRATIONS_H

#include <stddef.h>

#include "base/error.h"
#include "migration/migration.h"
#include "workspace/workspace.h"

/* The one that is meant where none is named. */
extern const struct migration *const migrations_default;

/* Their names, the default first; NULL behind the last. */
const char *migrations_choice(size_t index);

/* The one of that name, or NULL with ERROR_USAGE that lists them. */
const struct migration *migrations_find(const char *name, struct error *error);

/* The one that a workspace was planned with; the default where nothing is planned yet; NULL with
 * ERROR_WORKSPACE where this program does not have it. */
const struct migration *migrations_of(struct workspace *workspace, struct error *error);

#endif
