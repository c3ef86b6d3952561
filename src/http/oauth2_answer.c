#define _GNU_SOURCE /* explicit_bzero */
#include "http/oauth2_answer.h"

#include <jansson.h>
#include <string.h>

#include "base/clock.h"
#include "base/json_memory.h"
#include "http/headers.h"
#include "http/jwt.h"
#include "http/secret.h"

static const int64_t margin = INT64_C(30) * CLOCK_SECOND;
static const double lifetime_most = 100.0 * 366 * 24 * 60 * 60; /* seconds */

/* The error codes of RFC 6749 (5.2), RFC 8707 and the common servers, and what each asks for. */
static const struct {
    const char *code;
    const char *advice;
} refusals[] = {
    {"invalid_client", "check the client's id and secret"},
    {"unauthorized_client", "the client needs the client credentials grant"},
    {"unsupported_grant_type", "the server has to allow the client credentials grant"},
    {"invalid_grant", "the server has to allow the client credentials grant"},
    {"invalid_request", "check the token URL and the audience"},
    {"invalid_scope", "the client has no scope for the target"},
    {"invalid_target", "check the audience"},
    {"access_denied", "the client has no right to the audience"},
};

/* A code that is unknown is not quoted: it may be anything, the secret among it. */
static int refuse(int status, const json_t *answer, struct error *error) {
    const char *code = json_string_value(json_object_get(answer, "error"));

    for (size_t i = 0; code != NULL && i < sizeof refusals / sizeof refusals[0]; i++) {
        if (strcmp(refusals[i].code, code) == 0) {
            return error_set(error, ERROR_SESSION, "the client is refused: %d %s; %s", status,
                             refusals[i].code, refusals[i].advice);
        }
    }
    return error_set(error, ERROR_SESSION,
                     "the client is refused: %d; check the token URL, the client's id and secret, "
                     "and the audience",
                     status);
}

static bool is_bearer(const json_t *answer) {
    const json_t *type = json_object_get(answer, "token_type");
    struct span words = {json_string_value(type), json_string_length(type)};

    return type == NULL || span_equal_ignoring_ascii_case(words, span_of("Bearer"));
}

static int64_t shorter(int64_t a, int64_t b) {
    return a < b ? a : b;
}

static void set_end(struct oauth2_token *token, int64_t begin, int64_t end) {
    int64_t lifetime = end > begin ? end - begin : 0;

    token->ends = true;
    token->end = end;
    token->renew_at = end - shorter(margin, lifetime / 2);
}

/* When the token ends: by the answer, by its own claim, or nobody knows. */
static void read_end(const json_t *answer, int64_t begin, struct oauth2_token *token) {
    double lifetime = json_number_value(json_object_get(answer, "expires_in"));
    int64_t end = 0;

    if (lifetime > 0 && lifetime < lifetime_most) {
        set_end(token, begin, begin + (int64_t)(lifetime * CLOCK_SECOND));
    } else if (jwt_read_expiry(text_span(&token->value), &end) == 0 && end > begin) {
        set_end(token, begin, end);
    }
}

static int read_token(const struct exchange *exchange, const json_t *answer,
                      struct oauth2_token *token, struct error *error) {
    const json_t *value = json_object_get(answer, "access_token");
    struct oauth2_token fresh = {0};

    if (!json_is_string(value) || !headers_can_carry(json_string_value(value)) ||
        !is_bearer(answer)) {
        return error_set(error, ERROR_TARGET,
                         "the answer is %d without a bearer token in JSON; check the token URL",
                         exchange->status);
    }
    text_reserve(&fresh.value, json_string_length(value));
    text_append(&fresh.value, (struct span){json_string_value(value), json_string_length(value)});
    if (text_check(&fresh.value, error) != 0) {
        oauth2_token_free(&fresh);
        return -1;
    }
    read_end(answer, exchange->started, &fresh);
    oauth2_token_free(token);
    *token = fresh;
    return 0;
}

/* The copy that the JSON reader made of the token. */
static void wipe_answer(json_t *answer) {
    json_t *value = json_object_get(answer, "access_token");

    if (json_is_string(value)) {
        explicit_bzero((char *)json_string_value(value), json_string_length(value));
    }
    json_decref(answer);
}

int oauth2_read_answer(const struct exchange *exchange, struct oauth2_token *token,
                       struct error *error) {
    struct span body = text_span(&exchange->answer);

    if (exchange->end != EXCHANGE_ANSWERED) {
        return error_set(error, ERROR_TARGET, "%s", exchange->failure);
    }
    json_t *answer = exchange->is_json ? json_memory_load(body.data, body.length, 0, NULL) : NULL;
    int rc = -1;
    switch (exchange->status) {
    case 200: /* some servers refuse with it, too */
        rc = json_object_get(answer, "error") != NULL ? refuse(exchange->status, answer, error)
                                                      : read_token(exchange, answer, token, error);
        break;
    case 400:
    case 401:
    case 403:
        refuse(exchange->status, answer, error);
        break;
    default:
        error_set(error, ERROR_TARGET, "the answer is %d instead of a token; check the token URL",
                  exchange->status);
        break;
    }
    wipe_answer(answer);
    return rc;
}

void oauth2_token_free(struct oauth2_token *token) {
    secret_free(&token->value);
    *token = (struct oauth2_token){0};
}
