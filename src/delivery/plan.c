#include "delivery/plan.h"

#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "base/interrupt.h"
#include "base/progress.h"
#include "base/version.h"
#include "delivery/plan_writer.h"
#include "people/people.h"
#include "workspace/directory_answers.h"
#include "workspace/planning.h"

/* What the sink needs: the plan's writer, what earlier plans were told by people directories, the
 * progress line and the metrics. */
struct plan {
    struct plan_writer *writer;
    struct directory_answers answers;
    struct metrics *metrics; /* or NULL */
    struct progress progress;
    uint64_t rows;
};

static int begin_query(void *context, size_t kind, const char *name, const char *sql, int *query,
                       struct error *error) {
    struct plan *plan = context;
    return plan_writer_begin_query(plan->writer, kind, name, sql, query, error);
}

static int end_query(void *context, int query, int64_t rows_read, struct error *error) {
    struct plan *plan = context;
    return plan_writer_end_query(plan->writer, query, rows_read, error);
}

static int add_document(void *context, const struct document *document, int64_t *id,
                        struct error *error) {
    struct plan *plan = context;
    if (interrupt_requested()) {
        return error_set(error, ERROR_INTERRUPTED,
                         "stopped while planning; the workspace stands as it was. Run the same "
                         "command again");
    }
    metrics_count_document(plan->metrics);
    return plan_writer_add_document(plan->writer, document, id, error);
}

/* What the workspace holds is what it held before: the plan counts when it is whole. */
static void count_row(struct plan *plan, enum fate fate) {
    struct error ignored; /* the last writing tells whether the metrics can be written */
    plan->rows++;
    metrics_count_row(plan->metrics, fate);
    if (plan->rows % 1024 == 0) {
        progress_update(&plan->progress, plan->rows, NULL);
        if (metrics_is_due(plan->metrics)) {
            metrics_write(plan->metrics, &ignored);
        }
    }
}

static int use_row(void *context, struct row_reference row, int64_t document, struct error *error) {
    struct plan *plan = context;
    count_row(plan, FATE_USED);
    return plan_writer_use_row(plan->writer, row, document, error);
}

static int skip_row(void *context, struct row_reference row, const char *rule, struct span content,
                    struct error *error) {
    struct plan *plan = context;
    count_row(plan, FATE_SKIPPED);
    return plan_writer_drop_row(plan->writer, row, FATE_SKIPPED, span_of(rule), content, error);
}

static int reject_row(void *context, struct row_reference row, struct span reason,
                      struct span content, struct error *error) {
    struct plan *plan = context;
    count_row(plan, FATE_REJECTED);
    return plan_writer_drop_row(plan->writer, row, FATE_REJECTED, reason, content, error);
}

static int count_correction(void *context, size_t kind, const char *correction, int64_t times,
                            struct error *error) {
    struct plan *plan = context;
    return plan_writer_count_correction(plan->writer, kind, correction, times, error);
}

static int warn(void *context, size_t kind, struct span key, struct span text,
                struct error *error) {
    struct plan *plan = context;
    return plan_writer_add_warning(plan->writer, kind, key, text, error);
}

static int tell_lookup(void *context, const struct person_lookup *lookup, struct error *error) {
    struct plan *plan = context;
    return plan_writer_add_lookup(plan->writer, lookup, error);
}

static int find_answer(void *context, struct span directory, struct span name, struct text *answer,
                       struct error *error) {
    const struct plan *plan = context;
    return directory_answers_find(&plan->answers, directory, name, answer, error);
}

static int keep_answer(void *context, struct span directory, struct span name, struct span answer,
                       struct error *error) {
    struct plan *plan = context;
    return plan_writer_keep_answer(plan->writer, directory, name, answer, error);
}

static int put(struct workspace *workspace, const char *name, const char *value,
               struct error *error) {
    return workspace_put_setting(workspace, name, span_of(value == NULL ? "" : value), error);
}

static int put_aliases(const struct migration_settings *settings, struct workspace *workspace,
                       struct error *error) {
    struct text aliases = {0};
    for (size_t i = 0; i < settings->alias_count; i++) {
        text_append_format(&aliases, "%s%s=%s", i == 0 ? "" : " ", settings->aliases[i].from,
                           settings->aliases[i].to);
    }
    int rc = text_check(&aliases, error);
    if (rc == 0) {
        rc = put(workspace, "aliases", text_string(&aliases), error);
    }
    text_free(&aliases);
    return rc;
}

/* What the plan was made with, so that it can be made again. */
static int note_settings(const struct migration *migration,
                         const struct migration_settings *settings, const struct source *source,
                         struct workspace *workspace, struct error *error) {
    char as_of[DATE_DAY_SIZE];
    char now[DATE_MOMENT_SIZE];
    date_format_day(settings->as_of, as_of);
    date_format_moment(date_now(), now);
    const char *values[][2] = {
        {"program", version_text},
        {"migration", migration->name},
        {"source", source_name(source)},
        {"rules", settings->rules == RULES_CORRECTED ? "corrected" : "notebook"},
        {"as-of", as_of},
        {"history", settings->history ? "yes" : "no"},
        {"admins", settings->admins},
        {"people", settings->people},
        {"planned", now},
    };
    for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
        if (put(workspace, values[i][0], values[i][1], error) != 0) {
            return -1;
        }
    }
    return put_aliases(settings, workspace, error);
}

static struct planning *begin(const struct migration *migration, struct workspace *workspace,
                              struct error *error) {
    struct planning_kind *kinds = calloc(migration->kind_count, sizeof *kinds);
    if (kinds == NULL) {
        error_set_no_memory(error);
        return NULL;
    }
    for (size_t i = 0; i < migration->kind_count; i++) {
        kinds[i] = (struct planning_kind){.name = migration->kinds[i].name,
                                          .post_path = migration->kinds[i].post_path};
    }
    struct planning *planning = planning_begin(workspace, kinds, migration->kind_count, error);
    free(kinds);
    return planning;
}

/* The migration at work, a people directory answering from what the workspace keeps. */
static int run_migration(const struct migration *migration,
                         const struct migration_settings *settings, struct source *source,
                         struct plan *plan, struct migration_sink *sink, struct error *error) {
    struct people_access access = settings->access == NULL ? people_anonymous : *settings->access;
    struct migration_settings remembering = *settings;
    access.cache = (struct people_cache){.context = plan, .find = find_answer, .keep = keep_answer};
    remembering.access = &access;
    return migration->plan(&remembering, source, sink, error);
}

/* Runs the migration with the writer behind it; when it returns, the planning is the caller's. */
static int write_plan(const struct migration *migration, const struct migration_settings *settings,
                      struct source *source, struct workspace *workspace, struct planning *planning,
                      struct metrics *metrics, struct error *error) {
    struct plan plan = {.metrics = metrics};
    if (directory_answers_load(workspace, &plan.answers, error) != 0 ||
        (plan.writer = plan_writer_start(planning, error)) == NULL) {
        directory_answers_free(&plan.answers);
        return -1;
    }
    struct migration_sink sink = {.context = &plan,
                                  .begin_query = begin_query,
                                  .end_query = end_query,
                                  .add_document = add_document,
                                  .use_row = use_row,
                                  .skip_row = skip_row,
                                  .reject_row = reject_row,
                                  .count_correction = count_correction,
                                  .warn = warn,
                                  .tell_lookup = tell_lookup};
    progress_begin(&plan.progress, "rows", 0);
    int rc = run_migration(migration, settings, source, &plan, &sink, error);
    if (rc == 0) {
        rc = plan_writer_finish(plan.writer, error);
    } else {
        plan_writer_abandon(plan.writer);
    }
    progress_update(&plan.progress, plan.rows, NULL);
    progress_end(&plan.progress);
    directory_answers_free(&plan.answers);
    return rc;
}

int plan_run(const struct migration *migration, const struct migration_settings *settings,
             struct source *source, struct workspace *workspace, struct metrics *metrics,
             struct error *error) {
    if (metrics_read(metrics, workspace, error) != 0) {
        return -1;
    }
    struct planning *planning = begin(migration, workspace, error);
    if (planning == NULL) {
        return -1;
    }
    if (write_plan(migration, settings, source, workspace, planning, metrics, error) != 0 ||
        note_settings(migration, settings, source, workspace, error) != 0) {
        planning_abandon(planning);
        return -1;
    }
    return planning_finish(planning, error) == 0 ? metrics_read(metrics, workspace, error) : -1;
}
