/* What an Oracle server sends, written by hand, and a connection that receives it.
 *
 * says_...() appends to a `struct bytes` that the test frees. A said_server sends one such text to
 * each client, whatever the request; a server borrows the text until said_stop(). */
#ifndef ROWPOST_TEST_ORACLE_FIXTURE_H
#define ROWPOST_TEST_ORACLE_FIXTURE_H

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "oracle/connection.h"

/* A packet with a length of two bytes, as before the server has accepted. */
static inline void says_packet(struct bytes *out, int type, const void *body, size_t length) {
    message_put_u16(out, (unsigned)(PACKET_HEADER_SIZE + length));
    message_put_u16(out, 0);
    message_put_byte(out, (unsigned)type);
    message_put_byte(out, 0);
    message_put_u16(out, 0);
    bytes_append(out, body, length);
}

/* A message, in data packets that hold so many bytes of it. */
static inline void says_message(struct bytes *out, const void *message, size_t length,
                                size_t piece) {
    const unsigned char *rest = message;

    while (length > 0) {
        struct bytes body = {0};
        size_t part = length < piece ? length : piece;
        message_put_u16(&body, 0);
        bytes_append(&body, rest, part);
        says_packet(out, PACKET_DATA, body.data, body.length);
        bytes_free(&body);
        rest += part;
        length -= part;
    }
}

/* A connection on which a user has signed in, at the other end of the socket. oracle_close() frees
 * it. */
static inline struct oracle_connection *hearing_connection(int socket, int field_version,
                                                           int silence_limit) {
    const struct transport_settings settings = {.silence_limit = silence_limit};
    struct oracle_connection *connection = calloc(1, sizeof *connection);
    struct transport *transport = transport_adopt(socket, &settings);

    if (connection == NULL || transport == NULL) {
        abort();
    }
    packets_start(&connection->packets, transport);
    reader_start(&connection->reader, &connection->packets);
    connection->field_version = field_version;
    connection->longest_column = 4000;
    connection->national_charset = 2000;
    connection->is_signed_in = true;
    return connection;
}

enum said_after {
    THEN_CLOSES,
    THEN_IS_SILENT,
    THEN_REPEATS /* `again`, for as long as it is listened to */
};

struct said {
    struct bytes first;
    enum said_after after;
    struct bytes again;
};

static inline void said_free(struct said *said) {
    bytes_free(&said->first);
    bytes_free(&said->again);
}

static inline bool said_send(int socket, const struct bytes *bytes) {
    for (size_t at = 0; at < bytes->length;) {
        ssize_t sent = send(socket, bytes->data + at, bytes->length - at, MSG_NOSIGNAL);
        if (sent <= 0) {
            return false;
        }
        at += (size_t)sent;
    }
    return true;
}

/* Sends it to one client, until that one goes away. */
static inline void said_to(const struct said *said, int socket) {
    struct bytes many = {0};
    char ignored[4096];

    while (said->after == THEN_REPEATS && many.length < 65536) {
        bytes_append(&many, said->again.data, said->again.length);
    }
    bool is_heard = said_send(socket, &said->first);
    for (size_t at = 0; is_heard && said->after == THEN_REPEATS;) {
        struct pollfd ready = {socket, POLLIN | POLLOUT, 0};
        poll(&ready, 1, -1);
        if ((ready.revents & POLLOUT) != 0) {
            ssize_t sent =
                send(socket, many.data + at, many.length - at, MSG_NOSIGNAL | MSG_DONTWAIT);
            at = sent > 0 ? (at + (size_t)sent) % many.length : at;
        }
        is_heard = (ready.revents & (POLLIN | POLLHUP | POLLERR)) == 0 ||
                   recv(socket, ignored, sizeof ignored, 0) > 0;
    }
    if (said->after == THEN_CLOSES) {
        shutdown(socket, SHUT_WR);
    }
    while (recv(socket, ignored, sizeof ignored, 0) > 0) {
    }
    close(socket);
    bytes_free(&many);
}

struct said_server {
    const struct said *said;
    int listener; /* on 127.0.0.1; -1: one end of a pair of sockets */
    int socket;
    int port;
    pthread_t thread;
};

static inline void *said_run(void *context) {
    const struct said_server *server = context;

    if (server->listener < 0) {
        said_to(server->said, server->socket);
        return NULL;
    }
    for (int socket; (socket = accept(server->listener, NULL, NULL)) >= 0;) {
        said_to(server->said, socket);
    }
    return NULL;
}

static inline void said_begin(struct said_server *server) {
    if (pthread_create(&server->thread, NULL, said_run, server) != 0) {
        abort();
    }
}

/* Listens. */
static inline void said_listen(struct said_server *server, const struct said *said) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t length = sizeof address;

    *server = (struct said_server){.said = said, .listener = socket(AF_INET, SOCK_STREAM, 0)};
    if (server->listener < 0 ||
        bind(server->listener, (struct sockaddr *)&address, sizeof address) != 0 ||
        listen(server->listener, 8) != 0 ||
        getsockname(server->listener, (struct sockaddr *)&address, &length) != 0) {
        abort();
    }
    server->port = ntohs(address.sin_port);
    said_begin(server);
}

/* Returns the other end of a pair of sockets. */
static inline int said_pair(struct said_server *server, const struct said *said) {
    int ends[2];

    if (socketpair(AF_UNIX, SOCK_STREAM, 0, ends) != 0) {
        abort();
    }
    *server = (struct said_server){.said = said, .listener = -1, .socket = ends[0]};
    said_begin(server);
    return ends[1];
}

/* After the client has closed its end. */
static inline void said_stop(struct said_server *server) {
    if (server->listener >= 0) {
        shutdown(server->listener, SHUT_RDWR);
    }
    pthread_join(server->thread, NULL);
    if (server->listener >= 0) {
        close(server->listener);
    }
}

#endif
