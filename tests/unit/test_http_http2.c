/* HTTP/2: the promises of a session hold where many requests share a connection.
 *
 * libcurl sends a request again, on its own and unasked, where the server refuses its stream, where
 * it goes away without it, and where a kept connection dies. A server that misbehaves, or something
 * between, may have carried the request out: every test here counts what the server has read. */
#define _GNU_SOURCE
#include "certificate_fixture.h"
#include "session_fixture.h"

#include <signal.h>

/* Frames (RFC 9113, 6). */
enum {
    FRAME_HEAD_BYTES = 9,
    FRAME_DATA = 0x0,
    FRAME_HEADERS = 0x1,
    FRAME_RST_STREAM = 0x3,
    FRAME_SETTINGS = 0x4,
    FRAME_PING = 0x6,
    FRAME_GOAWAY = 0x7,
    FLAG_END_STREAM = 0x1,
    FLAG_ACK = 0x1,
    FLAG_END_HEADERS = 0x4,
    PREFACE_BYTES = 24,
    CONNECTIONS_MOST = 32
};

/* Error codes (7). */
enum { NO_ERROR = 0x0, INTERNAL_ERROR = 0x2, REFUSED_STREAM = 0x7, HTTP_1_1_REQUIRED = 0xd };

enum step {
    ANSWERS,
    REFUSES_STREAM,
    BREAKS_STREAM,
    WANTS_HTTP_1_1,
    GOES_AWAY_WITHOUT_IT, /* its stream is beyond the last one */
    CLOSES_WITHOUT_IT,    /* the same, and the connection is closed */
    CLOSES_WITH_IT,       /* its stream is within */
    ANSWERS_AND_GOES_AWAY,
    CLOSES,
    IS_SILENT
};

struct h2_server {
    SSL_CTX *context;
    int listener;
    pthread_t thread;
    char url[64];
    char ca_file[CERTIFICATE_PATH_SIZE];
    char key_file[CERTIFICATE_PATH_SIZE];
    const enum step *steps; /* for the n-th request, on whatever connection; then it answers */
    size_t step_count;
    pthread_mutex_t lock; /* for what follows */
    size_t request_count;
    size_t connection_count;
    pthread_t connections[CONNECTIONS_MOST];
};

struct connection {
    struct h2_server *server;
    int socket;
};

static int choose_h2(SSL *tls, const unsigned char **out, unsigned char *out_length,
                     const unsigned char *offered, unsigned length, void *context) {
    (void)tls;
    (void)context;
    const unsigned char *found = memmem(offered, length, "\x02h2", 3);
    if (found == NULL) {
        return SSL_TLSEXT_ERR_NOACK;
    }
    *out = found + 1;
    *out_length = 2;
    return SSL_TLSEXT_ERR_OK;
}

static bool read_bytes(SSL *tls, unsigned char *bytes, size_t length) {
    size_t got = 0;
    for (size_t read = 0; read < length; read += got) {
        if (SSL_read_ex(tls, bytes + read, length - read, &got) != 1) {
            return false;
        }
    }
    return true;
}

static void put_number(unsigned char *at, unsigned long number, size_t bytes) {
    while (bytes-- > 0) {
        *at++ = (unsigned char)(number >> (8 * bytes));
    }
}

static unsigned long take_number(const unsigned char *at, size_t bytes) {
    unsigned long number = 0;
    while (bytes-- > 0) {
        number = number << 8 | *at++;
    }
    return number;
}

static void send_frame(SSL *tls, unsigned char type, unsigned char flags, unsigned long stream,
                       const void *payload, size_t length) {
    unsigned char frame[128];
    size_t written = 0;

    put_number(frame, length, 3);
    frame[3] = type;
    frame[4] = flags;
    put_number(frame + 5, stream, 4);
    memcpy(frame + FRAME_HEAD_BYTES, length > 0 ? payload : "", length);
    SSL_write_ex(tls, frame, FRAME_HEAD_BYTES + length, &written);
}

static void send_answer(SSL *tls, unsigned long stream) {
    /* :status 200 by its index; content-type by the index of its name (RFC 7541, 6). */
    static const char header[] = "\x88\x0f\x10\x10"
                                 "application/json";

    send_frame(tls, FRAME_HEADERS, FLAG_END_HEADERS, stream, header, sizeof header - 1);
    send_frame(tls, FRAME_DATA, FLAG_END_STREAM, stream, "{}", 2);
}

static void reset_stream(SSL *tls, unsigned long stream, unsigned long code) {
    unsigned char payload[4];

    put_number(payload, code, 4);
    send_frame(tls, FRAME_RST_STREAM, 0, stream, payload, sizeof payload);
}

static void go_away(SSL *tls, unsigned long last_stream) {
    unsigned char payload[8];

    put_number(payload, last_stream, 4);
    put_number(payload + 4, NO_ERROR, 4);
    send_frame(tls, FRAME_GOAWAY, 0, 0, payload, sizeof payload);
}

/* False where the connection is to be closed. */
static bool take_step(enum step step, SSL *tls, unsigned long stream) {
    switch (step) {
    case ANSWERS:
        send_answer(tls, stream);
        return true;
    case REFUSES_STREAM:
        reset_stream(tls, stream, REFUSED_STREAM);
        return true;
    case BREAKS_STREAM:
        reset_stream(tls, stream, INTERNAL_ERROR);
        return true;
    case WANTS_HTTP_1_1:
        reset_stream(tls, stream, HTTP_1_1_REQUIRED);
        return true;
    case GOES_AWAY_WITHOUT_IT:
        go_away(tls, stream - 2);
        return true;
    case CLOSES_WITHOUT_IT:
        go_away(tls, stream - 2);
        return false;
    case CLOSES_WITH_IT:
        go_away(tls, stream);
        return false;
    case ANSWERS_AND_GOES_AWAY:
        go_away(tls, stream);
        send_answer(tls, stream);
        return true;
    case CLOSES:
        return false;
    case IS_SILENT:
        return true;
    }
    return false;
}

/* One frame, and what is to be done about it. False at the end of the connection. */
static bool serve_frame(struct h2_server *server, SSL *tls) {
    unsigned char head[FRAME_HEAD_BYTES];
    unsigned char payload[16384];

    if (!read_bytes(tls, head, sizeof head)) {
        return false;
    }
    size_t length = take_number(head, 3);
    if (length > sizeof payload || !read_bytes(tls, payload, length)) {
        return false;
    }
    if ((head[3] == FRAME_SETTINGS || head[3] == FRAME_PING) && (head[4] & FLAG_ACK) == 0) {
        send_frame(tls, head[3], FLAG_ACK, 0, payload, head[3] == FRAME_PING ? length : 0);
    }
    bool is_whole =
        (head[3] == FRAME_HEADERS || head[3] == FRAME_DATA) && (head[4] & FLAG_END_STREAM) != 0;
    if (!is_whole) {
        return true;
    }
    pthread_mutex_lock(&server->lock);
    size_t number = server->request_count++;
    pthread_mutex_unlock(&server->lock);
    enum step step = number < server->step_count ? server->steps[number] : ANSWERS;
    return take_step(step, tls, take_number(head + 5, 4));
}

static void *serve_connection(void *context) {
    struct connection *connection = context;
    unsigned char preface[PREFACE_BYTES];
    SSL *tls = SSL_new(connection->server->context);

    SSL_set_fd(tls, connection->socket);
    if (SSL_accept(tls) == 1 && read_bytes(tls, preface, sizeof preface)) {
        send_frame(tls, FRAME_SETTINGS, 0, 0, NULL, 0);
        while (serve_frame(connection->server, tls)) {
        }
        SSL_shutdown(tls);
    }
    SSL_free(tls);
    close(connection->socket);
    free(connection);
    return NULL;
}

/* Until the listener is shut down. */
static void *serve(void *context) {
    struct h2_server *server = context;

    for (int socket = accept(server->listener, NULL, NULL); socket >= 0;
         socket = accept(server->listener, NULL, NULL)) {
        struct connection *connection = malloc(sizeof *connection);
        *connection = (struct connection){server, socket};
        pthread_create(&server->connections[server->connection_count++], NULL, serve_connection,
                       connection);
    }
    return NULL;
}

static void h2_server_start(struct h2_server *server, const enum step *steps, size_t count) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t length = sizeof address;

    *server =
        (struct h2_server){.steps = steps, .step_count = count, .lock = PTHREAD_MUTEX_INITIALIZER};
    server->context = make_server_context(server->ca_file, server->key_file);
    SSL_CTX_set_alpn_select_cb(server->context, choose_h2, NULL);
    server->listener = socket(AF_INET, SOCK_STREAM, 0);
    assert_int_equal(bind(server->listener, (struct sockaddr *)&address, sizeof address), 0);
    assert_int_equal(listen(server->listener, 8), 0);
    assert_int_equal(getsockname(server->listener, (struct sockaddr *)&address, &length), 0);
    snprintf(server->url, sizeof server->url, "https://localhost:%d", ntohs(address.sin_port));
    assert_int_equal(pthread_create(&server->thread, NULL, serve, server), 0);
}

/* The session is to be closed before. */
static void h2_server_stop(struct h2_server *server) {
    shutdown(server->listener, SHUT_RDWR);
    pthread_join(server->thread, NULL);
    for (size_t i = 0; i < server->connection_count; i++) {
        pthread_join(server->connections[i], NULL);
    }
    close(server->listener);
    unlink(server->ca_file);
    unlink(server->key_file);
    SSL_CTX_free(server->context);
}

static struct session *open_h2(const struct h2_server *server) {
    return open_session(&(struct session_settings){
        .url = server->url, .ca_file = server->ca_file, .answer_timeout_ms = 1000});
}

/* A first GET makes the connection; then the request meets the step. */
static void play(struct h2_server *server, enum step step, const char *method, struct span body,
                 struct exchange *exchange) {
    const enum step steps[] = {ANSWERS, step};

    h2_server_start(server, steps, COUNT(steps));
    struct session *session = open_h2(server);
    perform(session, exchange, "GET", "/", (struct span){0});
    assert_string_equal(exchange->failure, "");
    assert_int_equal(exchange->status, 200);
    perform(session, exchange, method, "/", body);
    session_close(session);
    h2_server_stop(server);
}

static const enum step ends_without_an_answer[] = {
    REFUSES_STREAM,    BREAKS_STREAM,  WANTS_HTTP_1_1, GOES_AWAY_WITHOUT_IT,
    CLOSES_WITHOUT_IT, CLOSES_WITH_IT, CLOSES,         IS_SILENT};

static void a_change_leaves_once_however_its_stream_ends(void **state) {
    static const struct {
        const char *method;
        const char *body;
    } changes[] = {{"POST", "{}"}, {"PUT", "{}"}, {"DELETE", NULL}};

    (void)state;
    for (size_t i = 0; i < COUNT(ends_without_an_answer); i++) {
        for (size_t k = 0; k < COUNT(changes); k++) {
            struct exchange exchange = {0};
            struct h2_server server;

            play(&server, ends_without_an_answer[i], changes[k].method, span_of(changes[k].body),
                 &exchange);
            assert_int_equal(server.request_count, 2);
            assert_int_equal(exchange.end, EXCHANGE_LOST);
            assert_true(exchange.failure[0] != '\0');
            exchange_clear(&exchange);
        }
    }
}

static void a_change_leaves_once_on_a_fresh_connection(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT(ends_without_an_answer); i++) {
        struct exchange exchange = {0};
        struct h2_server server;

        h2_server_start(&server, &ends_without_an_answer[i], 1);
        struct session *session = open_h2(&server);
        post(session, &exchange);
        session_close(session);
        h2_server_stop(&server);
        assert_int_equal(server.request_count, 1);
        assert_int_equal(exchange.end, EXCHANGE_LOST);
        exchange_clear(&exchange);
    }
}

static void a_lookup_that_was_refused_leaves_again(void **state) {
    struct exchange exchange = {0};
    struct h2_server server;

    (void)state;
    play(&server, REFUSES_STREAM, "GET", (struct span){0}, &exchange);
    assert_int_equal(server.request_count, 3);
    assert_int_equal(exchange.end, EXCHANGE_ANSWERED);
    assert_string_equal(text_string(&exchange.answer), "{}");
    exchange_clear(&exchange);
}

/* The server has announced its last stream: the next request takes another connection. */
static void a_server_that_goes_away_in_order_costs_nothing(void **state) {
    static const enum step steps[] = {ANSWERS, ANSWERS_AND_GOES_AWAY, ANSWERS};
    struct exchange exchange = {0};
    struct h2_server server;

    (void)state;
    h2_server_start(&server, steps, COUNT(steps));
    struct session *session = open_h2(&server);
    for (size_t i = 0; i < COUNT(steps); i++) {
        post(session, &exchange);
        assert_int_equal(exchange.end, EXCHANGE_ANSWERED);
        assert_true(exchange.is_json);
    }
    session_close(session);
    h2_server_stop(&server);
    assert_int_equal(server.request_count, COUNT(steps));
    assert_int_equal(server.connection_count, 2);
    exchange_clear(&exchange);
}

/* One stream is refused; its neighbours on the connection are answered. */
static void requests_share_a_connection_and_not_their_ends(void **state) {
    static const enum step steps[] = {ANSWERS, ANSWERS, REFUSES_STREAM, ANSWERS, BREAKS_STREAM};
    struct exchange exchanges[16] = {0};
    struct h2_server server;
    struct error error = {0};
    size_t lost = 0;

    (void)state;
    h2_server_start(&server, steps, COUNT(steps));
    struct session *session = open_h2(&server);
    for (size_t i = 0; i < COUNT(exchanges); i++) {
        exchanges[i].method = "POST";
        exchanges[i].body = span_of("{}");
        text_append_string(&exchanges[i].path, "/");
        assert_int_equal(session_send(session, &exchanges[i], &error), 0);
    }
    while (session_wait(session, 5000) != NULL) {
    }
    session_close(session);
    h2_server_stop(&server);
    for (size_t i = 0; i < COUNT(exchanges); i++) {
        lost += exchanges[i].end == EXCHANGE_LOST;
        assert_int_not_equal(exchanges[i].end, EXCHANGE_NOT_SENT);
        exchange_clear(&exchanges[i]);
    }
    assert_int_equal(lost, 2);
    assert_int_equal(server.request_count, COUNT(exchanges));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_change_leaves_once_however_its_stream_ends),
        cmocka_unit_test(a_change_leaves_once_on_a_fresh_connection),
        cmocka_unit_test(a_lookup_that_was_refused_leaves_again),
        cmocka_unit_test(a_server_that_goes_away_in_order_costs_nothing),
        cmocka_unit_test(requests_share_a_connection_and_not_their_ends),
    };

    signal(SIGPIPE, SIG_IGN); /* as the program does: OpenSSL writes to closed connections */
    return cmocka_run_group_tests(tests, NULL, NULL);
}
