#define _POSIX_C_SOURCE 200809L
#include "cli/steps.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "cli/credentials.h"
#include "delivery/plan.h"
#include "source/source.h"
#include "valdb/valdb.h"

const struct migration *steps_migration(void) {
    return &valdb_migration;
}

enum report_colours steps_colours(void) {
    const char *no_colour = getenv("NO_COLOR");
    bool is_wanted = no_colour == NULL || *no_colour == '\0';
    return is_wanted && isatty(STDOUT_FILENO) ? REPORT_COLOURED : REPORT_PLAIN;
}

static int check_plan_options(const struct options *options, struct error *error) {
    if (options->source == NULL) {
        return error_set(error, ERROR_USAGE,
                         "no source: name the legacy database with --from, such as --from "
                         "legacy.db");
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
    struct source *source = source_open(options->source, error);
    if (source == NULL) {
        return -1;
    }
    int rc = -1;
    bool was_there = access(options->workspace, F_OK) == 0;
    struct workspace *workspace = workspace_open_or_create(options->workspace, "plan", error);
    if (workspace != NULL) {
        rc = plan_run(&valdb_migration, &settings, source, workspace, error);
        workspace_close(workspace);
        if (rc != 0 && !was_there) {
            unlink(options->workspace);
        }
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
        append(&account, steps_colours(), &out);
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

int steps_print_account(struct workspace *workspace, const struct options *options,
                        struct error *error) {
    return print_account(workspace, options, account_append_text, error);
}

int steps_print_delivery(struct workspace *workspace, const struct options *options,
                         struct error *error) {
    return print_account(workspace, options, account_append_delivery, error);
}

int steps_status(struct workspace *workspace, struct error *error) {
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
