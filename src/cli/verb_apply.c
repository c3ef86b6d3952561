#include <stdio.h>

#include "base/shell_word.h"
#include "cli/confirm.h"
#include "cli/format_choice.h"
#include "cli/secrets.h"
#include "cli/steps.h"
#include "delivery/choose.h"
#include "report/dry_run.h"
#include "workspace/journal.h"

/* The order is that of enum dry_run_form. */
static const struct format_choice forms[] = {{"text", {NULL}}, {"curl", {NULL}}};

/* How curl signs in. The secret is a variable of the shell: nothing of it is read here. */
static void append_sign_in(const struct options *options, struct text *out) {
    static const char *const words[AUTH_SCHEMES] = {
        [AUTH_UNSAID] = "Bearer ", [AUTH_BEARER] = "Bearer ", [AUTH_TOKEN] = "token "};
    if (options->cookies != NULL) {
        text_append_string(out, "--cookie ");
        shell_word_append(out, span_of(options->cookies));
    } else if (options->auth_scheme == AUTH_COOKIES) {
        text_append_string(out, "--cookie \"${ROWPOST_COOKIES:?}\"");
    } else if (options->auth_scheme == AUTH_BASIC && options->auth_header == NULL) {
        text_append_string(out, "--user \"${ROWPOST_TOKEN:?}\"");
    } else {
        bool is_bare = options->auth_header != NULL && options->auth_scheme == AUTH_UNSAID;
        const char *word = words[options->auth_scheme];
        text_append_format(out, "-H \"%s: %s${ROWPOST_TOKEN:?}\"",
                           options->auth_header == NULL ? "Authorization" : options->auth_header,
                           is_bare || word == NULL ? "" : word);
    }
}

static int write_dry_run(struct options *options, struct workspace *workspace,
                         struct journal *journal, int form, struct error *error) {
    const struct choice choice = {options->only, options->key, options->limit};
    struct text known = {0};
    struct text sign_in = {0};
    int rc = choice_is_limited(&choice)
                 ? choose_documents(options->migration, &choice, workspace, error)
                 : 0;
    if (rc != 0 || workspace_get_setting(workspace, "target", &known, error) != 0) {
        text_free(&known);
        return -1;
    }
    append_sign_in(options, &sign_in);
    const char *planned = known.length > 0 ? text_string(&known) : NULL;
    const struct dry_run dry_run = {
        .report = {.workspace = workspace, .migration = options->migration, .out = stdout},
        .journal = journal,
        .form = (enum dry_run_form)form,
        .only = options->only,
        .key = options->key,
        .is_chosen = choice_is_limited(&choice),
        .retry_refused = options->retry_refused,
        .update = options->update_existing,
        .target = options->target != NULL ? options->target : planned,
        .sign_in = text_string(&sign_in)};
    rc = text_check(&sign_in, error) == 0 ? dry_run_write(&dry_run, error) : -1;
    text_free(&known);
    text_free(&sign_in);
    return rc;
}

static int open_and_write(struct options *options, struct workspace *workspace, int form,
                          struct error *error) {
    if (workspace_allow_temporary_tables(workspace, error) != 0 ||
        workspace_begin_read_transaction(workspace, error) != 0 ||
        steps_use_migration(options, workspace, error) != 0 ||
        secrets_use_auth(options, error) != 0) {
        return -1;
    }
    struct journal *journal = journal_open(workspace, error);
    int rc = journal == NULL ? -1 : write_dry_run(options, workspace, journal, form, error);
    journal_close(journal);
    return rc;
}

/* Only reads the workspace, which another run may be using. */
static int run_dry(struct options *options, struct error *error) {
    int form = format_choose(options, forms, sizeof forms / sizeof *forms, error);
    if (form < 0) {
        return -1;
    }
    if (options->json) {
        return error_set(error, ERROR_USAGE,
                         "--dry-run and --json do not go together; expected --format text or curl");
    }
    if (options->retry_refused && (options->key != NULL || options->limit > 0)) {
        return error_set(error, ERROR_USAGE,
                         "--dry-run: --retry-refused goes with neither --key nor --limit");
    }
    struct workspace *workspace = workspace_open_for_reading(options->workspace, error);
    if (workspace == NULL) {
        return -1;
    }
    int rc = open_and_write(options, workspace, form, error);
    workspace_close(workspace);
    return rc == 0 ? EXIT_ALL_WELL : -1;
}

int verb_apply(struct options *options, struct error *error) {
    if (options->dry_run) {
        return run_dry(options, error);
    }
    if (options->format != NULL) {
        return error_set(error, ERROR_USAGE, "--format goes with --dry-run");
    }
    if (options->update_existing &&
        (steps_choose_migration(options, error) != 0 ||
         confirm_change(options, "--update changes records that were there before",
                        options->migration->update_advice, error) != 0)) {
        return -1;
    }
    if (steps_apply(options, error) != 0) {
        return -1;
    }
    bool is_part = options->limit > 0 || options->only != NULL || options->key != NULL;
    return steps_conclude(options, is_part ? &conclusion_of_part : &conclusion_of_apply, NULL,
                          error);
}
