#define _POSIX_C_SOURCE 200809L
#include "cli/row_steps.h"

#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "cli/legacy_source.h"
#include "cli/planned.h"
#include "source/source.h"
#include "staging/staging.h"
#include "workspace/listing.h"

int plan_sample_take(struct plan_sample *sample, size_t count, struct staging *staging,
                     struct workspace *workspace, struct error *error) {
    struct row_sample *rows = &sample->rows;
    sample->lookup = row_lookup_create(error);
    if (sample->lookup == NULL || row_sample_choose(rows, workspace, count, error) != 0) {
        return -1;
    }
    for (size_t i = 0; i < rows->count; i++) {
        if (span_is_null(rows->rows[i].content) &&
            row_lookup_want(sample->lookup, rows->rows[i].table, rows->rows[i].row, error) != 0) {
            return -1;
        }
    }
    if (row_lookup_run(sample->lookup, staging, error) != 0) {
        return -1;
    }
    for (size_t i = 0; i < rows->count; i++) {
        if (span_is_null(rows->rows[i].content)) {
            rows->rows[i].content =
                row_lookup_content(sample->lookup, rows->rows[i].table, rows->rows[i].row);
        }
    }
    return 0;
}

void plan_sample_clear(struct plan_sample *sample) {
    row_sample_clear(&sample->rows);
    row_lookup_free(sample->lookup);
}

static int want_rows(const struct options *options, struct workspace *workspace,
                     struct row_lookup *rows, int64_t *count, struct error *error) {
    struct listing wanted;
    if (listing_open(&wanted, workspace, LISTING_ROWS_OF_KEY,
                     &(struct listing_filter){.name = options->kind, .key = options->argument},
                     error) != 0) {
        return -1;
    }
    int rc;
    while ((rc = listing_next(&wanted, error)) == 1) {
        if (row_lookup_want(rows, listing_text(&wanted, ROW_TABLE), listing_text(&wanted, ROW_NAME),
                            error) != 0) {
            rc = -1;
            break;
        }
        ++*count;
    }
    listing_close(&wanted);
    return rc;
}

/* The path of a SQLite file that the plan was made of, or NULL. */
static const char *file_of(const struct planned *planned) {
    static const char scheme[] = "sqlite:";
    const char *source = text_string(&planned->source);
    const char *path = source;
    if (strncmp(source, scheme, strlen(scheme)) == 0) {
        path += strlen(scheme);
    }
    return *path != '\0' && access(path, R_OK) == 0 ? source : NULL;
}

static int read_staged(const struct options *options, struct source *source,
                       const struct planned *planned, struct row_lookup *rows,
                       struct error *error) {
    const struct migration *migration = options->migration;
    const struct migration_settings settings = {.values = planned->values,
                                                .value_count = planned->value_count};
    const struct staging_settings staged = {.tables = migration->tables,
                                            .table_count =
                                                migration->count_tables(migration, &settings),
                                            .schema = options->schema,
                                            .padding = migration->padding(migration, &settings)};
    struct staging *staging = staging_open(source, &staged, error);
    if (staging == NULL) {
        return -1;
    }
    int rc = row_lookup_run(rows, staging, error);
    staging_close(staging);
    return rc;
}

static int read_source(const struct options *options, struct source *source,
                       const struct planned *planned, struct row_lookup *rows,
                       struct error *error) {
    int rc = source == NULL ? -1 : read_staged(options, source, planned, rows, error);
    source_close(source);
    return rc;
}

/* The source that the plan remembers is a convenience: where it cannot be read, the rest is still
 * shown. */
static int read_remembered(const struct options *options, const struct planned *planned,
                           struct row_lookup *rows) {
    struct error error = {0};
    const char *source = file_of(planned);
    if (source == NULL) {
        log_info("the source rows are named only: the source of the plan, %s, is not here; name "
                 "one with --from",
                 text_string(&planned->source));
        return -1;
    }
    if (read_source(options, source_open(source, NULL, &error), planned, rows, &error) != 0) {
        log_warning("the source rows are named only: %s", error.message);
        return -1;
    }
    return 0;
}

int row_steps_look_up(struct options *options, struct workspace *workspace,
                      struct row_lookup **rows, struct error *error) {
    struct planned planned = {0};
    int64_t count = 0;
    int rc = -1;
    *rows = row_lookup_create(error);
    if (*rows == NULL || want_rows(options, workspace, *rows, &count, error) != 0 ||
        planned_load(options->migration, workspace, &planned, error) != 0) {
        goto out;
    }
    rc = 0;
    if (count > 0 && options->source != NULL) {
        rc = read_source(options, legacy_source_open(options, error), &planned, *rows, error);
    } else if (count > 0 && read_remembered(options, &planned, *rows) != 0) {
        row_lookup_free(*rows);
        *rows = NULL;
    }
out:
    planned_free(&planned);
    if (rc != 0) {
        row_lookup_free(*rows);
        *rows = NULL;
    }
    return rc;
}
