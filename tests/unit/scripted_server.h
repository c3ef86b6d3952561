/* An HTTP server for tests that follows a script: the n-th request that is read, on whatever
 * connection, is met with the n-th act. One thread, 127.0.0.1, a free port.
 *
 * server_start() borrows the acts until server_stop(). What the server saw may be looked at after
 * server_stop(), or be waited for; server_free() releases it. */
#ifndef ROWPOST_TEST_SCRIPTED_SERVER_H
#define ROWPOST_TEST_SCRIPTED_SERVER_H

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "base/text.h"

enum act_trigger { ON_REQUEST, ON_FIRST_BYTES };

enum act_after {
    THEN_KEEP,  /* the connection stays open for the next request */
    THEN_CLOSE, /* closed in order */
    THEN_RESET  /* torn down */
};

struct act {
    const char *send; /* bytes, or NULL for none */
    size_t length;    /* of them; 0: up to the NUL */
    size_t filler;    /* so many 'x' after them */
    enum act_after after;
    enum act_trigger trigger;
    int pause_ms;     /* before it sends; SERVER_HELD: until server_go_on() */
    const char *late; /* bytes that follow 20 ms later, or NULL */
};

enum { SERVER_CLIENTS = 32, SERVER_REQUESTS = 64, SERVER_HELD = -1 };

struct server_client {
    int socket; /* -1: free */
    struct text input;
};

struct server {
    int listener;
    int stop[2];
    int port;
    char url[64];
    pthread_t thread;
    sem_t gate; /* an act that is held waits for it, and the whole server with it */
    const struct act *acts;
    size_t act_count;
    const char *turned_away_word;  /* NULL, or a request that has this word ... */
    const struct act *turned_away; /* is met with this act, whatever its number */
    struct server_client clients[SERVER_CLIENTS];

    /* what it saw */
    size_t connections;
    size_t request_count;
    size_t hung_up; /* connections that an act has ended */
    struct text requests[SERVER_REQUESTS];
};

static inline void server_pause(int ms) {
    struct timespec span = {ms / 1000, (ms % 1000) * 1000000L};
    nanosleep(&span, NULL);
}

/* Waits until the server has counted so many, while it is running. */
static inline void server_wait_for(const size_t *count, size_t least) {
    while (__atomic_load_n(count, __ATOMIC_ACQUIRE) < least) {
        server_pause(1);
    }
}

/* Lets the act that is held, or the next one that will be, continue. */
static inline void server_go_on(struct server *server) {
    sem_post(&server->gate);
}

/* The length of the whole request at the start of the input, or 0 while it is not there. */
static inline size_t server_request_length(const struct text *input) {
    const char *end = span_find(text_span(input), "\r\n\r\n");
    if (end == NULL) {
        return 0;
    }
    size_t length = (size_t)(end - input->data) + 4;
    for (const char *line = input->data; line < end; line = strstr(line, "\r\n") + 2) {
        if (strncasecmp(line, "Content-Length:", 15) == 0) {
            length += strtoul(line + 15, NULL, 10);
        }
    }
    return length <= input->length ? length : 0;
}

static inline void server_hang_up(struct server_client *client, enum act_after how) {
    if (how == THEN_RESET) {
        struct linger linger = {1, 0};
        setsockopt(client->socket, SOL_SOCKET, SO_LINGER, &linger, sizeof linger);
    }
    close(client->socket);
    client->socket = -1;
    text_clear(&client->input);
}

static inline bool server_send(int to, const char *data, size_t length) {
    while (length > 0) {
        ssize_t sent = send(to, data, length, MSG_NOSIGNAL);
        if (sent <= 0) {
            return false;
        }
        data += sent;
        length -= (size_t)sent;
    }
    return true;
}

static inline void server_perform(struct server_client *client, const struct act *act) {
    char block[4096];
    size_t left = act->filler;

    memset(block, 'x', sizeof block);
    server_pause(act->pause_ms);
    size_t length = act->length > 0 || act->send == NULL ? act->length : strlen(act->send);
    bool well = server_send(client->socket, act->send, length);
    while (well && left > 0) {
        size_t part = left < sizeof block ? left : sizeof block;
        well = server_send(client->socket, block, part);
        left -= part;
    }
    if (act->late != NULL) {
        server_pause(20);
        server_send(client->socket, act->late, strlen(act->late));
    }
    if (act->after != THEN_KEEP) {
        server_hang_up(client, act->after);
    }
}

static inline void server_read(struct server *server, struct server_client *client) {
    static const struct act silence = {0};
    char block[65536];
    ssize_t got = recv(client->socket, block, sizeof block, 0);

    if (got <= 0) {
        server_hang_up(client, THEN_CLOSE);
        return;
    }
    text_append(&client->input, (struct span){block, (size_t)got});
    while (client->socket >= 0 && client->input.length > 0) {
        size_t number = server->request_count;
        const struct act *act = number < server->act_count ? &server->acts[number] : &silence;
        if (server->turned_away_word != NULL &&
            strstr(text_string(&client->input), server->turned_away_word) != NULL) {
            act = server->turned_away;
        }
        size_t length = act->trigger == ON_FIRST_BYTES ? client->input.length
                                                       : server_request_length(&client->input);
        if (length == 0 || number == SERVER_REQUESTS) {
            return;
        }
        text_append(&server->requests[number], (struct span){client->input.data, length});
        __atomic_add_fetch(&server->request_count, 1, __ATOMIC_RELEASE);
        client->input.length -= length;
        memmove(client->input.data, client->input.data + length, client->input.length);
        if (act->pause_ms == SERVER_HELD) {
            sem_wait(&server->gate);
        }
        server_perform(client, act);
        if (client->socket < 0) {
            __atomic_add_fetch(&server->hung_up, 1, __ATOMIC_RELEASE);
        }
    }
}

static inline void server_accept(struct server *server) {
    int socket = accept(server->listener, NULL, NULL);

    for (size_t i = 0; socket >= 0 && i < SERVER_CLIENTS; i++) {
        if (server->clients[i].socket < 0) {
            server->clients[i].socket = socket;
            server->connections++;
            return;
        }
    }
    abort();
}

static inline void *server_run(void *context) {
    struct server *server = context;

    for (;;) {
        struct pollfd polled[SERVER_CLIENTS + 2];
        for (size_t i = 0; i < SERVER_CLIENTS; i++) {
            polled[i] = (struct pollfd){server->clients[i].socket, POLLIN, 0};
        }
        polled[SERVER_CLIENTS] = (struct pollfd){server->listener, POLLIN, 0};
        polled[SERVER_CLIENTS + 1] = (struct pollfd){server->stop[0], POLLIN, 0};
        poll(polled, SERVER_CLIENTS + 2, -1);
        if (polled[SERVER_CLIENTS + 1].revents != 0) {
            return NULL;
        }
        for (size_t i = 0; i < SERVER_CLIENTS; i++) {
            if (polled[i].revents != 0) {
                server_read(server, &server->clients[i]);
            }
        }
        if (polled[SERVER_CLIENTS].revents != 0) {
            server_accept(server);
        }
    }
}

static inline void server_start(struct server *server, const struct act *acts, size_t count) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t length = sizeof address;

    *server = (struct server){.acts = acts, .act_count = count};
    for (size_t i = 0; i < SERVER_CLIENTS; i++) {
        server->clients[i].socket = -1;
    }
    server->listener = socket(AF_INET, SOCK_STREAM, 0);
    if (server->listener < 0 || sem_init(&server->gate, 0, 0) != 0 || pipe(server->stop) != 0 ||
        bind(server->listener, (struct sockaddr *)&address, sizeof address) != 0 ||
        listen(server->listener, SERVER_CLIENTS) != 0 ||
        getsockname(server->listener, (struct sockaddr *)&address, &length) != 0) {
        abort();
    }
    server->port = ntohs(address.sin_port);
    snprintf(server->url, sizeof server->url, "http://127.0.0.1:%d", server->port);
    if (pthread_create(&server->thread, NULL, server_run, server) != 0) {
        abort();
    }
}

static inline void server_stop(struct server *server) {
    if (write(server->stop[1], "", 1) != 1) {
        abort();
    }
    pthread_join(server->thread, NULL);
    for (size_t i = 0; i < SERVER_CLIENTS; i++) {
        if (server->clients[i].socket >= 0) {
            server_hang_up(&server->clients[i], THEN_CLOSE);
        }
        text_free(&server->clients[i].input);
    }
    sem_destroy(&server->gate);
    close(server->listener);
    close(server->stop[0]);
    close(server->stop[1]);
}

/* The n-th request as it was read, or "". */
static inline const char *server_request(const struct server *server, size_t n) {
    return n < server->request_count ? text_string(&server->requests[n]) : "";
}

static inline void server_free(struct server *server) {
    for (size_t i = 0; i < SERVER_REQUESTS; i++) {
        text_free(&server->requests[i]);
    }
}

#endif
