#include "cli/target_connection.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "cli/credentials.h"
#include "cli/migrations.h"
#include "cli/planned.h"
#include "cli/secrets.h"
#include "cli/steps.h"
#include "delivery/probe.h"
#include "workspace/attempts.h"
#include "workspace/unsettled.h"

enum { LONGEST_ANSWER_S = 120 };

int64_t target_timeout(const struct options *options) {
    return (int64_t)options->give_up_after * CLOCK_SECOND;
}

int64_t target_settle(const struct options *options) {
    return (int64_t)(options->settle * CLOCK_SECOND);
}

/* The timeout of one answer is not longer than that of all answers. */
static long answer_timeout_ms(const struct options *options) {
    return options->give_up_after < LONGEST_ANSWER_S ? options->give_up_after * 1000
                                                     : LONGEST_ANSWER_S * 1000L;
}

int steps_require_target(struct options *options, struct error *error) {
    if (credentials_load(options, error) != 0) {
        return -1;
    }
    if (options->target == NULL) {
        return error_set(error, ERROR_USAGE,
                         "no target: name the new service with --to, such as --to %s",
                         options->migration->target_example);
    }
    return 0;
}

int target_open_session(struct options *options, struct connection *connection,
                        struct error *error) {
    if (secrets_take_auth(options, error) != 0 || secrets_load(options, error) != 0) {
        return -1;
    }
    if (options->insecure) {
        log_warning("--insecure: the target's certificate is not verified; anybody in between "
                    "can read the session and change what is sent");
    }
    struct session_settings settings = {
        .url = options->target,
        .cookie_file = options->cookies,
        .token = options->token.length > 0 ? text_string(&options->token) : NULL,
        .auth_scheme = options->auth_scheme,
        .auth_header = options->auth_header,
        .ca_file = options->ca_file,
        .client_cert = options->client_cert,
        .client_key = options->client_key,
        .netrc_file = options->netrc,
        .oauth2_token_url = options->oauth2_token_url,
        .oauth2_client_id = options->client_id,
        .oauth2_client_secret =
            options->client_secret.length > 0 ? text_string(&options->client_secret) : NULL,
        .oauth2_audience = options->oauth2_audience,
        .oauth2_client_way =
            options->client_in_form ? OAUTH2_CLIENT_IN_FORM : OAUTH2_CLIENT_IN_HEADER,
        .insecure = options->insecure,
        .answer_timeout_ms = answer_timeout_ms(options)};
    connection->session = session_open(&settings, error);
    return connection->session == NULL ? -1 : 0;
}

void target_disconnect(struct connection *connection) {
    if (connection->session != NULL) {
        session_close(connection->session);
    }
    workspace_close(connection->workspace);
}

/* The settings of the plan also apply to the requests. */
static int use_settings(const struct migration *migration, struct workspace *workspace,
                        struct error *error) {
    struct planned planned = {0};
    if (migration->use == NULL) {
        return 0;
    }
    int rc = planned_load(migration, workspace, &planned, error);
    if (rc == 0) {
        const struct migration_settings settings = planned_settings(&planned);
        rc = migration->use(migration, &settings, error);
    }
    planned_free(&planned);
    return rc;
}

int steps_use_migration(struct options *options, struct workspace *workspace, struct error *error) {
    const struct migration *migration = migrations_of(workspace, error);
    if (migration == NULL) {
        return -1;
    }
    options->migration = migration;
    if (use_settings(migration, workspace, error) != 0) {
        return -1;
    }
    return options->only == NULL || migration_find_kind(migration, options->only, error) != NULL
               ? 0
               : -1;
}

/* A workspace belongs to one target: its delivered documents were delivered there. */
static int check_target(const struct options *options, const struct connection *connection,
                        struct error *error) {
    const char *url = session_url(connection->session);
    struct text known = {0};
    bool has_sent = false;
    if (workspace_get_setting(connection->workspace, "target", &known, error) != 0 ||
        attempts_exist(connection->workspace, &has_sent, error) != 0) {
        text_free(&known);
        return -1;
    }
    bool is_same = known.length == 0 || strcmp(text_string(&known), url) == 0;
    int rc = is_same || !has_sent || options->new_target
                 ? 0
                 : error_set(error, ERROR_USAGE,
                             "%s: was delivered to %s, and --to is %s. For another target, plan "
                             "into another workspace; where the same one has another address now, "
                             "add --new-target",
                             options->workspace, text_string(&known), url);
    text_free(&known);
    return rc;
}

/* Notes the target that answered, and how long it may work on a lost request. */
static int note_target(const struct options *options, const struct connection *connection,
                       struct error *error) {
    char settle[24];
    snprintf(settle, sizeof settle, "%lld", (long long)target_settle(options));
    return workspace_put_setting(connection->workspace, "target",
                                 span_of(session_url(connection->session)), error) == 0
               ? workspace_put_setting(connection->workspace, UNSETTLED_SETTING, span_of(settle),
                                       error)
               : -1;
}

static int connect_target(struct options *options, const char *verb, struct connection *connection,
                          struct error *error) {
    if (steps_require_target(options, error) != 0) {
        return -1;
    }
    connection->workspace = workspace_open(options->workspace, verb, error);
    if (connection->workspace == NULL || workspace_use_wal(connection->workspace, error) != 0 ||
        steps_use_migration(options, connection->workspace, error) != 0 ||
        target_open_session(options, connection, error) != 0 ||
        check_target(options, connection, error) != 0) {
        return -1;
    }
    int rc = probe_await_target(options->migration, connection->session, target_timeout(options),
                                &connection->answer_time, error);
    return rc < 0 ? -1 : note_target(options, connection, error); /* waits for a busy target */
}

/* What a person can do about an error of the target, by its code. */
static const char *const advices[] = {
    [ERROR_SESSION] =
        "the session is not accepted. Sign in again, and renew the cookie file or the token",
    [ERROR_TARGET] = "the target cannot be reached or does not answer as its API does. Check --to",
};

static bool has_sign_in(const struct options *options) {
    return options->cookies != NULL || options->token.length > 0 || options->netrc != NULL ||
           options->client_cert != NULL || options->oauth2_token_url != NULL;
}

static void append_advice(const struct options *options, enum error_code code, struct text *out) {
    text_append_string(out, advices[code]);
    if (code == ERROR_SESSION && !has_sign_in(options)) {
        text_append_string(out, ". Nothing to sign in with was given: there are --cookies, "
                                "--token-file (or ROWPOST_TOKEN), --netrc, --cert and "
                                "--oauth2-token-url");
    }
    if (code == ERROR_SESSION && options->migration->session_advice != NULL) {
        text_append_format(out, ". Note that %s", options->migration->session_advice);
    }
}

void target_explain(const struct options *options, const struct connection *connection,
                    struct error *error) {
    bool has_advice =
        error->code < sizeof advices / sizeof *advices && advices[error->code] != NULL;
    if (connection->session == NULL || !has_advice) {
        return;
    }
    struct text advice = {0};
    struct error cause = *error;
    append_advice(options, cause.code, &advice);
    error_set(error, cause.code, "%s: %s.\n%s", session_url(connection->session), cause.message,
              text_string(&advice));
    text_free(&advice);
}

int target_save_cookies(const struct options *options, const struct connection *connection,
                        struct error *error) {
    if (!options->save_cookies || options->cookies == NULL) {
        return 0;
    }
    return session_save_cookies(connection->session, options->cookies, error);
}

int target_with(struct options *options, const char *verb,
                int (*work)(const struct options *, struct connection *, struct error *),
                struct error *error) {
    struct connection connection = {0};
    int rc = connect_target(options, verb, &connection, error);
    if (rc == 0) {
        rc = work(options, &connection, error);
    }
    if (connection.session != NULL && (rc >= 0 || error->code != ERROR_SESSION)) {
        struct error saving;
        if (target_save_cookies(options, &connection, rc >= 0 ? error : &saving) != 0 && rc >= 0) {
            rc = -1;
        }
    }
    if (rc < 0) {
        target_explain(options, &connection, error);
    }
    target_disconnect(&connection);
    return rc;
}
