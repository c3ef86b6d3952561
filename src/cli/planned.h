/* The settings with which a plan was made, as its workspace keeps them. */
#ifndef ROWPOST_CLI_PLANNED_H
#define ROWPOST_CLI_PLANNED_H

#include <stdint.h>

#include "base/error.h"
#include "base/text.h"
#include "cli/options.h"
#include "migration/migration.h"
#include "workspace/workspace.h"

/* Owns its texts; start from `{0}`, end with planned_free(). The migration is borrowed. */
struct planned {
    struct text source;
    struct text texts[MAX_VALUES];
    struct migration_value values[MAX_VALUES];
    size_t value_count;
    int64_t as_of;
};

int planned_load(const struct migration *migration, struct workspace *workspace,
                 struct planned *planned, struct error *error);
void planned_free(struct planned *planned);

/* The migration's options and the day; they live as long as `planned`. */
struct migration_settings planned_settings(const struct planned *planned);

#endif
