#include "cli/file_check.h"

#include <stdio.h>

#include "base/log.h"
#include "cli/steps.h"
#include "delivery/existing.h"
#include "migration/sqlfile/sqlfile.h"

static void warn(struct span about, struct span text) {
    log_warning("%.*s: %.*s", (int)about.length, about.data, (int)text.length, text.data);
}

int file_check_sql(const struct options *options, struct error *error) {
    const struct migration *migration = options->migration;
    const struct migration_settings settings = steps_settings_of(options, NULL);
    if (migration->file == NULL) {
        return 0;
    }
    if (migration->use(migration, &settings, error) != 0 ||
        sqlfile_try(migration->context, &settings, warn, error) != 0) {
        return -1;
    }
    printf("%s is in order: %zu tables, %zu kinds\n", migration->file->path, migration->table_count,
           migration->kind_count);
    return 0;
}

int file_check_columns(const struct migration *migration, size_t table, struct source *source,
                       struct error *error) {
    return migration->file == NULL
               ? 0
               : sqlfile_check_columns(migration->context, table, source, error);
}

struct named {
    const struct migration *migration;
    const struct migration_existing *existing;
    const struct existing_names *names;
    struct text unchecked; /* lines: "12, 14" */
};

static int take_named(void *context, struct span key, size_t line, struct error *error) {
    struct named *named = context;
    if (span_is_null(key)) {
        text_append_format(&named->unchecked, "%s%zu", named->unchecked.length == 0 ? "" : ", ",
                           line);
        return 0;
    }
    return map_find(&named->names->ids, key) != NULL
               ? 0
               : error_set(error, ERROR_INPUT,
                           "%s, line %zu: the target has none of the %s that is called \"%.*s\"; "
                           "expected it to be there (GET %s)",
                           named->migration->file->path, line, named->existing->name,
                           (int)key.length, key.data, named->existing->path);
}

static int check_existing(const struct migration *migration,
                          const struct migration_existing *existing, struct session *session,
                          int64_t timeout, struct error *error) {
    struct existing_names names = {0};
    struct named named = {migration, existing, &names, {0}};
    int rc = existing_read(existing, session, timeout, &names, error);
    if (rc == 0) {
        printf("the target has %zu %s\n", map_count(&names.ids), existing->name);
        rc = sqlfile_each_named(migration->context, existing->name, take_named, &named, error);
    }
    if (named.unchecked.length > 0) {
        printf("  not checked: names that come from the rows (line %s); if the target lacks one, "
               "apply leaves the document waiting\n",
               text_string(&named.unchecked));
    }
    text_free(&named.unchecked);
    existing_free(&names);
    return rc;
}

int file_check_existing(const struct migration *migration, struct session *session, int64_t timeout,
                        struct error *error) {
    int rc = 0;
    for (size_t i = 0; i < migration->existing_count && rc == 0; i++) {
        rc = check_existing(migration, &migration->existing[i], session, timeout, error);
    }
    return rc;
}
