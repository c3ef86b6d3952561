/* Checks a target as far as possible without sending a record. */
#include <stdio.h>

#include "base/clock.h"
#include "base/date.h"
#include "cli/file_check.h"
#include "cli/steps.h"
#include "cli/target_connection.h"
#include "delivery/probe.h"

static bool shows_writing(const struct migration *migration) {
    return migration->refused_path != NULL || migration->is_ready != NULL;
}

static int check(const struct options *options, struct connection *connection,
                 struct error *error) {
    int rc = probe_await_target(options->migration, connection->session, target_timeout(options),
                                &connection->answer_time, error);
    if (rc != 0) {
        /* A busy target does not show whether it accepts the session. */
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
    rc = file_check_existing(options->migration, connection->session, target_timeout(options),
                             error);
    return rc == 0 ? EXIT_ALL_WELL : -1;
}

int steps_check(struct options *options, struct error *error) {
    struct connection connection = {0};
    int status = -1;
    if (steps_require_target(options, error) == 0 &&
        target_open_session(options, &connection, error) == 0) {
        status = check(options, &connection, error);
        if (status >= 0 && target_save_cookies(options, &connection, error) != 0) {
            status = -1;
        }
    }
    if (status < 0) {
        target_explain(options, &connection, error);
    }
    target_disconnect(&connection);
    return status;
}
