#include "delivery/probe.h"

#include "http/answer.h"

/* A page where JSON was promised is a sign-in page that did not even redirect. */
static bool is_page(const struct exchange *exchange) {
    return exchange->end == EXCHANGE_ANSWERED && exchange->status == 200 && !exchange->is_json;
}

static enum error_code read_answer(const struct exchange *exchange, const struct answer *answer) {
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
    text_append_string(&exchange.path, migration->probe_path);
    int rc = text_check(&exchange.path, error);
    if (rc == 0) {
        rc = session_perform(session, &exchange, error);
    }
    if (rc == 0) {
        struct answer answer;
        answer_classify(&exchange, &answer);
        enum error_code code = read_answer(&exchange, &answer);
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
