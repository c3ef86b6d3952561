#include <stdio.h>

#include "base/log.h"
#include "cli/credentials.h"
#include "cli/file_check.h"
#include "cli/legacy_source.h"
#include "cli/steps.h"
#include "staging/table.h"

/* 1: `*rows` is the table's number of rows; 0: it is not there and is not needed; -1: the error. */
static int count_rows(struct source *source, const struct table *table, int64_t *count,
                      struct error *error) {
    const char *name = table->source != NULL ? table->source : table->name;
    if (source_measure_table(source, name, NULL, 0, table->only, count, NULL, error) == 0) {
        return 1;
    }
    return table->is_optional && error->code == ERROR_USAGE ? 0 : -1;
}

/* Whether the legacy tables can be read: what the database is, and how many rows each has. */
static int check_source(struct options *options, struct error *error) {
    struct source *source = legacy_source_open(options, error);
    if (source == NULL) {
        return -1;
    }
    const char *words = source_describe(source);
    printf("%s can be read%s%s\n", source_name(source), *words == '\0' ? "" : ": ", words);
    int rc = 0;
    for (size_t i = 0; i < options->migration->table_count && rc >= 0; i++) {
        int64_t count;
        if (file_check_columns(options->migration, i, source, error) != 0) {
            rc = -1;
            break;
        }
        rc = count_rows(source, &options->migration->tables[i], &count, error);
        if (rc == 1) {
            printf("  %-14s %10lld rows\n", options->migration->tables[i].name, (long long)count);
        } else if (rc == 0) {
            printf("  %-14s is not there; it is optional\n", options->migration->tables[i].name);
        }
    }
    source_close(source);
    return rc < 0 ? -1 : 0;
}

/* Checks the target even if the source could not be read, so that both results are known. The error
 * returned is the source's; the target's is printed before it. */
static int check_target_too(struct options *options, struct error *error) {
    struct error of_target;
    if (options->target != NULL && steps_check(options, &of_target) < 0) {
        log_warning("%s", of_target.message);
    }
    return error_add_context(error, "the source");
}

/* The migration file, where one is named; the source, where one is named; the target, unless only
 * the source or the file is. */
int verb_check(struct options *options, struct error *error) {
    if (credentials_load(options, error) != 0) {
        return -1;
    }
    if (file_check_sql(options, error) != 0) {
        return -1;
    }
    bool has_source = legacy_source_is_named(options);
    if (options->migration->file != NULL && !has_source && options->target == NULL) {
        return EXIT_ALL_WELL;
    }
    if (has_source &&
        (legacy_source_require(options, error) != 0 || check_source(options, error) != 0)) {
        return check_target_too(options, error);
    }
    return has_source && options->target == NULL ? EXIT_ALL_WELL : steps_check(options, error);
}
