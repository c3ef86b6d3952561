#define _GNU_SOURCE /* explicit_bzero */
#include "http/oauth2.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/date.h"
#include "base/json_memory.h"
#include "http/address.h"
#include "http/headers.h"
#include "http/jwt.h"
#include "http/transfer.h"

enum { ANSWER_MOST_MS = 30 * 1000, ANSWER_ROOM = 64 * 1024 };

/* After a failure it is asked again once an eighth of what the last token has left has passed. */
enum { PAUSE_SHARE = 8, PAUSE_LEAST = 100 * CLOCK_MILLISECOND, PAUSE_MOST = 5 * CLOCK_SECOND };

static const int64_t margin = INT64_C(30) * CLOCK_SECOND;
static const double lifetime_most = 100.0 * 366 * 24 * 60 * 60; /* seconds */

struct oauth2 {
    struct address address;
    struct transfer_settings settings;
    struct transfer *transfer;
    const char *path; /* after the address, which has no slash at its end */
    struct text form;
    struct oauth2_token token;
    struct exchange exchange;
    bool is_asking;
    bool is_rejected; /* the token */
    int64_t next_try; /* not before, unless there is no good token; microseconds since 1970 */
};

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

static void set_end(struct oauth2_token *token, int64_t begin, int64_t end) {
    int64_t half = end > begin ? (end - begin) / 2 : 0;

    token->ends = true;
    token->end = end;
    token->renew_at = end - (half < margin ? half : margin);
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
    text_wipe(&token->value);
    *token = (struct oauth2_token){0};
}

static int check_settings(const struct session_settings *given, struct error *error) {
    const char *const needed[] = {given->oauth2_token_url, given->oauth2_client_id,
                                  given->oauth2_client_secret};

    for (size_t i = 0; i < sizeof needed / sizeof needed[0]; i++) {
        if (needed[i] == NULL || *needed[i] == '\0') {
            return error_set(error, ERROR_USAGE,
                             "OAuth2 needs a token URL, a client id and a client secret");
        }
    }
    return 0;
}

static int open_address(struct oauth2 *client, const char *url, struct error *error) {
    if (address_parse(url, "the token URL", &client->address, error) != 0) {
        return -1;
    }
    if (!client->address.is_secure_context) {
        return error_set(error, ERROR_USAGE,
                         "the token URL has to begin with https://: the client's secret would "
                         "travel in the clear");
    }
    client->path = url[strlen(url) - 1] == '/' ? "/" : "";
    return 0;
}

static void append_field(struct text *form, const char *name, const char *value) {
    text_append_string(form, form->length > 0 ? "&" : "");
    text_append_string(form, name);
    text_append_char(form, '=');
    text_append_percent_encoded(form, span_of(value));
}

static int open_form(struct oauth2 *client, const struct session_settings *given,
                     struct error *error) {
    struct text *form = &client->form;
    size_t audience = given->oauth2_audience != NULL ? strlen(given->oauth2_audience) : 0;

    text_reserve(form, 128 + 3 * (strlen(given->oauth2_client_id) +
                                  strlen(given->oauth2_client_secret) + audience));
    append_field(form, "grant_type", "client_credentials");
    if (given->oauth2_client_way == OAUTH2_CLIENT_IN_FORM) {
        append_field(form, "client_id", given->oauth2_client_id);
        append_field(form, "client_secret", given->oauth2_client_secret);
    }
    if (audience > 0) {
        append_field(form, "audience", given->oauth2_audience);
    }
    return text_check(form, error);
}

static int open_headers(struct oauth2 *client, const struct session_settings *given,
                        struct error *error) {
    struct headers *headers = &client->settings.headers;

    if (headers_open(headers, "application/x-www-form-urlencoded", error) != 0) {
        return -1;
    }
    if (given->oauth2_client_way == OAUTH2_CLIENT_IN_FORM) {
        return 0;
    }
    return headers_add_client(headers, given->oauth2_client_id, given->oauth2_client_secret, error);
}

static int open_transfer(struct oauth2 *client, struct error *error) {
    struct transfer_settings *settings = &client->settings;

    if (settings->answer_timeout_ms > ANSWER_MOST_MS) {
        settings->answer_timeout_ms = ANSWER_MOST_MS;
    }
    client->transfer = transfer_create(settings);
    if (client->transfer == NULL ||
        curl_easy_setopt(transfer_handle(client->transfer), CURLOPT_FORBID_REUSE, 1L) != CURLE_OK) {
        return error_set_no_memory(error);
    }
    return 0;
}

struct oauth2 *oauth2_open(const struct session_settings *settings, struct error *error) {
    struct oauth2 *client = calloc(1, sizeof *client);

    if (client == NULL) {
        error_set_no_memory(error);
        return NULL;
    }
    if (check_settings(settings, error) != 0 ||
        open_address(client, settings->oauth2_token_url, error) != 0 ||
        transfer_settings_open(&client->settings, &client->address, settings, error) != 0 ||
        open_form(client, settings, error) != 0 || open_headers(client, settings, error) != 0 ||
        open_transfer(client, error) != 0) {
        oauth2_close(client);
        return NULL;
    }
    return client;
}

void oauth2_close(struct oauth2 *client) {
    if (client == NULL) {
        return;
    }
    transfer_free(client->transfer);
    transfer_settings_free(&client->settings);
    address_free(&client->address);
    text_wipe(&client->exchange.answer);
    exchange_clear(&client->exchange);
    text_wipe(&client->form);
    oauth2_token_free(&client->token);
    free(client);
}

bool oauth2_is_due(const struct oauth2 *client) {
    int64_t now = date_now();

    return !client->is_asking && client->token.ends && now >= client->token.renew_at &&
           now >= client->next_try;
}

bool oauth2_has_ended(const struct oauth2 *client) {
    const struct oauth2_token *token = &client->token;

    return token->value.length == 0 || client->is_rejected ||
           (token->ends && date_now() >= token->end);
}

void oauth2_reject(struct oauth2 *client) {
    client->is_rejected = true;
}

struct transfer *oauth2_begin(struct oauth2 *client, struct error *error) {
    struct exchange *exchange = &client->exchange;

    exchange->method = "POST";
    exchange->body = text_span(&client->form);
    text_reserve(&exchange->answer, ANSWER_ROOM);
    text_clear(&exchange->path);
    text_append_string(&exchange->path, client->path);
    if (text_check(&exchange->answer, error) != 0 || text_check(&exchange->path, error) != 0 ||
        transfer_begin(client->transfer, exchange, error) != 0) {
        return NULL;
    }
    client->is_asking = true;
    return client->transfer;
}

const struct exchange *oauth2_asking(const struct oauth2 *client) {
    return client->is_asking ? &client->exchange : NULL;
}

static int64_t find_pause(const struct oauth2_token *token, int64_t now) {
    int64_t pause = token->ends ? (token->end - now) / PAUSE_SHARE : PAUSE_MOST;

    return pause < PAUSE_LEAST ? PAUSE_LEAST : (pause > PAUSE_MOST ? PAUSE_MOST : pause);
}

int oauth2_end(struct oauth2 *client, struct error *error) {
    int rc = oauth2_read_answer(&client->exchange, &client->token, error);
    int64_t now = date_now();

    client->is_asking = false;
    text_wipe(&client->exchange.answer);
    if (rc != 0) {
        client->next_try = now + find_pause(&client->token, now);
        return error_add_context(error, "no token from %s%s", text_string(&client->address.base),
                                 client->path);
    }
    client->is_rejected = false;
    client->next_try = 0;
    return 0;
}

const struct oauth2_token *oauth2_last_token(const struct oauth2 *client) {
    return &client->token;
}
