#define _POSIX_C_SOURCE 200809L
#include "cli/steps.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "base/log.h"
#include "cli/credentials.h"
#include "cli/legacy_source.h"
#include "cli/secrets.h"
#include "delivery/plan.h"
#include "people/people.h"
#include "report/account_report.h"
#include "source/source.h"
#include "valdb/valdb.h"
#include "workspace/workspace.h"

const struct migration *steps_migration(void) {
    return &valdb_migration;
}

static enum report_colours colours(void) {
    const char *no_colour = getenv("NO_COLOR");
    const char *terminal = getenv("TERM");
    bool is_wanted = (no_colour == NULL || *no_colour == '\0') && terminal != NULL &&
                     strcmp(terminal, "dumb") != 0;
    return is_wanted && isatty(STDOUT_FILENO) ? REPORT_COLOURED : REPORT_PLAIN;
}

static int check_plan_options(struct options *options, struct error *error) {
    if (legacy_source_require(options, error) != 0) {
        return -1;
    }
    if (options->history && options->rules == RULES_NOTEBOOK) {
        return error_set(error, ERROR_USAGE,
                         "--history: the notebook's rules know no earlier versions; leave out one "
                         "of --history and --rules notebook");
    }
    return 0;
}

/* Whose people directory is asked, and how. The password has to be on its way in good hands. */
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

static struct migration_settings settings_of(const struct options *options,
                                             const struct people_access *access) {
    return (struct migration_settings){.rules = options->rules,
                                       .as_of = options->as_of,
                                       .history = options->history,
                                       .admins = options->admins,
                                       .people = options->people,
                                       .access = access,
                                       .aliases = options->aliases,
                                       .alias_count = options->alias_count};
}

/* The sample reads the source a second time; it should see the same. */
static int plan_from(const struct options *options, struct source *source,
                     struct row_sample *sample, struct workspace *workspace, bool *is_planned,
                     struct error *error) {
    const struct people_access access = people_access_of(options);
    struct migration_settings settings = settings_of(options, &access);
    bool is_still = false;
    if (sample != NULL && source_hold_still(source, &is_still, error) != 0) {
        return -1;
    }
    if (plan_run(&valdb_migration, &settings, source, workspace, options->metrics, error) != 0) {
        return -1;
    }
    *is_planned = true;
    settings.people = NULL; /* whom a row names does not change the row */
    return sample == NULL ? 0
                          : row_sample_take(sample, (size_t)options->sample, &settings, source,
                                            workspace, error);
}

int steps_plan_and_sample(struct options *options, struct row_sample *sample, struct error *error) {
    if (credentials_load(options, error) != 0 || check_plan_options(options, error) != 0 ||
        secrets_load_ldap_password(options, error) != 0) {
        return -1;
    }
    struct source *source = legacy_source_open(options, error);
    if (source == NULL) {
        return -1;
    }
    int rc = -1;
    bool is_kept = access(options->workspace, F_OK) == 0;
    struct workspace *workspace = workspace_open_or_create(options->workspace, "plan", error);
    if (workspace != NULL) {
        rc = plan_from(options, source, sample, workspace, &is_kept, error);
        workspace_close(workspace);
    }
    if (rc != 0 && !is_kept) {
        unlink(options->workspace);
    }
    source_close(source);
    return rc;
}

int steps_plan(struct options *options, struct error *error) {
    return steps_plan_and_sample(options, NULL, error);
}

static int write_json(const struct account *account, const struct row_sample *sample,
                      struct workspace *workspace, struct text *out, struct error *error) {
    struct json_writer json = json_writer_to(out);
    json_begin_object(&json);
    if (account_write_members(account, workspace, &json, error) != 0 ||
        (sample != NULL &&
         sample_write_json(sample->sample, sample->rows, workspace, &json, error) != 0)) {
        return -1;
    }
    json_end_object(&json);
    text_append_char(out, '\n');
    return 0;
}

/* A text of the account, and as much of it as that text takes. */
struct conclusion {
    int (*load)(struct workspace *, struct account *, struct error *);
    void (*append)(const struct account *, enum report_colours, struct text *);
};

static const struct conclusion whole_account = {account_load, account_append_text};
static const struct conclusion delivery = {account_load_figures, account_append_delivery};

/* Prints the text of the account, or its JSON; and the sample, which may be NULL. */
static int print_account(const struct account *account, struct workspace *workspace,
                         const struct options *options, const struct row_sample *sample,
                         const struct conclusion *conclusion, struct error *error) {
    struct text out = {0};
    int rc = 0;
    if (options->json) {
        rc = write_json(account, sample, workspace, &out, error);
    } else {
        conclusion->append(account, colours(), &out);
        rc = sample == NULL ? 0
                            : sample_append_text(sample->sample, sample->rows, &valdb_migration,
                                                 workspace, &out, error);
    }
    if (rc == 0) {
        rc = text_check(&out, error);
    }
    if (rc == 0) {
        fwrite(text_string(&out), 1, out.length, stdout);
    }
    text_free(&out);
    return rc;
}

static int status_of(const struct account *account) {
    bool is_wrong = account_rows_rejected(account) > 0 ||
                    account_documents_in(account, STATE_REFUSED) > 0 ||
                    account_documents_in(account, STATE_DIFFERENT) > 0 ||
                    account_documents_in(account, STATE_UNKNOWN) > 0 ||
                    account_documents_with(account, VERDICT_DIFFERENT) > 0 ||
                    account_documents_with(account, VERDICT_MISSING) > 0;
    return is_wrong ? EXIT_SOMETHING_WRONG : EXIT_ALL_WELL;
}

/* Opens the workspace, prints one form of its account and makes the exit status of it. */
static int conclude(const struct options *options, const struct row_sample *sample,
                    const struct conclusion *conclusion, struct error *error) {
    struct workspace *workspace = workspace_open_for_reading(options->workspace, error);
    if (workspace == NULL) {
        return -1;
    }
    struct account account;
    int status = -1;
    int rc = options->json ? account_load(workspace, &account, error)
                           : conclusion->load(workspace, &account, error);
    if (rc == 0) {
        status = print_account(&account, workspace, options, sample, conclusion, error);
        status = status == 0 ? status_of(&account) : status;
        account_free(&account);
    }
    workspace_close(workspace);
    return status;
}

int steps_conclude_account(const struct options *options, struct error *error) {
    return conclude(options, NULL, &whole_account, error);
}

int steps_conclude_plan(const struct options *options, const struct row_sample *sample,
                        struct error *error) {
    return conclude(options, sample, &whole_account, error);
}

int steps_conclude_delivery(const struct options *options, struct error *error) {
    return conclude(options, NULL, &delivery, error);
}
