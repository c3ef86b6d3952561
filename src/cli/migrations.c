#include "cli/migrations.h"

#include <string.h>

#include "valdb/valdb.h"

static const struct migration *const migrations[] = {&valdb_migration};

enum { MIGRATION_COUNT = sizeof migrations / sizeof *migrations };

const struct migration *const migrations_default = &valdb_migration;

const char *migrations_choice(size_t index) {
    return index < MIGRATION_COUNT ? migrations[index]->name : NULL;
}

const struct migration *migrations_find(const char *name, struct error *error) {
    struct text known = {0};
    for (size_t i = 0; i < MIGRATION_COUNT; i++) {
        if (strcmp(migrations[i]->name, name) == 0) {
            text_free(&known);
            return migrations[i];
        }
        text_append_format(&known, "%s%s", i == 0 ? "" : ", ", migrations[i]->name);
    }
    error_set(error, ERROR_USAGE, "--migration %s: there is no such migration; there are: %s", name,
              text_string(&known));
    text_free(&known);
    return NULL;
}

const struct migration *migrations_of(struct workspace *workspace, struct error *error) {
    struct text name = {0};
    const struct migration *found = NULL;
    if (workspace_get_setting(workspace, "migration", &name, error) == 0) {
        found = name.length == 0 ? migrations_default : migrations_find(text_string(&name), error);
        if (found == NULL) {
            error_set(error, ERROR_WORKSPACE,
                      "%s: was planned with the migration \"%s\", which this program does not have",
                      workspace_path(workspace), text_string(&name));
        }
    }
    text_free(&name);
    return found;
}
