#include "delivery/plan.h"

#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "base/interrupt.h"
#include "base/progress.h"
#include "base/version.h"
#include "people/people.h"
#include "workspace/directory_answers.h"
#include "workspace/planning.h"

enum { LOOK_EVERY = 1024 /* rows */ };

/* A plan under way: where the entries go, what people directories answered to earlier plans, the
 * progress line and the metrics. */
struct plan {
    struct planning *planning;
    struct directory_answers answers;
    struct metrics *metrics; /* or NULL */
    struct progress progress;
    uint64_t rows;
};

/* The workspace still has its earlier content: the plan counts when it is complete. */
static void count_row(struct plan *plan, enum row_outcome outcome) {
    struct error ignored; /* the last write shows whether the metrics can be written */
    plan->rows++;
    metrics_count_row(plan->metrics, outcome);
    if (plan->rows % LOOK_EVERY == 0) {
        progress_update(&plan->progress, plan->rows, NULL);
        if (metrics_is_due(plan->metrics)) {
            metrics_write(plan->metrics, &ignored);
        }
    }
}

static int put(void *context, const struct plan_entry *entry, struct error *error) {
    struct plan *plan = context;
    if (entry->kind == PLAN_DOCUMENT) {
        metrics_count_document(plan->metrics);
    } else if (entry->kind == PLAN_ROW) {
        count_row(plan, entry->row.outcome);
    }
    bool is_looked_at = entry->kind == PLAN_DOCUMENT || plan->rows % LOOK_EVERY == 0;
    return is_looked_at && interrupt_requested()
               ? interrupt_set_error(error, " while planning; the workspace is as it was")
               : planning_put(plan->planning, entry, error);
}

static int find_answer(void *context, struct span directory, struct span name, struct text *answer,
                       struct error *error) {
    struct plan *plan = context;
    return directory_answers_find(&plan->answers, directory, name, answer, error);
}

static int keep_answer(void *context, struct span directory, struct span name, struct span answer,
                       struct error *error) {
    const struct plan_entry entry = {
        .kind = PLAN_ANSWER, .answer = {.directory = directory, .name = name, .answer = answer}};
    return put(context, &entry, error);
}

static int put_setting(struct workspace *workspace, const char *name, const char *value,
                       struct error *error) {
    return workspace_put_setting(workspace, name, span_of(value == NULL ? "" : value), error);
}

/* The values that were given, with a blank between; where there was none, the default. */
static int put_option(const struct migration_option *option,
                      const struct migration_settings *settings, struct workspace *workspace,
                      struct error *error) {
    struct text all = {0};
    if (option->otherwise != NULL && migration_find_value(settings, option->name) == NULL) {
        return put_setting(workspace, option->name, option->otherwise, error);
    }
    for (size_t i = 0; i < settings->value_count; i++) {
        const struct migration_value *value = &settings->values[i];
        if (strcmp(value->name, option->name) != 0) {
            continue;
        }
        if (!option->may_repeat) {
            text_clear(&all);
        }
        text_append_format(&all, "%s%s", all.length == 0 ? "" : " ", value->value);
    }
    if (all.length == 0 && option->value == NULL) {
        text_append_string(&all, "no");
    } else if (all.length == 0 && option->choices != NULL) {
        text_append_string(&all, option->choices[0]);
    }
    int rc = text_check(&all, error);
    if (rc == 0) {
        rc = put_setting(workspace, option->name, text_string(&all), error);
    }
    text_free(&all);
    return rc;
}

/* Later verbs use this text, even if the file changes. */
static int note_file(const struct migration_file *file, struct workspace *workspace,
                     struct error *error) {
    return file == NULL ||
                   (put_setting(workspace, "migration-file", file->path, error) == 0 &&
                    put_setting(workspace, "migration-sha256", file->sha256, error) == 0 &&
                    workspace_put_setting(workspace, "migration-text", file->text, error) == 0)
               ? 0
               : -1;
}

/* What the plan was made with, so that it can be made again. */
static int note_settings(const struct migration *migration,
                         const struct migration_settings *settings, const char *source,
                         bool is_one_moment, struct workspace *workspace, struct error *error) {
    char as_of[DATE_DAY_SIZE];
    char now[DATE_MOMENT_SIZE];
    date_format_day(settings->as_of, as_of);
    date_format_moment(date_now(), now);
    const char *values[][2] = {
        {"program", version_text},
        {"migration", migration->name},
        {"source", source},
        {"as-of", as_of},
        {"people", settings->people},
        {"one-moment", is_one_moment ? "yes" : "no"},
        {"planned", now},
    };
    for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
        if (put_setting(workspace, values[i][0], values[i][1], error) != 0) {
            return -1;
        }
    }
    if (note_file(migration->file, workspace, error) != 0) {
        return -1;
    }
    for (size_t i = 0; i < migration->option_count; i++) {
        if (put_option(&migration->options[i], settings, workspace, error) != 0) {
            return -1;
        }
    }
    return 0;
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

/* Runs the migration; a people directory may answer from what the workspace keeps. */
static int run_migration(const struct migration *migration,
                         const struct migration_settings *settings, struct staging *staging,
                         struct plan *plan, struct error *error) {
    struct people_access access = settings->access == NULL ? people_anonymous : *settings->access;
    struct migration_settings remembering = *settings;
    struct plan_sink sink = {.context = plan, .put = put};
    access.cache = (struct people_cache){.context = plan, .find = find_answer, .keep = keep_answer};
    remembering.access = &access;
    progress_begin(&plan->progress, "rows", 0);
    int rc = migration->plan(migration, &remembering, staging, &sink, error);
    progress_update(&plan->progress, plan->rows, NULL);
    progress_end(&plan->progress);
    return rc;
}

int plan_run(const struct migration *migration, const struct migration_settings *settings,
             const struct plan_origin *origin, struct workspace *workspace, struct metrics *metrics,
             struct error *error) {
    struct plan plan = {.metrics = metrics};
    bool is_one_moment = false;
    if (metrics_read(metrics, workspace, error) != 0 ||
        (plan.planning = begin(migration, workspace, error)) == NULL) {
        return -1;
    }
    int rc = directory_answers_open(&plan.answers, workspace, error);
    if (rc == 0) {
        rc = run_migration(migration, settings, origin->staging, &plan, error);
    }
    directory_answers_close(&plan.answers);
    if (rc != 0 || staging_finish(origin->staging, &is_one_moment, error) != 0 ||
        note_settings(migration, settings, origin->source, is_one_moment, workspace, error) != 0) {
        planning_abandon(plan.planning);
        return -1;
    }
    return planning_finish(plan.planning, error) == 0 ? metrics_read(metrics, workspace, error)
                                                      : -1;
}
