#define _POSIX_C_SOURCE 200809L /* clock_gettime */
#include "target/session.h"

#include <curl/curl.h>
#include <stdlib.h>
#include <time.h>

#include "target/address.h"
#include "target/cookies.h"
#include "target/headers.h"
#include "target/jwt.h"
#include "target/oauth2.h"
#include "target/secret.h"
#include "target/transfer.h"
#include "target/transfer_settings.h"

enum {
    CONNECTIONS_KEPT = 256,
    WAIT_MOST_MS = 1000 /* between two looks, where nobody set a limit */
};

struct session {
    struct address address;
    struct transfer_settings settings;
    CURLM *multi;
    struct cookie_jar *jar;

    struct oauth2 *oauth2; /* or NULL: the token, if any, was given */
    bool token_ends;       /* whether it is known when the given token does */
    int64_t token_end;

    /* every transfer ever made, those under way first */
    struct transfer **transfers;
    size_t transfers_made;
    size_t transfers_room;
    size_t under_way;
};

static int64_t clock_ms(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static int open_handles(struct session *session, struct error *error) {
    static const curl_lock_data shared[] = {CURL_LOCK_DATA_DNS, CURL_LOCK_DATA_SSL_SESSION};
    CURLSH *share = curl_share_init();

    session->multi = curl_multi_init();
    session->settings.share = share;
    if (share == NULL || session->multi == NULL) {
        return error_set_no_memory(error);
    }
    for (size_t i = 0; i < sizeof shared / sizeof shared[0]; i++) {
        if (curl_share_setopt(share, CURLSHOPT_SHARE, shared[i]) != CURLSHE_OK) {
            return error_set_no_memory(error);
        }
    }
    if (curl_multi_setopt(session->multi, CURLMOPT_MAX_TOTAL_CONNECTIONS, 0L) != CURLM_OK ||
        curl_multi_setopt(session->multi, CURLMOPT_MAXCONNECTS, (long)CONNECTIONS_KEPT) !=
            CURLM_OK) {
        return error_set_no_memory(error);
    }
    return 0;
}

static int open_cookies(struct session *session, const char *path, struct error *error) {
    const struct address *address = &session->address;
    const char *host = text_string(&address->host);
    enum cookies_channel channel = address->is_secure_context ? COOKIES_SECURE : COOKIES_PLAIN;

    session->jar = cookie_jar_create(host, channel);
    session->settings.jar = session->jar;
    if (session->jar == NULL) {
        return error_set_no_memory(error);
    }
    return path == NULL ? 0 : cookies_load(path, host, channel, session->jar, error);
}

static int fetch_token(struct session *session, struct error *error) {
    if (oauth2_fetch(session->oauth2, error) != 0) {
        return -1;
    }
    const struct oauth2_token *token = oauth2_last_token(session->oauth2);
    return headers_set_token(&session->settings.headers, text_string(&token->value), error);
}

static bool wants_oauth2(const struct session_settings *given) {
    return given->oauth2_token_url != NULL || given->oauth2_client_id != NULL ||
           given->oauth2_client_secret != NULL || given->oauth2_audience != NULL;
}

static int open_token(struct session *session, const struct session_settings *given,
                      struct error *error) {
    if (!wants_oauth2(given)) {
        if (given->token == NULL) {
            return 0;
        }
        session->token_ends = jwt_read_expiry(span_of(given->token), &session->token_end) == 0;
        return headers_set_token(&session->settings.headers, given->token, error);
    }
    if (given->token != NULL) {
        return error_set(error, ERROR_USAGE,
                         "a token and OAuth2 are both given; one of them has to go");
    }
    session->oauth2 = oauth2_open(given, error);
    return session->oauth2 == NULL ? -1 : fetch_token(session, error);
}

/* What asks the network comes last. */
static int open_parts(struct session *session, const struct session_settings *given,
                      struct error *error) {
    struct transfer_settings *settings = &session->settings;

    if (address_parse(given->url, "the target's URL", &session->address, error) != 0 ||
        transfer_settings_open(settings, &session->address, given, error) != 0 ||
        transfer_settings_add_identity(settings, given, error) != 0 ||
        headers_open(&settings->headers, "application/json", error) != 0 ||
        open_handles(session, error) != 0 ||
        open_cookies(session, given->cookie_file, error) != 0) {
        return -1;
    }
    return open_token(session, given, error);
}

struct session *session_open(const struct session_settings *settings, struct error *error) {
    if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) {
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
    session_abandon(session);
    for (size_t i = 0; i < session->transfers_made; i++) {
        transfer_free(session->transfers[i]);
    }
    free(session->transfers);
    curl_multi_cleanup(session->multi);
    cookie_jar_free(session->jar);
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

static int make_room(struct session *session, struct error *error) {
    if (session->transfers_made < session->transfers_room) {
        return 0;
    }
    size_t room = session->transfers_room == 0 ? 16 : session->transfers_room * 2;
    struct transfer **transfers = realloc(session->transfers, room * sizeof(*transfers));
    if (transfers == NULL) {
        return error_set_no_memory(error);
    }
    session->transfers = transfers;
    session->transfers_room = room;
    return 0;
}

/* A transfer that carries nothing: the first behind those under way. */
static struct transfer *find_idle(struct session *session, struct error *error) {
    if (session->under_way < session->transfers_made) {
        return session->transfers[session->under_way];
    }
    if (make_room(session, error) != 0) {
        return NULL;
    }
    struct transfer *transfer = transfer_create(&session->settings);
    if (transfer == NULL) {
        error_set_no_memory(error);
        return NULL;
    }
    session->transfers[session->transfers_made++] = transfer;
    return transfer;
}

int session_send(struct session *session, struct exchange *exchange, struct error *error) {
    if (session->oauth2 != NULL && oauth2_is_due(session->oauth2) &&
        fetch_token(session, error) != 0) {
        return -1;
    }
    struct transfer *transfer = find_idle(session, error);
    if (transfer == NULL || transfer_begin(transfer, exchange, error) != 0) {
        return -1;
    }
    if (curl_multi_add_handle(session->multi, transfer_handle(transfer)) != CURLM_OK) {
        transfer_give_up(transfer, "not started");
        return error_set_no_memory(error);
    }
    session->under_way++;
    return 0;
}

/* Takes the transfer out of those under way. */
static void retire(struct session *session, struct transfer *transfer) {
    size_t last = session->under_way - 1;

    curl_multi_remove_handle(session->multi, transfer_handle(transfer));
    for (size_t i = 0; i < last; i++) {
        if (session->transfers[i] == transfer) {
            session->transfers[i] = session->transfers[last];
            session->transfers[last] = transfer;
            break;
        }
    }
    session->under_way = last;
}

/* What a server says when it turns a request away may quote the session; a record does not. */
static void mask_secrets(struct session *session, struct exchange *exchange) {
    if (exchange->end == EXCHANGE_ANSWERED && exchange->status == 200 && exchange->is_json) {
        return;
    }
    cookie_jar_mask(session->jar, &exchange->answer);
    cookie_jar_mask(session->jar, &exchange->location);
    secret_mask(&exchange->answer, session->settings.headers.without_body);
    secret_mask(&exchange->location, session->settings.headers.without_body);
}

/* An exchange that has ended already, or NULL. */
static struct exchange *take_ended(struct session *session) {
    int left = 0;
    const CURLMsg *message = NULL;

    while ((message = curl_multi_info_read(session->multi, &left)) != NULL) {
        void *transfer = NULL;
        CURLcode code = message->data.result;

        if (message->msg != CURLMSG_DONE) {
            continue;
        }
        curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &transfer);
        struct exchange *exchange = transfer_end(transfer, code);
        retire(session, transfer);
        mask_secrets(session, exchange);
        return exchange;
    }
    return NULL;
}

/* The machinery itself failed: one of those under way has to pay for it. */
static struct exchange *give_up_one(struct session *session, CURLMcode code) {
    struct transfer *transfer = session->transfers[0];

    retire(session, transfer);
    return transfer_give_up(transfer, curl_multi_strerror(code));
}

struct exchange *session_wait(struct session *session, int timeout_ms) {
    int64_t deadline = clock_ms() + timeout_ms;

    for (;;) {
        int running = 0;
        struct exchange *exchange = take_ended(session);
        if (exchange != NULL || session->under_way == 0) {
            return exchange;
        }
        CURLMcode code = curl_multi_perform(session->multi, &running);
        if (code != CURLM_OK) {
            return give_up_one(session, code);
        }
        exchange = take_ended(session);
        int64_t left = deadline - clock_ms();
        if (exchange != NULL || left <= 0) {
            return exchange;
        }
        code = curl_multi_poll(session->multi, NULL, 0, (int)left, NULL);
        if (code != CURLM_OK) {
            return give_up_one(session, code);
        }
    }
}

int session_perform(struct session *session, struct exchange *exchange, struct error *error) {
    if (session->under_way > 0) {
        return error_set(error, ERROR_INTERNAL, "a request was to be alone, but others are on");
    }
    if (session_send(session, exchange, error) != 0) {
        return -1;
    }
    while (session->under_way > 0) {
        session_wait(session, WAIT_MOST_MS);
    }
    return 0;
}

void session_abandon(struct session *session) {
    while (session->under_way > 0) {
        struct transfer *transfer = session->transfers[session->under_way - 1];

        retire(session, transfer);
        transfer_give_up(transfer, "given up before an answer came");
    }
}

int session_save_cookies(struct session *session, const char *path, struct error *error) {
    return cookies_save(session->jar, path, error);
}

void exchange_clear(struct exchange *exchange) {
    text_free(&exchange->path);
    text_free(&exchange->answer);
    text_free(&exchange->location);
    *exchange = (struct exchange){0};
}
