#define _POSIX_C_SOURCE 200809L
#include "cli/steps.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "base/date.h"
#include "base/log.h"
#include "base/noun.h"
#include "cli/credentials.h"
#include "cli/ending.h"
#include "cli/legacy_source.h"
#include "cli/migrations.h"
#include "cli/secrets.h"
#include "delivery/plan.h"
#include "people/people.h"
#include "source/source.h"
#include "staging/staging.h"
#include "workspace/workspace.h"

int steps_choose_migration(struct options *options, struct error *error) {
    struct workspace *workspace = workspace_open_for_reading(options->workspace, error);
    if (workspace == NULL) {
        return -1;
    }
    const struct migration *migration = migrations_of(workspace, error);
    workspace_close(workspace);
    if (migration == NULL) {
        return -1;
    }
    options->migration = migration;
    return 0;
}

static enum report_colours colours(void) {
    const char *no_colour = getenv("NO_COLOR");
    const char *terminal = getenv("TERM");
    bool is_wanted = (no_colour == NULL || *no_colour == '\0') && terminal != NULL &&
                     strcmp(terminal, "dumb") != 0;
    return is_wanted && isatty(STDOUT_FILENO) ? REPORT_COLOURED : REPORT_PLAIN;
}

/* How the people directory is asked. Warns where the password would be sent unprotected. */
static struct people_access people_access_of(const struct options *options) {
    bool is_plain = options->people != NULL && strncasecmp(options->people, "ldap:", 5) == 0 &&
                    !options->ldap_starttls;
    if (is_plain && options->ldap_bind != NULL) {
        log_warning("the password of --ldap-bind goes over the network unprotected; take ldaps:// "
                    "or --ldap-starttls");
    }
    if (options->insecure && options->people != NULL &&
        (options->ldap_starttls || strncasecmp(options->people, "ldaps:", 6) == 0)) {
        log_warning("--insecure: the certificate of the people directory is not verified");
    }
    return (struct people_access){.attributes = options->ldap_attributes,
                                  .bind_dn = options->ldap_bind,
                                  .password = text_span(&options->ldap_password),
                                  .ca_file = options->ca_file,
                                  .starttls = options->ldap_starttls,
                                  .insecure = options->insecure,
                                  .refresh = options->people_refresh,
                                  .patience = options->ldap_timeout};
}

struct migration_settings steps_settings_of(const struct options *options,
                                            const struct people_access *access) {
    return (struct migration_settings){.as_of = options->as_of,
                                       .people = options->people,
                                       .access = access,
                                       .values = options->values,
                                       .value_count = options->value_count};
}

/* A workspace belongs to one migration: planning with another one would drop everything in it. */
static int check_workspace(const struct options *options, struct workspace *workspace,
                           struct error *error) {
    struct text planned = {0};
    int rc = workspace_get_setting(workspace, "migration", &planned, error);
    if (rc == 0 && planned.length > 0 &&
        strcmp(text_string(&planned), options->migration->name) != 0) {
        rc = error_set(error, ERROR_USAGE,
                       "%s: was planned with the migration %s; name it with --migration %s, or "
                       "plan into another file with -w",
                       options->workspace, text_string(&planned), text_string(&planned));
    }
    text_free(&planned);
    return rc;
}

/* Rejected rows are accepted for one plan: planning again without the option ends the
 * acceptance. */
static int note_acceptance(const struct options *options, struct workspace *workspace,
                           struct error *error) {
    char now[DATE_MOMENT_SIZE] = "";
    if (options->accept_rejects) {
        date_format_moment(date_now(), now);
    }
    return workspace_put_setting(workspace, "rejects-accepted", span_of(now), error);
}

static int plan_staged(const struct options *options, const struct migration_settings *settings,
                       const struct plan_origin *origin, struct plan_sample *sample,
                       struct workspace *workspace, bool *is_planned, struct error *error) {
    if (plan_run(options->migration, settings, origin, workspace, options->metrics, error) != 0) {
        return -1;
    }
    *is_planned = true;
    if (note_acceptance(options, workspace, error) != 0) {
        return -1;
    }
    return sample == NULL ? 0
                          : plan_sample_take(sample, (size_t)options->sample, origin->staging,
                                             workspace, error);
}

static int plan_from(const struct options *options, const struct migration_settings *settings,
                     struct source *source, struct plan_sample *sample, struct workspace *workspace,
                     bool *is_planned, struct error *error) {
    const struct migration *migration = options->migration;
    const struct staging_settings staged = {.tables = migration->tables,
                                            .table_count =
                                                migration->count_tables(migration, settings),
                                            .schema = options->schema,
                                            .beside = options->workspace,
                                            .keep = options->keep_staged,
                                            .padding = migration->padding(migration, settings)};
    struct staging *staging = staging_open(source, &staged, error);
    if (staging == NULL) {
        return -1;
    }
    const struct plan_origin origin = {.source = source_name(source), .staging = staging};
    int rc = plan_staged(options, settings, &origin, sample, workspace, is_planned, error);
    staging_close(staging);
    return rc;
}

static int prepare(struct options *options, const struct migration_settings *settings,
                   struct error *error) {
    return options->migration->check(options->migration, settings, error) == 0 &&
                   legacy_source_require(options, error) == 0
               ? secrets_load_ldap_password(options, error)
               : -1;
}

static int plan_into(const struct options *options, const struct migration_settings *settings,
                     struct source *source, struct plan_sample *sample, struct error *error) {
    int rc = -1;
    bool is_kept = access(options->workspace, F_OK) == 0;
    struct workspace *workspace = workspace_open_or_create(options->workspace, "plan", error);
    if (workspace != NULL && check_workspace(options, workspace, error) == 0) {
        rc = plan_from(options, settings, source, sample, workspace, &is_kept, error);
    }
    workspace_close(workspace);
    if (rc != 0 && !is_kept) {
        unlink(options->workspace);
    }
    return rc;
}

int steps_plan(struct options *options, struct plan_sample *sample, struct error *error) {
    if (credentials_load(options, error) != 0) {
        return -1;
    }
    struct migration_settings settings = steps_settings_of(options, NULL);
    if (prepare(options, &settings, error) != 0) {
        return -1;
    }
    const struct people_access access = people_access_of(options);
    settings.access = &access;
    struct source *source = legacy_source_open(options, error);
    if (source == NULL) {
        return -1;
    }
    int rc = plan_into(options, &settings, source, sample, error);
    source_close(source);
    return rc;
}

static int write_json(const struct summary *summary, const struct plan_sample *sample,
                      struct workspace *workspace, struct text *out, struct error *error) {
    struct json_writer json = json_writer_to(out);
    json_begin_object(&json);
    if (summary_write_members(summary, workspace, &json, error) != 0 ||
        (sample != NULL && sample_write_json(&sample->rows, workspace, &json, error) != 0)) {
        return -1;
    }
    json_end_object(&json);
    text_append_char(out, '\n');
    return 0;
}

static int64_t count_planned(const struct summary *summary) {
    int64_t planned = 0;
    for (size_t i = 0; i < summary->kind_count; i++) {
        planned = summary_add(planned, summary->kinds[i].documents);
    }
    return planned;
}

static void append_planned(const struct summary *summary, struct text *out) {
    int64_t planned = count_planned(summary);
    int64_t rows = 0;
    for (size_t i = 0; i < summary->table_count; i++) {
        rows = summary_add(rows, summary->tables[i].rows);
    }
    text_append_format(out, "%lld %s planned from %lld %s", (long long)planned,
                       noun_of(planned, "document", "documents"), (long long)rows,
                       noun_of(rows, "row", "rows"));
}

/* "3 of 5 documents " */
static void append_part(int64_t count, const struct summary *summary, struct text *out) {
    int64_t planned = count_planned(summary);
    text_append_format(out, "%lld of %lld %s ", (long long)count, (long long)planned,
                       noun_of(planned, "document", "documents"));
}

static void append_delivered(const struct summary *summary, struct text *out) {
    append_part(summary_count_there(summary), summary, out);
    text_append_string(out, "delivered");
}

static void append_equal(const struct summary *summary, struct text *out) {
    append_part(summary_count_standing(summary, STANDING_EQUAL), summary, out);
    text_append_string(out, "read back and equal");
}

static void append_delivered_and_equal(const struct summary *summary, struct text *out) {
    append_part(summary_count_standing(summary, STANDING_EQUAL), summary, out);
    text_append_string(out, "delivered and equal");
}

static void append_standing(const struct summary *summary, struct text *out) {
    append_part(summary_count_there(summary), summary, out);
    text_append_format(out, "delivered, %lld read back and equal",
                       (long long)summary_count_standing(summary, STANDING_EQUAL));
}

enum {
    REMAINDER_OF_PART = REMAINDER_UNCLEAR | REMAINDER_BAD,
    REMAINDER_OF_DELIVERY = REMAINDER_OPEN | REMAINDER_OF_PART
};

const struct conclusion conclusion_of_plan = {summary_load, summary_append_text,
                                              REMAINDER_ROWS | REMAINDER_OF_PART, append_planned};
const struct conclusion conclusion_of_run = {summary_load, summary_append_text,
                                             REMAINDER_ROWS | REMAINDER_OF_DELIVERY,
                                             append_delivered_and_equal};
const struct conclusion conclusion_of_apply = {summary_load_figures, summary_append_delivery,
                                               REMAINDER_OF_DELIVERY, append_delivered};
const struct conclusion conclusion_of_part = {summary_load_figures, summary_append_delivery,
                                              REMAINDER_OF_PART, append_delivered};
const struct conclusion conclusion_of_verify = {summary_load_figures, summary_append_delivery,
                                                REMAINDER_OF_DELIVERY, append_equal};
const struct conclusion conclusion_of_status = {summary_load_figures, summary_append_delivery,
                                                REMAINDER_OF_DELIVERY, append_standing};

/* Appends the output; the sample may be NULL. */
static int append_result(const struct summary *summary, struct workspace *workspace,
                         const struct options *options, const struct plan_sample *sample,
                         const struct conclusion *conclusion, struct text *out,
                         struct error *error) {
    if (options->json) {
        return write_json(summary, sample, workspace, out, error);
    }
    const struct summary_form form = {colours(), options->program, options->workspace};
    conclusion->append(summary, &form, out);
    return sample == NULL
               ? 0
               : sample_append_text(&sample->rows, options->migration, workspace, out, error);
}

/* The last line. Returns the exit status, or -1 with the error. `status` only reads: its duration
 * is not worth printing. */
static int append_ending(const struct summary *summary, struct workspace *workspace,
                         const struct options *options, const struct conclusion *conclusion,
                         struct text *line, struct error *error) {
    conclusion->append_outcome(summary, line);
    if (conclusion == &conclusion_of_status) {
        text_append_char(line, '.');
    } else {
        ending_append_duration(options, line);
    }
    int status =
        ending_append_reasons(options, summary, conclusion->remainder, workspace, line, error);
    return status < 0 || ending_append_next(options, summary, workspace, line, error) != 0 ? -1
                                                                                           : status;
}

/* Prints the result and the last line. */
static int print_result(const struct summary *summary, struct workspace *workspace,
                        const struct options *options, const struct plan_sample *sample,
                        const struct conclusion *conclusion, struct error *error) {
    struct text out = {0};
    struct text line = {0};
    int status = -1;
    if (append_result(summary, workspace, options, sample, conclusion, &out, error) == 0 &&
        text_check(&out, error) == 0) {
        fwrite(text_string(&out), 1, out.length, stdout);
        status = append_ending(summary, workspace, options, conclusion, &line, error);
    }
    if (status >= 0 && ending_print(options, &line, error) != 0) {
        status = -1;
    }
    text_free(&line);
    text_free(&out);
    return status;
}

int steps_conclude(const struct options *options, const struct conclusion *conclusion,
                   const struct plan_sample *sample, struct error *error) {
    struct workspace *workspace = workspace_open_for_reading(options->workspace, error);
    if (workspace == NULL) {
        return -1;
    }
    struct summary summary;
    int status = -1;
    int rc = options->json ? summary_load(workspace, &summary, error)
                           : conclusion->load(workspace, &summary, error);
    if (rc == 0) {
        status = print_result(&summary, workspace, options, sample, conclusion, error);
        summary_free(&summary);
    }
    workspace_close(workspace);
    return status;
}
