#include <stdio.h>

#include "base/clock.h"
#include "base/log.h"
#include "cli/credentials.h"
#include "cli/steps.h"
#include "delivery/apply.h"
#include "delivery/probe.h"
#include "delivery/verify.h"
#include "target/session.h"
#include "workspace/account.h"

/* What apply and verify have in common: a workspace at work, and a session. */
struct connection {
    struct workspace *workspace;
    struct session *session;
};

static int open_session(struct options *options, struct connection *connection,
                        struct error *error) {
    if (options->target == NULL) {
        return error_set(error, ERROR_USAGE,
                         "no target: name the new service with --to, such as --to "
                         "https://host/valdb");
    }
    if (credentials_load_token(options, error) != 0) {
        return -1;
    }
    if (options->insecure) {
        log_warning("--insecure: the target's certificate is not verified; whoever stands between "
                    "can read the session and change what is sent");
    }
    struct session_settings settings = {
        .url = options->target,
        .cookie_file = options->cookies,
        .token = options->token.length > 0 ? text_string(&options->token) : NULL,
        .ca_file = options->ca_file,
        .insecure = options->insecure};
    connection->session = session_open(&settings, error);
    return connection->session == NULL ? -1 : 0;
}

static void disconnect(struct connection *connection) {
    if (connection->session != NULL) {
        session_close(connection->session);
    }
    workspace_close(connection->workspace);
}

static int connect_target(struct options *options, const char *verb, struct connection *connection,
                          struct error *error) {
    if (credentials_load(options, error) != 0 || open_session(options, connection, error) != 0) {
        return -1;
    }
    connection->workspace = workspace_open(options->workspace, verb, error);
    if (connection->workspace == NULL || workspace_use_log(connection->workspace, error) != 0) {
        return -1;
    }
    return probe_target(steps_migration(), connection->session, error);
}

/* What a person does about an error of the target's, by its code; NULL: the message says it. */
static const char *advice_for(enum error_code code) {
    switch (code) {
    case ERROR_SESSION:
        return "the session is not accepted. Sign in again, renew the cookie file or the token "
               "(writing needs the management role, reading users back a ValDB2 administrator), "
               "and run the same command again";
    case ERROR_TARGET:
        return "the target cannot be reached or does not answer as its API does. Check --to, and "
               "run the same command again when it is there";
    case ERROR_INTERRUPTED:
        return "run the same command again to go on";
    default:
        return NULL;
    }
}

/* Adds what was done, what is left and how to go on. */
static void explain(const struct options *options, const struct connection *connection,
                    struct error *error) {
    const char *advice = advice_for(error->code);
    struct account account;
    struct error ignored;
    if (advice == NULL || connection->workspace == NULL ||
        account_load(connection->workspace, &account, &ignored) != 0) {
        return;
    }
    long long done = (long long)(account_documents_in(&account, STATE_DELIVERED) +
                                 account_documents_in(&account, STATE_PRESENT));
    long long pending = (long long)account_documents_in(&account, STATE_PENDING);
    long long unknown = (long long)account_documents_in(&account, STATE_UNKNOWN);
    account_free(&account);
    struct error told = *error;
    error_set(error, told.code,
              "%s: %s.\nNothing was lost: %lld documents are on the target, %lld are pending, %lld "
              "have to be looked up; all of it stands in %s.\n%s",
              session_url(connection->session), told.message, done, pending, unknown,
              options->workspace, advice);
}

int steps_apply(struct options *options, struct error *error) {
    struct connection connection = {0};
    struct apply_settings settings = {.jobs = (size_t)options->jobs,
                                      .give_up_after =
                                          (int64_t)options->give_up_after * CLOCK_SECOND,
                                      .retry_refused = options->retry_refused};
    int rc = connect_target(options, "apply", &connection, error);
    if (rc == 0) {
        rc = apply_run(steps_migration(), &settings, connection.session, connection.workspace,
                       error);
    }
    if (rc != 0) {
        explain(options, &connection, error);
    }
    disconnect(&connection);
    return rc;
}

int steps_verify(struct options *options, struct error *error) {
    struct connection connection = {0};
    struct verify_settings settings = {.jobs = (size_t)options->jobs,
                                       .give_up_after =
                                           (int64_t)options->give_up_after * CLOCK_SECOND,
                                       .depth = options->deep ? VERIFY_PARTS : VERIFY_RECORDS};
    int rc = connect_target(options, "verify", &connection, error);
    if (rc == 0) {
        rc = verify_run(steps_migration(), &settings, connection.session, connection.workspace,
                        error);
    }
    if (rc != 0) {
        explain(options, &connection, error);
    }
    disconnect(&connection);
    return rc;
}
