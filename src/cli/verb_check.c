#include <stdio.h>

#include "cli/credentials.h"
#include "cli/file_check.h"
#include "cli/legacy_source.h"
#include "cli/steps.h"
#include "staging/table.h"

/* 1: the table has so many rows; 0: it is not there and need not be; -1: the error. */
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

/* The migration file, where one is named; the source, where one is named; the target, unless the
 * source or the file alone is. */
int verb_check(struct options *options, struct error *error) {
    if (credentials_load(options, error) != 0) {
        return -1;
    }
    if (file_check_sql(options, error) != 0) {
        return -1;
    }
    bool has_source = options->source != NULL;
    if (options->migration->file != NULL && !has_source && options->target == NULL) {
        return EXIT_ALL_WELL;
    }
    if (has_source && check_source(options, error) != 0) {
        return -1;
    }
    return has_source && options->target == NULL ? EXIT_ALL_WELL : steps_check(options, error);
}
