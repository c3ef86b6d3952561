#include "cli/migrations.h"

#include <string.h>

#include "base/log.h"
#include "migration/sqlfile/sqlfile.h"
#include "valdb/valdb.h"

static const struct migration *const migrations[] = {&valdb_migration};

enum { MIGRATION_COUNT = sizeof migrations / sizeof *migrations };

const struct migration *const migrations_default = &valdb_migration;

const char *migrations_choice(size_t index) {
    return index < MIGRATION_COUNT ? migrations[index]->name : NULL;
}

/* The migrations that were read from files: that of the command line, and that of the workspace. */
enum { MOST_FILES = 8 };

static struct sqlfile *files[MOST_FILES];
static size_t file_count;

void migrations_free(void) {
    while (file_count > 0) {
        sqlfile_free(files[--file_count]);
    }
}

static const struct migration *keep(struct sqlfile *file, struct error *error) {
    if (file == NULL) {
        return NULL;
    }
    if (file_count == MOST_FILES) {
        sqlfile_free(file);
        error_set(error, ERROR_INTERNAL, "more than %d migration files", MOST_FILES);
        return NULL;
    }
    files[file_count++] = file;
    return sqlfile_migration(file);
}

const struct migration *migrations_load(const char *path, struct error *error) {
    return keep(sqlfile_load(path, error), error);
}

static bool is_path(const char *name) {
    size_t length = strlen(name);
    return strchr(name, '/') != NULL || (length > 4 && strcmp(name + length - 4, ".sql") == 0);
}

const struct migration *migrations_find(const char *name, struct error *error) {
    struct text known = {0};
    if (is_path(name)) {
        return migrations_load(name, error);
    }
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

/* The text of the plan is used; a change of the file is reported. */
static const struct migration *find_kept(struct workspace *workspace, const struct text *text,
                                         struct error *error) {
    struct text path = {0};
    struct text sha256 = {0};
    const struct migration *found = NULL;
    if (workspace_get_setting(workspace, "migration-file", &path, error) == 0 &&
        workspace_get_setting(workspace, "migration-sha256", &sha256, error) == 0) {
        for (size_t i = 0; i < file_count && found == NULL; i++) {
            const struct migration *known = sqlfile_migration(files[i]);
            found = strcmp(known->file->sha256, text_string(&sha256)) == 0 ? known : NULL;
        }
        if (found == NULL) {
            found = keep(sqlfile_read(text_string(&path), text_span(text), error), error);
        }
        if (found != NULL && sqlfile_is_unchanged(text_string(&path), text_string(&sha256)) == 0) {
            log_warning("%s has changed since the plan; the text of the plan counts. Plan again to "
                        "take the new one",
                        text_string(&path));
        }
    }
    text_free(&path);
    text_free(&sha256);
    return found;
}

static const struct migration *find_named(struct workspace *workspace, struct error *error) {
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

const struct migration *migrations_of(struct workspace *workspace, struct error *error) {
    struct text text = {0};
    const struct migration *found = NULL;
    if (workspace_get_setting(workspace, "migration-text", &text, error) == 0) {
        found =
            text.length == 0 ? find_named(workspace, error) : find_kept(workspace, &text, error);
    }
    text_free(&text);
    return found;
}
