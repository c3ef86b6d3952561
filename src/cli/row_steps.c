#define _POSIX_C_SOURCE 200809L
#include "cli/row_steps.h"

#include <string.h>
#include <unistd.h>

#include "base/date.h"
#include "base/log.h"
#include "base/statement.h"
#include "cli/legacy_source.h"
#include "cli/steps.h"
#include "source/source.h"

int row_sample_take(struct row_sample *sample, size_t count,
                    const struct migration_settings *settings, struct source *source,
                    struct workspace *workspace, struct error *error) {
    sample->sample = sample_choose(workspace, count, error);
    sample->rows = row_lookup_create(error);
    if (sample->sample == NULL || sample->rows == NULL ||
        sample_want_rows(sample->sample, sample->rows, error) != 0) {
        return -1;
    }
    return row_lookup_run(sample->rows, steps_migration(), settings, source, error);
}

void row_sample_free(struct row_sample *sample) {
    sample_free(sample->sample);
    row_lookup_free(sample->rows);
}

/* What the plan was made with, as far as it decides which rows are read. */
struct planned {
    struct text source;
    struct text rules;
    struct text history;
    struct text admins;
};

static int load_planned(struct workspace *workspace, struct planned *planned, struct error *error) {
    const struct {
        const char *name;
        struct text *value;
    } settings[] = {{"source", &planned->source},
                    {"rules", &planned->rules},
                    {"history", &planned->history},
                    {"admins", &planned->admins}};
    for (size_t i = 0; i < sizeof settings / sizeof *settings; i++) {
        if (workspace_get_setting(workspace, settings[i].name, settings[i].value, error) != 0) {
            return -1;
        }
    }
    return 0;
}

static void free_planned(struct planned *planned) {
    text_free(&planned->source);
    text_free(&planned->rules);
    text_free(&planned->history);
    text_free(&planned->admins);
}

/* No people directory is asked: whom a row names does not change the row. A list of administrators
 * that is gone is gone with its rows. */
static struct migration_settings settings_of(const struct planned *planned) {
    const char *admins = text_string(&planned->admins);
    return (struct migration_settings){
        .rules = strcmp(text_string(&planned->rules), "notebook") == 0 ? RULES_NOTEBOOK
                                                                       : RULES_CORRECTED,
        .as_of = date_today(),
        .history = strcmp(text_string(&planned->history), "yes") == 0,
        .admins = *admins != '\0' && access(admins, R_OK) == 0 ? admins : NULL};
}

static const char wanted_sql[] =
    "SELECT q.name, s.row FROM document d JOIN kind k ON k.position = d.kind"
    " JOIN source_row s ON s.document = d.id JOIN query q ON q.id = s.query"
    " WHERE d.key = ?1 AND (?2 IS NULL OR k.name = ?2)";

static int want_rows(const struct options *options, struct workspace *workspace,
                     struct row_lookup *rows, int64_t *count, struct error *error) {
    struct statement wanted;
    if (statement_prepare(&wanted, workspace_database(workspace), wanted_sql, error) != 0) {
        return -1;
    }
    statement_bind_string(&wanted, 1, options->argument);
    statement_bind_string(&wanted, 2, options->kind);
    int rc;
    while ((rc = statement_step(&wanted, error)) == 1) {
        if (row_lookup_want(rows, statement_text(&wanted, 0), statement_text(&wanted, 1), error) !=
            0) {
            rc = -1;
            break;
        }
        ++*count;
    }
    statement_finalize(&wanted);
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

static int read_source(struct source *source, const struct planned *planned,
                       struct row_lookup *rows, struct error *error) {
    struct migration_settings settings = settings_of(planned);
    int rc =
        source == NULL ? -1 : row_lookup_run(rows, steps_migration(), &settings, source, error);
    source_close(source);
    return rc;
}

/* The source that the plan remembers is a convenience: where it cannot be read, the rest is shown
 * all the same. */
static int read_remembered(const struct planned *planned, struct row_lookup *rows) {
    struct error error = {0};
    const char *source = file_of(planned);
    if (source == NULL) {
        log_info("the source rows are named only: the source of the plan, %s, is not here; name "
                 "one with --from",
                 text_string(&planned->source));
        return -1;
    }
    if (read_source(source_open(source, NULL, &error), planned, rows, &error) != 0) {
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
        load_planned(workspace, &planned, error) != 0) {
        goto out;
    }
    rc = 0;
    if (count > 0 && options->source != NULL) {
        rc = read_source(legacy_source_open(options, error), &planned, *rows, error);
    } else if (count > 0 && read_remembered(&planned, *rows) != 0) {
        row_lookup_free(*rows);
        *rows = NULL;
    }
out:
    free_planned(&planned);
    if (rc != 0) {
        row_lookup_free(*rows);
        *rows = NULL;
    }
    return rc;
}
