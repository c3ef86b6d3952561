#define _POSIX_C_SOURCE 200809L
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/date.h"
#include "base/log.h"
#include "cli/credentials.h"
#include "cli/file_check.h"
#include "cli/migrations.h"
#include "cli/planned.h"
#include "cli/secrets.h"
#include "cli/steps.h"
#include "delivery/amend.h"
#include "delivery/apply.h"
#include "delivery/existing.h"
#include "delivery/probe.h"
#include "delivery/verify.h"
#include "http/session.h"
#include "workspace/attempts.h"
#include "workspace/parts.h"
#include "workspace/summary.h"

enum { LONGEST_ANSWER_S = 120 };

/* What apply and verify have in common: a workspace at work, and a session. */
struct connection {
    struct workspace *workspace;
    struct session *session;
};

/* How long a target may give no usable answer. */
static int64_t patience(const struct options *options) {
    return (int64_t)options->give_up_after * CLOCK_SECOND;
}

static int64_t settle_time(const struct options *options) {
    return (int64_t)(options->settle * CLOCK_SECOND);
}

/* One answer is not waited for longer than all of them are. */
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

static int open_session(struct options *options, struct connection *connection,
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

static void disconnect(struct connection *connection) {
    if (connection->session != NULL) {
        session_close(connection->session);
    }
    workspace_close(connection->workspace);
}

/* What the plan was made with counts for the requests, too. */
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

/* The workspace's, which has to have the kind that --only names. */
static int choose_migration(struct options *options, struct workspace *workspace,
                            struct error *error) {
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

/* A workspace knows of one target: what it calls delivered was delivered there. */
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

/* A target that has shown itself. */
static int note_target(const struct connection *connection, struct error *error) {
    return workspace_put_setting(connection->workspace, "target",
                                 span_of(session_url(connection->session)), error);
}

static int connect_target(struct options *options, const char *verb, struct connection *connection,
                          struct error *error) {
    if (steps_require_target(options, error) != 0) {
        return -1;
    }
    connection->workspace = workspace_open(options->workspace, verb, error);
    if (connection->workspace == NULL || workspace_use_log(connection->workspace, error) != 0 ||
        choose_migration(options, connection->workspace, error) != 0 ||
        open_session(options, connection, error) != 0 ||
        check_target(options, connection, error) != 0) {
        return -1;
    }
    int rc = probe_target(options->migration, connection->session, patience(options), error);
    return rc < 0 ? -1 : note_target(connection, error); /* a busy target is waited for */
}

static const char session_advice[] = "the session is not accepted. Sign in again, renew the cookie "
                                     "file or the token, and run the same "
                                     "command again";
static const char target_advice[] =
    "the target cannot be reached or does not answer as its API does. Check --to, and run the same "
    "command again when it is there";

/* What a person does about an error of the target's, by its code. */
static const char *const advices[] = {
    [ERROR_SESSION] = session_advice,
    [ERROR_TARGET] = target_advice,
    [ERROR_INTERRUPTED] = "run the same command again to continue",
};

static bool has_sign_in(const struct options *options) {
    return options->cookies != NULL || options->token.length > 0 || options->netrc != NULL ||
           options->client_cert != NULL || options->oauth2_token_url != NULL;
}

/* False where the message says all there is to say. */
static bool append_advice(const struct options *options, enum error_code code, struct text *out) {
    if (code >= sizeof advices / sizeof *advices || advices[code] == NULL) {
        return false;
    }
    text_append_string(out, advices[code]);
    if (code == ERROR_SESSION && !has_sign_in(options)) {
        text_append_string(out, ". Nothing to sign in with was given: there are --cookies, "
                                "--token-file (or ROWPOST_TOKEN), --netrc, --cert and "
                                "--oauth2-token-url");
    }
    if (code == ERROR_SESSION && options->migration->session_advice != NULL) {
        text_append_format(out, ". Note that %s", options->migration->session_advice);
    }
    return true;
}

/* Adds what was done, what is left and how to go on. */
static void explain(const struct options *options, const struct connection *connection,
                    struct error *error) {
    struct text advice = {0};
    struct summary summary;
    struct error ignored;
    if (connection->session != NULL && append_advice(options, error->code, &advice) &&
        summary_load_figures(connection->workspace, &summary, &ignored) == 0) {
        struct error told = *error;
        error_set(error, told.code,
                  "%s: %s.\nNothing was lost: %lld documents are on the target, %lld are pending, "
                  "%lld have to be looked up; all of it is in %s.\n%s",
                  session_url(connection->session), told.message,
                  (long long)summary_count_there(&summary),
                  (long long)summary_count_class(&summary, STANDS_OPEN),
                  (long long)summary_count_class(&summary, STANDS_UNCLEAR), options->workspace,
                  text_string(&advice));
        summary_free(&summary);
    }
    text_free(&advice);
}

/* Renewed cookies are the user's to keep: written back only on demand, and never after the session
 * was turned away. */
static int save_cookies(const struct options *options, const struct connection *connection,
                        struct error *error) {
    if (!options->save_cookies || options->cookies == NULL) {
        return 0;
    }
    return session_save_cookies(connection->session, options->cookies, error);
}

/* Connects, does the work, keeps the cookies, and explains what stopped it. */
static int with_target(struct options *options, const char *verb,
                       int (*work)(const struct options *, struct connection *, struct error *),
                       struct error *error) {
    struct connection connection = {0};
    int rc = connect_target(options, verb, &connection, error);
    if (rc == 0) {
        rc = work(options, &connection, error);
    }
    if (connection.session != NULL && (rc >= 0 || error->code != ERROR_SESSION)) {
        struct error saving;
        if (save_cookies(options, &connection, rc >= 0 ? error : &saving) != 0 && rc >= 0) {
            rc = -1;
        }
    }
    if (rc < 0) {
        explain(options, &connection, error);
    }
    disconnect(&connection);
    return rc;
}

/* What documents refer to by name. */
static int read_existing(const struct options *options, struct connection *connection,
                         struct error *error) {
    return existing_store(options->migration, connection->session, connection->workspace,
                          patience(options), error);
}

static int apply(const struct options *options, struct connection *connection,
                 struct error *error) {
    struct apply_settings settings = {
        .jobs = (size_t)options->jobs,
        .rate = options->rate,
        .give_up_after = patience(options),
        .settle = settle_time(options),
        .retry_refused = options->retry_refused,
        .metrics = options->metrics,
        .choice = {.only = options->only, .key = options->key, .limit = options->limit}};
    return read_existing(options, connection, error) == 0
               ? apply_run(options->migration, &settings, connection->session,
                           connection->workspace, error)
               : -1;
}

static int verify(const struct options *options, struct connection *connection,
                  struct error *error) {
    struct verify_settings settings = {.jobs = (size_t)options->jobs,
                                       .rate = options->rate,
                                       .give_up_after = patience(options),
                                       .metrics = options->metrics,
                                       .depth = options->deep ? VERIFY_PARTS : VERIFY_RECORDS};
    return read_existing(options, connection, error) == 0
               ? verify_run(options->migration, &settings, connection->session,
                            connection->workspace, error)
               : -1;
}

static struct amend_settings amend_settings_of(const struct options *options) {
    return (struct amend_settings){.jobs = (size_t)options->jobs,
                                   .rate = options->rate,
                                   .give_up_after = patience(options),
                                   .settle = settle_time(options),
                                   .metrics = options->metrics,
                                   .only = options->only,
                                   .key = options->key};
}

static int update(const struct options *options, struct connection *connection,
                  struct error *error) {
    struct amend_settings settings = amend_settings_of(options);
    return amend_update(options->migration, &settings, connection->session, connection->workspace,
                        error);
}

static int undo(const struct options *options, struct connection *connection, struct error *error) {
    if (parts_refuse_in_part(connection->workspace, "undo", error) != 0) {
        return -1;
    }
    struct amend_settings settings = amend_settings_of(options);
    int64_t kept = 0;
    int rc = amend_undo(options->migration, &settings, connection->session, connection->workspace,
                        &kept, error);
    if (kept > 0) {
        log_warning("%lld records were there before, were made by somebody else, or are not known "
                    "to be made by this workspace; they were left as they are, and are listed",
                    (long long)kept);
    }
    return rc == 0 && kept > 0 ? EXIT_SOMETHING_WRONG : rc;
}

/* One session for both: a cookie that was renewed meanwhile is the only good one. */
static int apply_and_verify(const struct options *options, struct connection *connection,
                            struct error *error) {
    log_info("apply");
    if (apply(options, connection, error) != 0) {
        return -1;
    }
    log_info("verify");
    return verify(options, connection, error);
}

static int apply_and_update(const struct options *options, struct connection *connection,
                            struct error *error) {
    return apply(options, connection, error) == 0 ? update(options, connection, error) : -1;
}

int steps_apply_and_verify(struct options *options, struct error *error) {
    return with_target(options, "run", apply_and_verify, error);
}

int steps_apply(struct options *options, struct error *error) {
    return with_target(options, "apply", options->update_existing ? apply_and_update : apply,
                       error);
}

int steps_verify(struct options *options, struct error *error) {
    return with_target(options, "verify", verify, error);
}

int steps_undo(struct options *options, struct error *error) {
    return with_target(options, "undo", undo, error);
}

int steps_confirm(const struct options *options, const char *question, const char *advice,
                  struct error *error) {
    const char *separator = advice == NULL ? "" : "; ";
    const char *more = advice == NULL ? "" : advice;
    if (options->yes) {
        return 0;
    }
    if (!isatty(STDIN_FILENO)) {
        return error_set(error, ERROR_USAGE, "%s%s%s. This is not a terminal: add --yes to confirm",
                         question, separator, more);
    }
    if (log_format() == LOG_JSON) {
        return error_set(
            error, ERROR_USAGE,
            "%s%s%s. With --log-format json no question is asked: add --yes to confirm", question,
            separator, more);
    }
    fprintf(stderr, "%s%s%s. Type yes to continue: ", question, separator, more);
    char answer[16] = "";
    if (fgets(answer, sizeof answer, stdin) == NULL || strcmp(answer, "yes\n") != 0) {
        return error_set(error, ERROR_USAGE, "nothing was changed");
    }
    return 0;
}

static bool shows_writing(const struct migration *migration) {
    return migration->refused_path != NULL || migration->is_ready != NULL;
}

static int check(const struct options *options, struct connection *connection,
                 struct error *error) {
    int rc = probe_target(options->migration, connection->session, patience(options), error);
    if (rc != 0) {
        /* Whether it accepts the session, a busy target does not show. */
        return -1;
    }
    printf("%s is there and accepts the session\n", session_url(connection->session));
    int may_write = probe_may_write(options->migration, connection->session, error);
    if (may_write < 0) {
        return -1;
    }
    if (may_write == 1) {
        printf("%s\n", shows_writing(options->migration)
                           ? "the session may write"
                           : "whether the session may write is not known: the migration has no "
                             "--@ ready");
    } else {
        printf("the session may NOT write: it lacks %s\n", options->migration->writing_role);
    }
    int64_t expires;
    if (session_token_expires(connection->session, &expires) == 1) {
        char moment[DATE_MOMENT_SIZE];
        date_format_moment(expires, moment);
        printf("the token is valid until %s, %lld minutes from now\n", moment,
               (long long)((expires - date_now()) / CLOCK_SECOND / 60));
    }
    if (options->insecure) {
        printf("its certificate was not verified\n");
    }
    if (may_write != 1) {
        return EXIT_SESSION;
    }
    rc = file_check_existing(options->migration, connection->session, patience(options), error);
    return rc == 0 ? EXIT_ALL_WELL : -1;
}

int steps_check(struct options *options, struct error *error) {
    struct connection connection = {0};
    int status = -1;
    if (steps_require_target(options, error) == 0 &&
        open_session(options, &connection, error) == 0) {
        status = check(options, &connection, error);
        if (status >= 0 && save_cookies(options, &connection, error) != 0) {
            status = -1;
        }
    }
    struct text advice = {0};
    if (status < 0 && connection.session != NULL && append_advice(options, error->code, &advice)) {
        struct error told = *error;
        error_set(error, told.code, "%s: %s.\n%s", session_url(connection.session), told.message,
                  text_string(&advice));
    }
    text_free(&advice);
    disconnect(&connection);
    return status;
}
