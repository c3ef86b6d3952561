#define _POSIX_C_SOURCE 200809L
#include "http/transfers.h"

#include <assert.h>
#include <curl/curl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"

/* A transfer has one socket; while it connects, one for each of two addresses and one to hear of
 * the name's addresses. */
enum { SOCKETS_MOST = 4 * TRANSFERS_MOST };

struct transfers {
    const struct transfer_settings *settings;
    CURLM *multi;
    struct transfer *made[TRANSFERS_MOST]; /* those under way first */
    size_t made_count;
    size_t under_way;
    struct transfer *guest; /* under way, too, but somebody else's; or NULL */

    /* What libcurl waits for. The sockets change twice with each request, which would be a system
     * call each time with epoll; and there are few of them. */
    struct pollfd watched[SOCKETS_MOST];
    size_t watched_count;
    /* All connections, those that are idle among them. */
    int connections[SOCKETS_MOST];
    size_t connection_count;
    bool is_http2; /* the last answer */

    int64_t due;     /* when libcurl wants to be called without a socket, or -1 */
    CURLMcode broke; /* why the last call of libcurl that failed did; CURLM_OK: none did */
};

static curl_socket_t on_opening(void *context, curlsocktype purpose,
                                struct curl_sockaddr *address) {
    struct transfers *transfers = context;

    if (purpose != CURLSOCKTYPE_IPCXN || transfers->connection_count == SOCKETS_MOST) {
        return CURL_SOCKET_BAD;
    }
    int descriptor = socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
    if (descriptor >= 0) {
        transfers->connections[transfers->connection_count++] = descriptor;
    }
    return descriptor;
}

static int on_closing(void *context, curl_socket_t descriptor) {
    struct transfers *transfers = context;

    for (size_t i = 0; i < transfers->connection_count; i++) {
        if (transfers->connections[i] == descriptor) {
            transfers->connections[i] = transfers->connections[--transfers->connection_count];
            break;
        }
    }
    return close(descriptor);
}

/* The place of the socket among those that are watched, or their number. */
static size_t find_watched(const struct transfers *transfers, int descriptor) {
    size_t at = 0;
    while (at < transfers->watched_count && transfers->watched[at].fd != descriptor) {
        at++;
    }
    return at;
}

/* Over HTTP/1.1 a second answer to a request that is over would be taken for the answer to the next
 * one, and a look-up would believe it. libcurl uses such a connection again, unless it has ended.
 * In HTTP/2 an answer names its request, and an idle connection may carry other frames. */
static void end_unasked(const struct transfers *transfers) {
    char bytes[4096];

    for (size_t i = 0; !transfers->is_http2 && i < transfers->connection_count; i++) {
        int descriptor = transfers->connections[i];
        if (find_watched(transfers, descriptor) < transfers->watched_count ||
            recv(descriptor, bytes, sizeof bytes, MSG_DONTWAIT) <= 0) {
            continue;
        }
        while (recv(descriptor, bytes, sizeof bytes, MSG_DONTWAIT) > 0) {
        }
        shutdown(descriptor, SHUT_RDWR);
    }
}

/* libcurl reports what a socket is to be watched for from now on. */
static int on_socket(CURL *easy, curl_socket_t descriptor, int what, void *context, void *unused) {
    struct transfers *transfers = context;
    struct pollfd *watched = transfers->watched;
    size_t at = find_watched(transfers, descriptor);

    (void)easy;
    (void)unused;
    if (what == CURL_POLL_REMOVE) {
        if (at < transfers->watched_count) {
            watched[at] = watched[--transfers->watched_count];
        }
        return 0;
    }
    if (at == SOCKETS_MOST) {
        return -1;
    }
    int events =
        ((what & CURL_POLL_IN) != 0 ? POLLIN : 0) | ((what & CURL_POLL_OUT) != 0 ? POLLOUT : 0);
    watched[at] = (struct pollfd){.fd = descriptor, .events = (short)events};
    transfers->watched_count += at == transfers->watched_count;
    return 0;
}

static int on_timer(CURLM *multi, long timeout_ms, void *context) {
    struct transfers *transfers = context;

    (void)multi;
    transfers->due = timeout_ms < 0 ? -1 : clock_now() + timeout_ms * (int64_t)CLOCK_MILLISECOND;
    return 0;
}

static int open_multi(struct transfers *transfers) {
    CURLM *multi = curl_multi_init();
    unsigned failed = 0;

    transfers->multi = multi;
    if (multi == NULL) {
        return -1;
    }
    failed |= (unsigned)curl_multi_setopt(multi, CURLMOPT_MAXCONNECTS, (long)TRANSFERS_MOST);
    failed |= (unsigned)curl_multi_setopt(multi, CURLMOPT_SOCKETFUNCTION, on_socket);
    failed |= (unsigned)curl_multi_setopt(multi, CURLMOPT_SOCKETDATA, (void *)transfers);
    failed |= (unsigned)curl_multi_setopt(multi, CURLMOPT_TIMERFUNCTION, on_timer);
    failed |= (unsigned)curl_multi_setopt(multi, CURLMOPT_TIMERDATA, (void *)transfers);
    return failed == 0 ? 0 : -1;
}

struct transfers *transfers_open(const struct transfer_settings *settings, struct error *error) {
    struct transfers *transfers = calloc(1, sizeof *transfers);

    if (transfers == NULL) {
        error_set_no_memory(error);
        return NULL;
    }
    transfers->settings = settings;
    transfers->due = -1;
    if (open_multi(transfers) != 0) {
        error_set_no_memory(error);
        transfers_close(transfers);
        return NULL;
    }
    return transfers;
}

void transfers_close(struct transfers *transfers) {
    if (transfers == NULL) {
        return;
    }
    transfers_abandon(transfers);
    for (size_t i = 0; i < transfers->made_count; i++) {
        transfer_free(transfers->made[i]);
    }
    curl_multi_cleanup(transfers->multi);
    free(transfers);
}

static int keep_connections(struct transfers *transfers, CURL *easy) {
    unsigned failed = 0;

    failed |= curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, on_opening);
    failed |= curl_easy_setopt(easy, CURLOPT_OPENSOCKETDATA, (void *)transfers);
    failed |= curl_easy_setopt(easy, CURLOPT_CLOSESOCKETFUNCTION, on_closing);
    failed |= curl_easy_setopt(easy, CURLOPT_CLOSESOCKETDATA, (void *)transfers);
    return failed == 0 ? 0 : -1;
}

/* A transfer that carries nothing: the first after those under way. */
static struct transfer *find_idle(struct transfers *transfers, struct error *error) {
    if (transfers->under_way < transfers->made_count) {
        return transfers->made[transfers->under_way];
    }
    assert(transfers->made_count < TRANSFERS_MOST);
    struct transfer *transfer = transfer_create(transfers->settings);
    if (transfer == NULL || keep_connections(transfers, transfer_handle(transfer)) != 0) {
        transfer_free(transfer);
        error_set_no_memory(error);
        return NULL;
    }
    transfers->made[transfers->made_count++] = transfer;
    return transfer;
}

/* Lets libcurl act on what the socket is ready for, or on the time. */
static void act(struct transfers *transfers, curl_socket_t descriptor, int ready) {
    int running = 0;
    CURLMcode code = curl_multi_socket_action(transfers->multi, descriptor, ready, &running);

    if (code != CURLM_OK) {
        transfers->broke = code;
    }
}

static void act_on_time(struct transfers *transfers) {
    if (transfers->due >= 0 && transfers->due <= clock_now()) {
        transfers->due = -1;
        act(transfers, CURL_SOCKET_TIMEOUT, 0);
    }
}

int transfers_send(struct transfers *transfers, struct exchange *exchange, struct error *error) {
    struct transfer *transfer = find_idle(transfers, error);

    if (transfer == NULL || transfer_begin(transfer, exchange, error) != 0) {
        return -1;
    }
    if (method_find(exchange->method)->departure == DEPARTS_AGAIN) {
        end_unasked(transfers);
    }
    if (curl_multi_add_handle(transfers->multi, transfer_handle(transfer)) != CURLM_OK) {
        transfer_give_up(transfer, "not started");
        return error_set_no_memory(error);
    }
    transfers->under_way++;
    act_on_time(transfers);
    return 0;
}

int transfers_drive(struct transfers *transfers, struct transfer *guest, struct error *error) {
    if (curl_multi_add_handle(transfers->multi, transfer_handle(guest)) != CURLM_OK) {
        transfer_give_up(guest, "not started");
        return error_set_no_memory(error);
    }
    transfers->guest = guest;
    act_on_time(transfers);
    return 0;
}

/* Takes the transfer out of those under way. */
static void retire(struct transfers *transfers, struct transfer *transfer) {
    size_t last = transfers->under_way - 1;

    curl_multi_remove_handle(transfers->multi, transfer_handle(transfer));
    if (transfer == transfers->guest) {
        transfers->guest = NULL;
        return;
    }
    for (size_t i = 0; i < last; i++) {
        if (transfers->made[i] == transfer) {
            transfers->made[i] = transfers->made[last];
            transfers->made[last] = transfer;
            break;
        }
    }
    transfers->under_way = last;
}

struct exchange *transfers_take(struct transfers *transfers) {
    int left = 0;
    const CURLMsg *message = curl_multi_info_read(transfers->multi, &left);

    if (message != NULL) { /* there is but one kind: a transfer is done */
        void *transfer = NULL;
        CURLcode code = message->data.result;
        long version = 0;

        curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &transfer);
        curl_easy_getinfo(message->easy_handle, CURLINFO_HTTP_VERSION, &version);
        if (transfer != transfers->guest) {
            transfers->is_http2 = version >= CURL_HTTP_VERSION_2_0;
        }
        struct exchange *exchange = transfer_end(transfer, code);
        retire(transfers, transfer);
        return exchange;
    }
    if (transfers->broke != CURLM_OK && transfers->under_way > 0) { /* reported by one of them */
        struct transfer *transfer = transfers->made[0];
        const char *why = curl_multi_strerror(transfers->broke);

        transfers->broke = CURLM_OK;
        retire(transfers, transfer);
        return transfer_give_up(transfer, why);
    }
    return NULL;
}

/* How long to wait for the sockets, in milliseconds, rounded up. */
static int find_poll_timeout(const struct transfers *transfers, int64_t until) {
    int64_t end = transfers->due >= 0 && transfers->due < until ? transfers->due : until;
    int64_t left_ms = (end - clock_now() + CLOCK_MILLISECOND - 1) / CLOCK_MILLISECOND;

    return left_ms > 0 ? (int)left_ms : 0;
}

static void await_sockets(struct transfers *transfers, int64_t until) {
    int timeout_ms = find_poll_timeout(transfers, until);
    int ready = poll(transfers->watched, transfers->watched_count, timeout_ms);
    struct pollfd found[SOCKETS_MOST]; /* the watched ones change with every action */
    size_t count = 0;

    for (size_t i = 0; ready > 0 && i < transfers->watched_count; i++) {
        if (transfers->watched[i].revents != 0) {
            found[count++] = transfers->watched[i];
        }
    }
    for (size_t i = 0; i < count; i++) {
        int events = found[i].revents;
        act(transfers, found[i].fd,
            ((events & (POLLIN | POLLHUP)) != 0 ? CURL_CSELECT_IN : 0) |
                ((events & POLLOUT) != 0 ? CURL_CSELECT_OUT : 0) |
                ((events & (POLLERR | POLLNVAL)) != 0 ? CURL_CSELECT_ERR : 0));
    }
    act_on_time(transfers);
}

struct exchange *transfers_wait(struct transfers *transfers, int64_t until) {
    struct exchange *exchange = transfers_take(transfers);

    while (exchange == NULL && (transfers->under_way > 0 || transfers->guest != NULL)) {
        await_sockets(transfers, until);
        exchange = transfers_take(transfers);
        if (exchange == NULL && clock_now() >= until) {
            break;
        }
    }
    return exchange;
}

static void abandon(struct transfers *transfers, struct transfer *transfer) {
    retire(transfers, transfer);
    transfer_give_up(transfer, TRANSFERS_GIVEN_UP);
}

void transfers_abandon(struct transfers *transfers) {
    while (transfers->under_way > 0) {
        abandon(transfers, transfers->made[transfers->under_way - 1]);
    }
    if (transfers->guest != NULL) {
        abandon(transfers, transfers->guest);
    }
}
