#define _GNU_SOURCE
#include "target/session.h"

#include <curl/curl.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "target/address.h"
#include "target/cookies.h"
#include "target/transfer.h"

enum {
    CONNECT_TIMEOUT_MS = 10 * 1000,
    ANSWER_TIMEOUT_MS = 120 * 1000,
    CONNECTIONS_KEPT = 256,
    WAIT_MOST_MS = 1000 /* between two looks, where nobody set a limit */
};

struct session {
    struct address address;
    struct transfer_settings settings;
    CURLM *multi;
    CURL *store; /* sends nothing; the way to the shared cookies */

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

/* Appends a header line; -1 where memory ran out. */
static int add_header(struct curl_slist **headers, const char *line) {
    struct curl_slist *longer = curl_slist_append(*headers, line);

    if (longer == NULL) {
        return -1;
    }
    *headers = longer;
    return 0;
}

static void wipe_headers(struct curl_slist *headers) {
    for (struct curl_slist *header = headers; header != NULL; header = header->next) {
        explicit_bzero(header->data, strlen(header->data));
    }
    curl_slist_free_all(headers);
}

/* A token that cannot break out of its header: visible ASCII. */
static bool is_token(const char *token) {
    for (const char *at = token; *at != '\0'; at++) {
        if (*at <= ' ' || *at > '~') {
            return false;
        }
    }
    return *token != '\0';
}

static int add_token(struct transfer_settings *settings, const char *token, struct error *error) {
    struct text line = {0};
    int rc = -1;

    if (!is_token(token)) {
        return error_set(error, ERROR_INPUT,
                         "the token is empty or holds blanks or other characters that no token "
                         "has; it has to be the bare token");
    }
    text_append_string(&line, "Authorization: Bearer ");
    text_append_string(&line, token);
    if (text_check(&line, error) != 0) {
        goto out;
    }
    if (add_header(&settings->headers, text_string(&line)) != 0 ||
        add_header(&settings->body_headers, text_string(&line)) != 0) {
        error_set_no_memory(error);
        goto out;
    }
    rc = 0;
out:
    if (line.data != NULL) {
        explicit_bzero(line.data, line.capacity);
    }
    text_free(&line);
    return rc;
}

static int open_headers(struct session *session, const char *token, struct error *error) {
    struct transfer_settings *settings = &session->settings;

    if (add_header(&settings->headers, "Accept: application/json") != 0 ||
        add_header(&settings->body_headers, "Accept: application/json") != 0 ||
        add_header(&settings->body_headers, "Content-Type: application/json") != 0 ||
        add_header(&settings->body_headers, "Expect:") != 0) {
        return error_set_no_memory(error);
    }
    return token == NULL ? 0 : add_token(settings, token, error);
}

static int open_settings(struct session *session, const struct session_settings *given,
                         struct error *error) {
    struct transfer_settings *settings = &session->settings;

    settings->is_loopback = session->address.is_loopback;
    settings->insecure = given->insecure;
    settings->connect_timeout_ms =
        given->connect_timeout_ms > 0 ? given->connect_timeout_ms : CONNECT_TIMEOUT_MS;
    settings->answer_timeout_ms =
        given->answer_timeout_ms > 0 ? given->answer_timeout_ms : ANSWER_TIMEOUT_MS;
    text_append(&settings->base, text_span(&session->address.base));
    if (text_check(&settings->base, error) != 0) {
        return -1;
    }
    if (given->ca_file == NULL) {
        return 0;
    }
    if (access(given->ca_file, R_OK) != 0) {
        return error_set(error, ERROR_INPUT, "the CA file %s cannot be read: %s", given->ca_file,
                         strerror(errno));
    }
    settings->ca_file = strdup(given->ca_file);
    return settings->ca_file != NULL ? 0 : error_set_no_memory(error);
}

static int open_handles(struct session *session, struct error *error) {
    static const curl_lock_data shared[] = {CURL_LOCK_DATA_COOKIE, CURL_LOCK_DATA_DNS,
                                            CURL_LOCK_DATA_SSL_SESSION};
    CURLSH *share = curl_share_init();

    session->settings.share = share;
    session->multi = curl_multi_init();
    session->store = curl_easy_init();
    if (share == NULL || session->multi == NULL || session->store == NULL) {
        return error_set_no_memory(error);
    }
    for (size_t i = 0; i < sizeof shared / sizeof shared[0]; i++) {
        if (curl_share_setopt(share, CURLSHOPT_SHARE, shared[i]) != CURLSHE_OK) {
            return error_set_no_memory(error);
        }
    }
    if (curl_multi_setopt(session->multi, CURLMOPT_MAX_TOTAL_CONNECTIONS, 0L) != CURLM_OK ||
        curl_multi_setopt(session->multi, CURLMOPT_MAXCONNECTS, (long)CONNECTIONS_KEPT) !=
            CURLM_OK ||
        curl_easy_setopt(session->store, CURLOPT_SHARE, share) != CURLE_OK) {
        return error_set_no_memory(error);
    }
    return 0;
}

static int open_cookies(struct session *session, const char *path, struct error *error) {
    const struct address *address = &session->address;

    if (path == NULL) {
        return 0;
    }
    return cookies_load(path, text_string(&address->host),
                        address->is_secure_context ? COOKIES_SECURE : COOKIES_PLAIN, session->store,
                        error);
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
    if (address_parse(settings->url, &session->address, error) != 0 ||
        open_settings(session, settings, error) != 0 ||
        open_headers(session, settings->token, error) != 0 || open_handles(session, error) != 0 ||
        open_cookies(session, settings->cookie_file, error) != 0) {
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
    curl_easy_cleanup(session->store);
    curl_share_cleanup(session->settings.share);
    wipe_headers(session->settings.headers);
    wipe_headers(session->settings.body_headers);
    free(session->settings.ca_file);
    text_free(&session->settings.base);
    address_free(&session->address);
    free(session);
    curl_global_cleanup();
}

const char *session_url(const struct session *session) {
    return text_string(&session->address.base);
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
    return cookies_save(session->store, path, error);
}

void exchange_clear(struct exchange *exchange) {
    text_free(&exchange->path);
    text_free(&exchange->answer);
    text_free(&exchange->location);
    *exchange = (struct exchange){0};
}
