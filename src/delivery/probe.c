#define _POSIX_C_SOURCE 200809L /* nanosleep */
#include "delivery/probe.h"

#include <stdio.h>
#include <time.h>

#include "base/clock.h"
#include "base/interrupt.h"
#include "delivery/notice.h"
#include "http/answer.h"

/* Between two looks at whether the user has asked to stop. */
enum { PAUSE_MS = 100 };

/* A page where JSON was promised is a sign-in page without a redirect. */
static bool is_page(const struct exchange *exchange) {
    return exchange->end == EXCHANGE_ANSWERED && exchange->status == 200 && !exchange->is_json;
}

/* If the migration has a condition for the answer, only that condition counts: an answer that shows
 * it is a record, for any status, and one that does not is from a session that cannot do the
 * work. */
static bool lacks_what_is_asked(const struct migration *migration, const struct exchange *exchange,
                                struct answer *answer) {
    const struct kind_answer for_kind = {.to = KIND_LIST,
                                         .status = exchange->status,
                                         .json = answer->json,
                                         .location = text_span(&exchange->location)};
    if (migration->is_ready == NULL || exchange->end != EXCHANGE_ANSWERED) {
        return false;
    }
    if (migration->is_ready(migration, &for_kind)) {
        answer->class = ANSWER_RECORD;
        return false;
    }
    if (answer->class == ANSWER_RECORD) {
        snprintf(answer->message, sizeof answer->message,
                 "GET %s does not show what the migration asks for: %s", migration->probe_path,
                 migration->ready_condition);
    }
    return answer->class == ANSWER_RECORD;
}

static enum error_code read_answer(const struct migration *migration,
                                   const struct exchange *exchange, struct answer *answer) {
    if (lacks_what_is_asked(migration, exchange, answer)) {
        return ERROR_SESSION;
    }
    switch (answer->class) {
    case ANSWER_SIGN_IN:
    case ANSWER_FORBIDDEN:
        return ERROR_SESSION;
    case ANSWER_MISDIRECTED:
    case ANSWER_NOT_FOUND:
    case ANSWER_REFUSED:
        return ERROR_TARGET;
    case ANSWER_NOT_TAKEN:
        return exchange->end == EXCHANGE_NOT_SENT ? ERROR_TARGET : ERROR_NONE;
    case ANSWER_UNCERTAIN:
        return is_page(exchange) ? ERROR_SESSION : ERROR_NONE;
    case ANSWER_RECORD:
        break;
    }
    return ERROR_NONE;
}

/* Microseconds: how long the answer took, and how long a pause the target asks for in it; 0 or
 * less: none. */
struct timing {
    int64_t answer;
    int64_t hold;
};

static int ask(const struct migration *migration, struct session *session, int64_t timeout,
               struct timing *timing, struct error *error) {
    struct exchange exchange = {.method = "GET"};
    *timing = (struct timing){0};
    if (migration->probe_path == NULL) {
        return 0;
    }
    text_append_string(&exchange.path, migration->probe_path);
    int rc = text_check(&exchange.path, error);
    if (rc == 0) {
        rc = session_perform(session, &exchange, error);
    }
    if (rc == 0) {
        struct answer answer;
        answer_classify(&exchange, &answer);
        enum error_code code = read_answer(migration, &exchange, &answer);
        if (code == ERROR_NONE && exchange.end == EXCHANGE_LOST && exchange.duration >= timeout) {
            code = ERROR_TARGET;
        }
        if (code != ERROR_NONE) {
            rc = error_set(error, code, "%s", answer.message);
        } else if (answer.class != ANSWER_RECORD) {
            error_set(error, ERROR_TARGET, "%s", answer.message);
            rc = 1;
        }
        answer_clear(&answer);
    }
    timing->answer = exchange.duration;
    timing->hold = exchange.retry_after_ms * CLOCK_MILLISECOND;
    exchange_clear(&exchange);
    return rc;
}

int probe_target(const struct migration *migration, struct session *session, int64_t timeout,
                 struct error *error) {
    struct timing timing;
    return ask(migration, session, timeout, &timing, error);
}

/* A signal ends a pause early; that is intended. */
static int wait_until(int64_t moment, struct error *error) {
    const struct timespec pause = {.tv_nsec = PAUSE_MS * 1000000L};
    notice_hold(moment);
    while (clock_now() < moment) {
        if (interrupt_requested()) {
            return interrupt_set_error(error, "");
        }
        nanosleep(&pause, NULL);
    }
    return 0;
}

int probe_await_target(const struct migration *migration, struct session *session, int64_t timeout,
                       int64_t *answer_time, struct error *error) {
    int64_t until = clock_now() + timeout;
    struct timing timing;
    int rc = ask(migration, session, timeout, &timing, error);
    while (rc == 1 && timing.hold > 0) {
        int64_t moment = clock_now() + timing.hold;
        if (moment > until) {
            return error_add_context(error,
                                     "the target asks for a pause of %lld seconds, which is "
                                     "longer than --give-up-after",
                                     (long long)(timing.hold / CLOCK_SECOND));
        }
        rc = wait_until(moment, error) == 0 ? ask(migration, session, timeout, &timing, error) : -1;
    }
    *answer_time = timing.answer;
    return rc;
}

int probe_may_write(const struct migration *migration, struct session *session,
                    struct error *error) {
    struct exchange exchange = {.method = "POST", .body = span_of(migration->refused_body)};
    if (migration->refused_path == NULL) {
        return 1; /* a session that passed the probe */
    }
    text_append_string(&exchange.path, migration->refused_path);
    int rc = text_check(&exchange.path, error);
    if (rc == 0) {
        rc = session_perform(session, &exchange, error);
    }
    if (rc == 0) {
        struct answer answer;
        answer_classify(&exchange, &answer);
        if (answer.class == ANSWER_REFUSED) {
            rc = 1;
        } else if (answer.class != ANSWER_FORBIDDEN) {
            rc = error_set(error, answer.class == ANSWER_SIGN_IN ? ERROR_SESSION : ERROR_TARGET,
                           "%s", answer.message);
        }
        answer_clear(&answer);
    }
    exchange_clear(&exchange);
    return rc;
}
