#define _GNU_SOURCE /* SOCK_NONBLOCK, SOCK_CLOEXEC, getaddrinfo */
#include "oracle/transport.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <netdb.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

struct transport {
    struct endpoint endpoint;
    struct transport_settings settings;
    int descriptor;
    char ip[64];       /* what it is connected to; "" where the host is that already */
    bool is_connected; /* by TCP */
    SSL_CTX *context;
    SSL *tls; /* NULL: plain TCP */
};

int64_t transport_clock(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static int fail_silent(const struct transport *transport, const char *verb,
                       struct oracle_error *error) {
    if (!transport->is_connected) {
        return failure_set(error, ORACLE_TIMEOUT,
                           "%s:%s%s: cannot be reached: no answer within %g seconds",
                           transport->endpoint.host, transport->endpoint.port, transport->ip,
                           transport->endpoint.transport_limit / 1000.0);
    }
    if (transport->settings.deadline > 0) {
        return failure_set(error, ORACLE_TIMEOUT,
                           "%s:%s: the server did not let the user in within the time limit",
                           transport->endpoint.host, transport->endpoint.port);
    }
    return failure_set(error, ORACLE_TIMEOUT, "%s:%s: the server did not %s for %d seconds",
                       transport->endpoint.host, transport->endpoint.port, verb,
                       transport->settings.silence_limit / 1000);
}

static int fail_lost(const struct transport *transport, const char *why,
                     struct oracle_error *error) {
    return failure_set(error, ORACLE_UNREACHABLE, "%s:%s: the connection was lost: %s",
                       transport->endpoint.host, transport->endpoint.port, why);
}

/* Waits until the socket is ready for `events`. */
static int wait_ready(const struct transport *transport, short events, struct oracle_error *error) {
    int64_t limit = transport->settings.silence_limit;
    if (transport->settings.deadline > 0) {
        limit = transport->settings.deadline - transport_clock();
    }
    int64_t end = transport_clock() + limit;
    struct pollfd descriptor = {.fd = transport->descriptor, .events = events};
    for (;;) {
        int64_t left = end - transport_clock();
        if (left <= 0) {
            return fail_silent(transport, events == POLLIN ? "answer" : "listen", error);
        }
        int ready = poll(&descriptor, 1, left > INT_MAX ? INT_MAX : (int)left);
        if (ready > 0) {
            return 0;
        }
        if (ready < 0 && errno != EINTR) {
            return fail_lost(transport, strerror(errno), error);
        }
    }
}

/* The reason of OpenSSL's first error, or of the system's. */
static const char *tls_reason(const struct transport *transport) {
    long verdict = SSL_get_verify_result(transport->tls);
    if (verdict != X509_V_OK) {
        return X509_verify_cert_error_string(verdict);
    }
    const char *reason = ERR_reason_error_string(ERR_peek_error());
    return reason != NULL ? reason : "the server ended it";
}

/* After a call of OpenSSL's that has not succeeded: 0, wait and call again; or -1. */
static int wait_tls(const struct transport *transport, int result, struct oracle_error *error) {
    switch (SSL_get_error(transport->tls, result)) {
    case SSL_ERROR_WANT_READ:
        return wait_ready(transport, POLLIN, error);
    case SSL_ERROR_WANT_WRITE:
        return wait_ready(transport, POLLOUT, error);
    default:
        return fail_lost(transport, tls_reason(transport), error);
    }
}

static int prepare_context(struct transport *transport, struct oracle_error *error) {
    transport->context = SSL_CTX_new(TLS_client_method());
    if (transport->context == NULL) {
        return failure_set_no_memory(error);
    }
    SSL_CTX_set_verify(transport->context, SSL_VERIFY_PEER, NULL);
    SSL_CTX_set_min_proto_version(transport->context, TLS1_2_VERSION);
    const char *file = transport->settings.ca_file;
    int trusted = file == NULL ? SSL_CTX_set_default_verify_paths(transport->context)
                               : SSL_CTX_load_verify_file(transport->context, file);
    if (trusted != 1) {
        return failure_set(error, ORACLE_USAGE, "%s: no certificates in PEM can be read from it",
                           file == NULL ? "the system's certificates" : file);
    }
    return 0;
}

static int start_tls(struct transport *transport, struct oracle_error *error) {
    if (transport->context == NULL && prepare_context(transport, error) != 0) {
        return -1;
    }
    ERR_clear_error();
    const char *host = transport->endpoint.host;
    struct in6_addr ignored;
    bool is_number =
        inet_pton(AF_INET, host, &ignored) == 1 || inet_pton(AF_INET6, host, &ignored) == 1;
    transport->tls = SSL_new(transport->context);
    if (transport->tls == NULL || SSL_set_fd(transport->tls, transport->descriptor) != 1 ||
        (is_number ? X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(transport->tls), host)
                   : SSL_set1_host(transport->tls, host)) != 1 ||
        (!is_number && SSL_set_tlsext_host_name(transport->tls, host) != 1)) {
        return failure_set_no_memory(error);
    }
    int result;
    while ((result = SSL_connect(transport->tls)) != 1) {
        if (wait_tls(transport, result, error) != 0) {
            return -1;
        }
    }
    return 0;
}

/* Where the endpoint is a name, messages name the IP as well. */
static void note_ip(struct transport *transport, const struct addrinfo *address) {
    char ip[NI_MAXHOST] = "";
    transport->ip[0] = '\0';
    if (getnameinfo(address->ai_addr, address->ai_addrlen, ip, sizeof ip, NULL, 0,
                    NI_NUMERICHOST) == 0 &&
        strcmp(ip, transport->endpoint.host) != 0) {
        snprintf(transport->ip, sizeof transport->ip, " (%.58s)", ip);
    }
}

/* Connects to one IP of the host's. */
static int connect_to(struct transport *transport, const struct addrinfo *address,
                      struct oracle_error *error) {
    note_ip(transport, address);
    transport_begin_deadline(transport, transport->endpoint.transport_limit);
    transport->descriptor =
        socket(address->ai_family, address->ai_socktype | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    int failure = 0;
    socklen_t size = sizeof failure;
    if (transport->descriptor < 0 ||
        connect(transport->descriptor, address->ai_addr, address->ai_addrlen) != 0) {
        failure = errno;
    }
    if (failure == EINPROGRESS) {
        if (wait_ready(transport, POLLOUT, error) != 0) {
            return -1;
        }
        getsockopt(transport->descriptor, SOL_SOCKET, SO_ERROR, &failure, &size);
    }
    if (failure != 0) {
        return failure_set(error, ORACLE_UNREACHABLE, "%s:%s%s: cannot be reached: %s",
                           transport->endpoint.host, transport->endpoint.port, transport->ip,
                           strerror(failure));
    }
    transport->is_connected = true;
    int on = 1;
    setsockopt(transport->descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    setsockopt(transport->descriptor, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof on);
    return 0;
}

static void close_descriptor(struct transport *transport) {
    if (transport->descriptor >= 0) {
        close(transport->descriptor);
        transport->descriptor = -1;
    }
}

/* Connects to the first IP of the host's that answers; where none does, each one's error counts. */
static int connect_any(struct transport *transport, struct oracle_error *error) {
    const struct addrinfo wanted = {.ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM};
    struct addrinfo *addresses = NULL;
    const struct endpoint *endpoint = &transport->endpoint;
    int failure = getaddrinfo(endpoint->host, endpoint->port, &wanted, &addresses);
    if (failure != 0) {
        return failure_set(error, ORACLE_UNREACHABLE, "%s: the host is not known: %s",
                           endpoint->host, gai_strerror(failure));
    }
    struct oracle_error problem;
    struct oracle_error all = {0};
    for (struct addrinfo *one = addresses; one != NULL && !transport->is_connected;
         one = one->ai_next) {
        close_descriptor(transport);
        if (connect_to(transport, one, &problem) != 0) {
            failure_join(&all, &problem);
        }
    }
    freeaddrinfo(addresses);
    if (!transport->is_connected) {
        *error = all;
        return -1;
    }
    return 0;
}

struct transport *transport_connect(const struct endpoint *endpoint,
                                    const struct transport_settings *settings,
                                    struct oracle_error *error) {
    struct transport *transport = transport_adopt(-1, settings);
    if (transport == NULL) {
        failure_set_no_memory(error);
        return NULL;
    }
    transport->endpoint = *endpoint;
    transport->is_connected = false;
    int rc = connect_any(transport, error);
    if (rc == 0) {
        transport->settings.deadline = settings->deadline > 0
                                           ? settings->deadline
                                           : transport_clock() + settings->connect_limit;
        rc = endpoint->is_encrypted ? start_tls(transport, error) : 0;
    }
    if (rc != 0) {
        transport_close(transport);
        return NULL;
    }
    return transport;
}

struct transport *transport_adopt(int descriptor, const struct transport_settings *settings) {
    struct transport *transport = calloc(1, sizeof *transport);
    if (transport == NULL) {
        return NULL;
    }
    transport->settings = *settings;
    transport->is_connected = true;
    transport->descriptor = descriptor;
    if (descriptor >= 0) {
        fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) | O_NONBLOCK);
    }
    return transport;
}

void transport_close(struct transport *transport) {
    if (transport == NULL) {
        return;
    }
    SSL_free(transport->tls);
    SSL_CTX_free(transport->context);
    close_descriptor(transport);
    free(transport);
}

int transport_renew(struct transport *transport, struct oracle_error *error) {
    if (transport->tls == NULL) {
        return failure_set(error, ORACLE_PROTOCOL,
                           "%s:%s: the listener asks for TLS on a connection without",
                           transport->endpoint.host, transport->endpoint.port);
    }
    SSL_free(transport->tls);
    transport->tls = NULL;
    return start_tls(transport, error);
}

int64_t transport_deadline(const struct transport *transport) {
    return transport->settings.deadline;
}

void transport_end_deadline(struct transport *transport) {
    transport->settings.deadline = 0;
}

void transport_begin_deadline(struct transport *transport, int limit) {
    transport->settings.deadline = transport_clock() + limit;
}

static int send_tls(struct transport *transport, const unsigned char *data, size_t length,
                    struct oracle_error *error) {
    size_t sent = 0;
    ERR_clear_error();
    for (int result = 0; length > 0; data += sent, length -= sent) {
        sent = 0;
        while ((result = SSL_write_ex(transport->tls, data, length, &sent)) != 1) {
            if (wait_tls(transport, result, error) != 0) {
                return -1;
            }
        }
    }
    return 0;
}

int transport_send(struct transport *transport, const unsigned char *data, size_t length,
                   struct oracle_error *error) {
    if (transport->tls != NULL) {
        return send_tls(transport, data, length, error);
    }
    while (length > 0) {
        ssize_t sent = send(transport->descriptor, data, length, MSG_NOSIGNAL);
        if (sent >= 0) {
            data += sent;
            length -= (size_t)sent;
        } else if (errno == EAGAIN) {
            if (wait_ready(transport, POLLOUT, error) != 0) {
                return -1;
            }
        } else if (errno != EINTR) {
            return fail_lost(transport, strerror(errno), error);
        }
    }
    return 0;
}

static long receive_tls(struct transport *transport, unsigned char *data, size_t size,
                        struct oracle_error *error) {
    size_t received = 0;
    int result;
    ERR_clear_error();
    while ((result = SSL_read_ex(transport->tls, data, size, &received)) != 1) {
        if (wait_tls(transport, result, error) != 0) {
            return -1;
        }
    }
    return (long)received;
}

long transport_receive(struct transport *transport, unsigned char *data, size_t size,
                       struct oracle_error *error) {
    /* The limit also ends a server that sends without a pause. */
    if (transport->settings.deadline > 0 && transport_clock() >= transport->settings.deadline) {
        return fail_silent(transport, "answer", error);
    }
    if (transport->tls != NULL) {
        return receive_tls(transport, data, size, error);
    }
    for (;;) {
        ssize_t received = recv(transport->descriptor, data, size, 0);
        if (received > 0) {
            return received;
        }
        if (received == 0) {
            return fail_lost(transport, "the server closed it", error);
        }
        if (errno == EAGAIN) {
            if (wait_ready(transport, POLLIN, error) != 0) {
                return -1;
            }
        } else if (errno != EINTR) {
            return fail_lost(transport, strerror(errno), error);
        }
    }
}
