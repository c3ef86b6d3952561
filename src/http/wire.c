#include "http/wire.h"

#include <curl/curl.h>
#include <openssl/ssl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/select.h>

#include "http/curl_words.h"

/* Where libcurl cannot tell what it waits for: a name that is being looked up by a thread. */
enum { PATIENCE_MOST_MS = 100, PATIENCE_BLIND_MS = 5 };

struct wire {
    const struct transfer_settings *settings;
    CURL *easy;
    CURLM *multi;
    enum wire_state state;
    curl_socket_t descriptor; /* while it is open */
    CURLcode code;            /* the last failure */
    char error[CURL_ERROR_SIZE];
};

static int set_up(struct wire *wire) {
    CURL *easy = wire->easy;
    unsigned failed = 0;

    failed |= curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, wire->error);
    failed |= curl_easy_setopt(easy, CURLOPT_URL, text_string(&wire->settings->base));
    failed |= curl_easy_setopt(easy, CURLOPT_CONNECT_ONLY, 1L);
    return failed == 0 ? transfer_settings_apply(wire->settings, easy) : -1;
}

struct wire *wire_create(const struct transfer_settings *settings) {
    struct wire *wire = calloc(1, sizeof *wire);

    if (wire == NULL) {
        return NULL;
    }
    wire->settings = settings;
    wire->descriptor = CURL_SOCKET_BAD;
    wire->easy = curl_easy_init();
    wire->multi = curl_multi_init();
    if (wire->easy == NULL || wire->multi == NULL || set_up(wire) != 0) {
        wire_free(wire);
        return NULL;
    }
    return wire;
}

void wire_free(struct wire *wire) {
    if (wire == NULL) {
        return;
    }
    wire_close(wire);
    curl_easy_cleanup(wire->easy);
    curl_multi_cleanup(wire->multi);
    free(wire);
}

int wire_open(struct wire *wire) {
    wire_close(wire);
    wire->code = CURLE_OK;
    wire->error[0] = '\0';
    if (curl_multi_add_handle(wire->multi, wire->easy) != CURLM_OK) {
        return -1;
    }
    wire->state = WIRE_OPENING;
    return 0;
}

void wire_close(struct wire *wire) {
    if (wire->state == WIRE_CLOSED) {
        return;
    }
    /* libcurl closes the connection of such a handle when it is taken out. */
    curl_multi_remove_handle(wire->multi, wire->easy);
    wire->state = WIRE_CLOSED;
    wire->descriptor = CURL_SOCKET_BAD;
}

static enum wire_state fail(struct wire *wire, CURLcode code) {
    wire->code = code;
    wire_close(wire);
    return WIRE_CLOSED;
}

/* libcurl has ended what it does, well or not. */
static enum wire_state conclude(struct wire *wire, CURLcode code) {
    if (code == CURLE_OK) {
        code = curl_easy_getinfo(wire->easy, CURLINFO_ACTIVESOCKET, &wire->descriptor);
    }
    if (code == CURLE_OK && wire->descriptor == CURL_SOCKET_BAD) {
        code = CURLE_COULDNT_CONNECT;
    }
    if (code != CURLE_OK) {
        return fail(wire, code);
    }
    wire->state = WIRE_OPEN;
    return WIRE_OPEN;
}

enum wire_state wire_advance(struct wire *wire) {
    int running = 0;
    int left = 0;

    if (wire->state != WIRE_OPENING) {
        return wire->state;
    }
    if (curl_multi_perform(wire->multi, &running) != CURLM_OK) {
        return fail(wire, CURLE_FAILED_INIT);
    }
    const CURLMsg *message = curl_multi_info_read(wire->multi, &left);
    if (message == NULL || message->msg != CURLMSG_DONE) {
        return WIRE_OPENING;
    }
    return conclude(wire, message->data.result);
}

const char *wire_failure(const struct wire *wire) {
    return curl_words(wire->code, wire->error);
}

enum movement wire_send(struct wire *wire, struct span bytes, size_t *sent) {
    *sent = 0;
    wire->code = curl_easy_send(wire->easy, bytes.data, bytes.length, sent);
    if (wire->code == CURLE_AGAIN) {
        return MOVED_NONE;
    }
    return wire->code == CURLE_OK ? MOVED_SOME : MOVED_BROKEN;
}

/* libcurl lets a connection under TLS that was cut pass for one that was closed. Where an answer
 * ends with its connection, a part of it would then be the whole (RFC 9112, 9.8). */
static bool is_cut(const struct wire *wire) {
    const struct curl_tlssessioninfo *session = NULL;

    if (curl_easy_getinfo(wire->easy, CURLINFO_TLS_SSL_PTR, &session) != CURLE_OK ||
        session->backend != CURLSSLBACKEND_OPENSSL || session->internals == NULL) {
        return false;
    }
    return (SSL_get_shutdown(session->internals) & SSL_RECEIVED_SHUTDOWN) == 0;
}

enum movement wire_receive(struct wire *wire, char *buffer, size_t size, size_t *received) {
    *received = 0;
    wire->code = curl_easy_recv(wire->easy, buffer, size, received);
    if (wire->code == CURLE_AGAIN) {
        return MOVED_NONE;
    }
    if (wire->code != CURLE_OK) {
        return MOVED_BROKEN;
    }
    if (*received > 0) {
        return MOVED_SOME;
    }
    if (is_cut(wire)) {
        wire->code = CURLE_RECV_ERROR;
        return MOVED_BROKEN;
    }
    return MOVED_TO_END;
}

size_t wire_watch(const struct wire *wire, struct pollfd watched[WIRE_WATCHED]) {
    size_t count = 0;
    int last = -1;
    fd_set to_read;
    fd_set to_write;
    fd_set unused;

    FD_ZERO(&to_read);
    FD_ZERO(&to_write);
    FD_ZERO(&unused);
    if (curl_multi_fdset(wire->multi, &to_read, &to_write, &unused, &last) != CURLM_OK) {
        return 0;
    }
    for (int descriptor = 0; descriptor <= last && count < WIRE_WATCHED; descriptor++) {
        int events = (FD_ISSET(descriptor, &to_read) ? POLLIN : 0) |
                     (FD_ISSET(descriptor, &to_write) ? POLLOUT : 0);
        if (events != 0) {
            watched[count++] = (struct pollfd){.fd = descriptor, .events = (short)events};
        }
    }
    return count;
}

int wire_patience(const struct wire *wire) {
    struct pollfd watched[WIRE_WATCHED];
    long timeout = -1;

    curl_multi_timeout(wire->multi, &timeout);
    long most = wire_watch(wire, watched) > 0 ? PATIENCE_MOST_MS : PATIENCE_BLIND_MS;
    return (int)(timeout < 0 || timeout > most ? most : timeout);
}

int wire_descriptor(const struct wire *wire) {
    return wire->descriptor;
}
