#include "http/session.h"

#include <curl/curl.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/interrupt.h"
#include "base/memory.h"
#include "http/address.h"
#include "http/cookies.h"
#include "http/headers.h"
#include "http/jwt.h"
#include "http/oauth2.h"
#include "http/transfer_settings.h"
#include "http/transfers.h"

/* Between two looks at whether the user has asked to stop, where nobody set a limit. */
enum { WAIT_MOST_MS = 200 };

struct session {
    struct address address;
    struct transfer_settings settings;

    struct oauth2 *oauth2; /* or NULL: the token, if any, was given */
    unsigned token_number; /* how many were fetched */
    struct error no_token; /* why the last one that was asked for did not come */
    bool token_ends;       /* whether it is known when the given token does */
    int64_t token_end;

    struct transfers *transfers;
    size_t under_way; /* exchanges that were not handed back yet; among them: */
    struct exchange *parked[TRANSFERS_MOST]; /* turned away (401): they wait for another token */
    size_t parked_count;
    struct exchange *ended[TRANSFERS_MOST]; /* while a token was waited for, the first first */
    size_t ended_count;
};

static void push_ended(struct session *session, struct exchange *exchange) {
    session->ended[session->ended_count++] = exchange;
}

/* It leaves once more with the token of now; without one its answer stays what it is. */
static void release(struct session *session, struct exchange *exchange, bool has_token) {
    struct error ignored;

    exchange->is_second = true;
    exchange->token_number = session->token_number;
    if (!has_token || transfers_send(session->transfers, exchange, &ignored) != 0) {
        push_ended(session, exchange);
    }
}

static void release_parked(struct session *session, bool has_token) {
    for (size_t i = 0; i < session->parked_count; i++) {
        release(session, session->parked[i], has_token);
    }
    session->parked_count = 0;
}

static void end_renewal(struct session *session) {
    struct headers *headers = &session->settings.headers;
    int rc = oauth2_end(session->oauth2, &session->no_token);

    if (rc == 0) {
        const struct oauth2_token *token = oauth2_last_token(session->oauth2);
        rc = headers_set_token(headers, text_string(&token->value), &session->no_token);
        session->token_number++;
    }
    release_parked(session, rc == 0);
}

static void begin_renewal(struct session *session) {
    struct transfer *transfer = oauth2_begin(session->oauth2, &session->no_token);

    if (transfer == NULL) {
        release_parked(session, false);
    } else if (transfers_drive(session->transfers, transfer, &session->no_token) != 0) {
        end_renewal(session);
    }
}

/* What has ended is the caller's, unless it was about the token. NULL, then. */
static struct exchange *route(struct session *session, struct exchange *exchange) {
    struct oauth2 *oauth2 = session->oauth2;

    if (exchange == NULL || oauth2 == NULL) {
        return exchange;
    }
    if (exchange == oauth2_asking(oauth2)) {
        end_renewal(session);
        return NULL;
    }
    if (exchange->end != EXCHANGE_ANSWERED || exchange->status != 401 || exchange->is_second) {
        return exchange;
    }
    if (exchange->token_number != session->token_number && !oauth2_has_ended(oauth2)) {
        release(session, exchange, true); /* another came meanwhile */
        return NULL;
    }
    session->parked[session->parked_count++] = exchange;
    oauth2_reject(oauth2);
    if (oauth2_asking(oauth2) == NULL) {
        begin_renewal(session);
    }
    return NULL;
}

/* Waits until a token was asked for and answered. 0 where there is one that is good. */
static int await_token(struct session *session, struct error *error) {
    struct oauth2 *oauth2 = session->oauth2;

    if (oauth2_asking(oauth2) == NULL) {
        begin_renewal(session);
    }
    while (oauth2_asking(oauth2) != NULL) {
        int64_t until = clock_now() + (int64_t)WAIT_MOST_MS * CLOCK_MILLISECOND;
        struct exchange *exchange = route(session, transfers_wait(session->transfers, until));
        if (exchange != NULL) {
            push_ended(session, exchange);
        }
        if (oauth2_asking(oauth2) != NULL && interrupt_requested()) {
            return interrupt_set_error(error, "");
        }
    }
    if (oauth2_has_ended(oauth2)) {
        *error = session->no_token;
        return -1;
    }
    return 0;
}

static int open_handles(struct session *session, struct error *error) {
    static const curl_lock_data shared[] = {CURL_LOCK_DATA_DNS, CURL_LOCK_DATA_SSL_SESSION};
    CURLSH *share = curl_share_init();

    session->settings.share = share;
    if (share == NULL) {
        return error_set_no_memory(error);
    }
    for (size_t i = 0; i < sizeof shared / sizeof shared[0]; i++) {
        if (curl_share_setopt(share, CURLSHOPT_SHARE, shared[i]) != CURLSHE_OK) {
            return error_set_no_memory(error);
        }
    }
    return 0;
}

static int open_cookies(struct session *session, const char *path, struct error *error) {
    const struct address *address = &session->address;
    const char *host = text_string(&address->host);
    enum cookies_channel channel = address->is_secure_context ? COOKIES_SECURE : COOKIES_PLAIN;

    session->settings.jar = cookie_jar_create(host, channel);
    if (session->settings.jar == NULL) {
        return error_set_no_memory(error);
    }
    return path == NULL ? 0 : cookies_load(path, host, channel, session->settings.jar, error);
}

static bool wants_oauth2(const struct session_settings *given) {
    return given->oauth2_token_url != NULL || given->oauth2_client_id != NULL ||
           given->oauth2_client_secret != NULL || given->oauth2_audience != NULL;
}

/* What a way to sign in needs, and does not go with. */
static int check_scheme(const struct session_settings *given, struct error *error) {
    bool has_token = given->token != NULL || wants_oauth2(given);

    if (given->auth_scheme == AUTH_COOKIES && given->cookie_file == NULL) {
        return error_set(error, ERROR_USAGE, "cookies are to sign in, but there is no cookie file");
    }
    if (given->auth_scheme == AUTH_COOKIES && (has_token || given->auth_header != NULL)) {
        return error_set(error, ERROR_USAGE, "cookies are to sign in, and nothing else can");
    }
    if (given->auth_scheme == AUTH_BASIC && wants_oauth2(given)) {
        return error_set(error, ERROR_USAGE, "basic authentication and OAuth2 do not go together");
    }
    if ((given->auth_scheme != AUTH_UNSAID || given->auth_header != NULL) &&
        given->auth_scheme != AUTH_COOKIES && !has_token) {
        return error_set(
            error, ERROR_USAGE,
            "the settings name how a token is sent, but there is no token: name a token file "
            "or set ROWPOST_TOKEN");
    }
    return 0;
}

static int open_token(struct session *session, const struct session_settings *given,
                      struct error *error) {
    struct headers *headers = &session->settings.headers;

    if (!wants_oauth2(given)) {
        if (given->token == NULL) {
            return 0;
        }
        session->token_ends = jwt_read_expiry(span_of(given->token), &session->token_end) == 0;
        return headers_set_token(headers, given->token, error);
    }
    if (given->token != NULL) {
        return error_set(error, ERROR_USAGE,
                         "a token and OAuth2 are both given; one of them has to go");
    }
    session->oauth2 = oauth2_open(given, error);
    return session->oauth2 == NULL ? -1 : await_token(session, error);
}

/* What asks the network comes last. */
static int open_parts(struct session *session, const struct session_settings *given,
                      struct error *error) {
    struct transfer_settings *settings = &session->settings;

    if (address_parse(given->url, "the target's URL", &session->address, error) != 0 ||
        transfer_settings_open(settings, &session->address, given, error) != 0 ||
        transfer_settings_add_identity(settings, given, error) != 0 ||
        headers_open(&settings->headers, "application/json", error) != 0 ||
        check_scheme(given, error) != 0 ||
        headers_set_form(&settings->headers, given->auth_scheme, given->auth_header, error) != 0 ||
        open_handles(session, error) != 0 ||
        open_cookies(session, given->cookie_file, error) != 0) {
        return -1;
    }
    session->transfers = transfers_open(settings, error);
    if (session->transfers == NULL) {
        return -1;
    }
    return open_token(session, given, error);
}

struct session *session_open(const struct session_settings *settings, struct error *error) {
    if (curl_global_init_mem(CURL_GLOBAL_DEFAULT, memory_allocate, memory_free, memory_reallocate,
                             memory_copy_string, memory_allocate_cleared) != CURLE_OK) {
        error_set(error, ERROR_INTERNAL, "the HTTP library cannot be started");
        return NULL;
    }
    struct session *session = calloc(1, sizeof *session);
    if (session == NULL) {
        curl_global_cleanup();
        error_set_no_memory(error);
        return NULL;
    }
    if (open_parts(session, settings, error) != 0) {
        session_close(session);
        return NULL;
    }
    return session;
}

void session_close(struct session *session) {
    if (session == NULL) {
        return;
    }
    transfers_close(session->transfers);
    cookie_jar_free(session->settings.jar);
    curl_share_cleanup(session->settings.share);
    oauth2_close(session->oauth2);
    transfer_settings_free(&session->settings);
    address_free(&session->address);
    free(session);
    curl_global_cleanup();
}

const char *session_url(const struct session *session) {
    return text_string(&session->address.base);
}

int session_token_expires(const struct session *session, int64_t *moment) {
    if (session->oauth2 != NULL) {
        const struct oauth2_token *token = oauth2_last_token(session->oauth2);
        *moment = token->end;
        return token->ends;
    }
    *moment = session->token_end;
    return session->token_ends;
}

int session_send(struct session *session, struct exchange *exchange, struct error *error) {
    if (session->under_way == TRANSFERS_MOST) {
        return error_set(error, ERROR_INTERNAL, "more than %d requests at a time", TRANSFERS_MOST);
    }
    if (session->oauth2 != NULL && oauth2_has_ended(session->oauth2)) {
        if (await_token(session, error) != 0) {
            return -1;
        }
    } else if (session->oauth2 != NULL && oauth2_is_due(session->oauth2)) {
        begin_renewal(session); /* while it comes, the last one is good */
    }
    exchange->token_number = session->token_number;
    exchange->is_second = false;
    if (transfers_send(session->transfers, exchange, error) != 0) {
        return -1;
    }
    session->under_way++;
    return 0;
}

/* The answer that refuses a request may quote the session; a record does not. */
static void mask_secrets(struct session *session, struct exchange *exchange) {
    if (exchange->end == EXCHANGE_ANSWERED && exchange->status == 200 && exchange->is_json) {
        return;
    }
    struct text *const texts[] = {&exchange->answer, &exchange->location, &exchange->moved_to};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        cookie_jar_mask(session->settings.jar, texts[i]);
        headers_mask(&session->settings.headers, texts[i]);
    }
}

static struct exchange *hand_back(struct session *session, struct exchange *exchange) {
    if (exchange != NULL) {
        session->under_way--;
        mask_secrets(session, exchange);
    }
    return exchange;
}

static struct exchange *pop_ended(struct session *session) {
    if (session->ended_count == 0) {
        return NULL;
    }
    struct exchange *exchange = session->ended[0];
    session->ended_count--;
    memmove(session->ended, session->ended + 1, session->ended_count * sizeof *session->ended);
    return exchange;
}

struct exchange *session_wait(struct session *session, int timeout_ms) {
    int64_t until = clock_now() + timeout_ms * (int64_t)CLOCK_MILLISECOND;
    struct exchange *exchange = pop_ended(session);

    while (exchange == NULL && session->under_way > 0) {
        struct exchange *found = transfers_wait(session->transfers, until);

        exchange = route(session, found);
        if (exchange == NULL) {
            exchange = pop_ended(session);
        }
        if (found == NULL) {
            break;
        }
    }
    return hand_back(session, exchange);
}

struct exchange *session_take(struct session *session) {
    struct exchange *exchange = pop_ended(session);

    while (exchange == NULL) {
        struct exchange *found = transfers_take(session->transfers);
        if (found == NULL) {
            break;
        }
        exchange = route(session, found);
        if (exchange == NULL) {
            exchange = pop_ended(session);
        }
    }
    return hand_back(session, exchange);
}

int session_perform(struct session *session, struct exchange *exchange, struct error *error) {
    if (session->under_way > 0) {
        return error_set(error, ERROR_INTERNAL, "a request must not run together with others");
    }
    if (session_send(session, exchange, error) != 0) {
        return -1;
    }
    while (session->under_way > 0) {
        session_wait(session, WAIT_MOST_MS);
        if (session->under_way > 0 && interrupt_requested()) {
            session_abandon(session);
            return interrupt_set_error(error, "");
        }
    }
    return 0;
}

void session_abandon(struct session *session) {
    struct error ignored;

    transfers_abandon(session->transfers);
    if (session->oauth2 != NULL && oauth2_asking(session->oauth2) != NULL) {
        oauth2_end(session->oauth2, &ignored);
    }
    release_parked(session, false);
    for (struct exchange *exchange = pop_ended(session); exchange != NULL;
         exchange = pop_ended(session)) {
        exchange_end_failed(exchange, EXCHANGE_LOST, TRANSFERS_GIVEN_UP);
    }
    session->under_way = 0;
}

int session_save_cookies(struct session *session, const char *path, struct error *error) {
    return cookies_save(session->settings.jar, path, error);
}
