#define _POSIX_C_SOURCE 200809L
#include "cli/steps.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/credentials.h"
#include "delivery/plan.h"
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

int steps_require_source(const struct options *options, struct error *error) {
    if (options->source == NULL) {
        return error_set(error, ERROR_USAGE,
                         "no source: name the legacy database with --from, such as --from "
                         "legacy.db");
    }
    return 0;
}

struct source *steps_open_source(const struct options *options, struct error *error) {
    return source_open(options->source, NULL, error);
}

static int check_plan_options(const struct options *options, struct error *error) {
    if (steps_require_source(options, error) != 0) {
        return -1;
    }
    if (options->history && options->rules == RULES_NOTEBOOK) {
        return error_set(error, ERROR_USAGE,
                         "--history: the notebook's rules know no earlier versions; leave out one "
                         "of --history and --rules notebook");
    }
    return 0;
}

int steps_plan(struct options *options, struct error *error) {
    if (credentials_load(options, error) != 0 || check_plan_options(options, error) != 0) {
        return -1;
    }
    struct migration_settings settings = {.rules = options->rules,
                                          .as_of = options->as_of,
                                          .history = options->history,
                                          .admins = options->admins,
                                          .people = options->people,
                                          .aliases = options->aliases,
                                          .alias_count = options->alias_count};
    struct source *source = steps_open_source(options, error);
    if (source == NULL) {
        return -1;
    }
    int rc = -1;
    bool was_there = access(options->workspace, F_OK) == 0;
    struct workspace *workspace = workspace_open_or_create(options->workspace, "plan", error);
    if (workspace != NULL) {
        rc = plan_run(&valdb_migration, &settings, source, workspace, error);
        workspace_close(workspace);
    }
    if (rc != 0 && !was_there) {
        unlink(options->workspace);
    }
    source_close(source);
    return rc;
}

/* Loads the account and prints what `append` makes of it, or its JSON. */
static int print_account(struct workspace *workspace, const struct options *options,
                         void (*append)(const struct account *, enum report_colours, struct text *),
                         struct error *error) {
    struct account account;
    struct text out = {0};
    if (account_load(workspace, &account, error) != 0) {
        return -1;
    }
    int rc = 0;
    if (options->json) {
        rc = account_append_json(&account, workspace, &out, error);
        text_append_char(&out, '\n');
    } else {
        append(&account, colours(), &out);
    }
    if (rc == 0) {
        rc = text_check(&out, error);
    }
    if (rc == 0) {
        fwrite(text_string(&out), 1, out.length, stdout);
    }
    text_free(&out);
    account_free(&account);
    return rc;
}

static int print_whole_account(struct workspace *workspace, const struct options *options,
                               struct error *error) {
    return print_account(workspace, options, account_append_text, error);
}

static int print_delivery(struct workspace *workspace, const struct options *options,
                          struct error *error) {
    return print_account(workspace, options, account_append_delivery, error);
}

static int status_of(struct workspace *workspace, struct error *error) {
    struct account account;
    if (account_load(workspace, &account, error) != 0) {
        return -1;
    }
    bool is_wrong = account_rows_rejected(&account) > 0 ||
                    account_documents_in(&account, STATE_REFUSED) > 0 ||
                    account_documents_in(&account, STATE_DIFFERENT) > 0 ||
                    account_documents_in(&account, STATE_UNKNOWN) > 0 ||
                    account_documents_with(&account, VERDICT_DIFFERENT) > 0 ||
                    account_documents_with(&account, VERDICT_MISSING) > 0;
    account_free(&account);
    return is_wrong ? EXIT_SOMETHING_WRONG : EXIT_ALL_WELL;
}

/* Opens the workspace, prints one form of its account and makes the exit status of it. */
static int conclude(const struct options *options,
                    int (*print)(struct workspace *, const struct options *, struct error *),
                    struct error *error) {
    struct workspace *workspace = workspace_open_for_reading(options->workspace, error);
    if (workspace == NULL) {
        return -1;
    }
    int status = print(workspace, options, error);
    if (status == 0) {
        status = status_of(workspace, error);
    }
    workspace_close(workspace);
    return status;
}

int steps_conclude_account(const struct options *options, struct error *error) {
    return conclude(options, print_whole_account, error);
}

int steps_conclude_delivery(const struct options *options, struct error *error) {
    return conclude(options, print_delivery, error);
}
