#include "delivery/probe.h"

#include <stdio.h>

#include "http/answer.h"

/* A page where JSON was promised is a sign-in page that did not even redirect. */
static bool is_page(const struct exchange *exchange) {
    return exchange->end == EXCHANGE_ANSWERED && exchange->status == 200 && !exchange->is_json;
}

/* What the migration asks of the answer counts, where it asks for anything: an answer that shows it
 * is a record, whatever its status, and one that does not is of a session that cannot do the work.
 */
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

int probe_target(const struct migration *migration, struct session *session, int64_t patience,
                 struct error *error) {
    struct exchange exchange = {.method = "GET"};
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
        if (code == ERROR_NONE && exchange.end == EXCHANGE_LOST && exchange.duration >= patience) {
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
    exchange_clear(&exchange);
    return rc;
}

int probe_may_write(const struct migration *migration, struct session *session,
                    struct error *error) {
    struct exchange exchange = {.method = "POST", .body = span_of(migration->refused_body)};
    if (migration->refused_path == NULL) {
        return 1; /* whoever has passed the probe */
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
