/* TLS: who is believed, and what the client shows. The server has a certificate for "localhost"
 * that nobody else signed. */
#define _GNU_SOURCE
#include "certificate_fixture.h"
#include "session_fixture.h"

#include <signal.h>

struct tls_server {
    SSL_CTX *context;
    int listener;
    pthread_t thread;
    char url[64];         /* by the name in the certificate */
    char address_url[64]; /* by an address that is not in it */
    char ca_file[CERTIFICATE_PATH_SIZE];
    char key_file[CERTIFICATE_PATH_SIZE];
    const char *answer; /* to every request */
    size_t request_count;
    size_t bytes_read;
    bool knew_the_client; /* a certificate that it believes came with the request */
    bool was_offered_http2;
};

/* What the server wants to see of a client. */
enum client_demand { ASK_NOTHING, ASK_CERTIFICATE };

static void give_certificate(struct tls_server *server, enum client_demand demand) {
    server->context = make_server_context(server->ca_file, server->key_file);
    if (demand == ASK_CERTIFICATE) {
        SSL_CTX_set_verify(server->context, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT,
                           NULL);
        assert_int_equal(SSL_CTX_load_verify_file(server->context, server->ca_file), 1);
    }
}

/* Notes what the client would speak, and takes none of it. */
static int note_protocols(SSL *tls, const unsigned char **out, unsigned char *out_length,
                          const unsigned char *offered, unsigned length, void *context) {
    struct tls_server *server = context;

    (void)tls;
    (void)out;
    (void)out_length;
    server->was_offered_http2 = memmem(offered, length, "\x02h2", 3) != NULL;
    return SSL_TLSEXT_ERR_NOACK;
}

/* Reads one request. False where there is none. */
static bool read_request(struct tls_server *server, SSL *tls) {
    struct text request = {0};
    size_t length = 0;
    char block[16384];
    int got = 0;

    while (length == 0 && (got = SSL_read(tls, block, sizeof block)) > 0) {
        text_append(&request, (struct span){block, (size_t)got});
        length = server_request_length(&request);
    }
    server->bytes_read += length;
    server->request_count += length > 0;
    text_free(&request);
    return length > 0;
}

/* One connection, as many requests as there are. */
static void *serve(void *context) {
    struct tls_server *server = context;
    int socket = accept(server->listener, NULL, NULL);
    SSL *tls = SSL_new(server->context);

    SSL_set_fd(tls, socket);
    if (SSL_accept(tls) == 1) {
        X509 *client = SSL_get1_peer_certificate(tls);

        server->knew_the_client = client != NULL && SSL_get_verify_result(tls) == X509_V_OK;
        X509_free(client);
        bool goes_on = true;
        while (goes_on && read_request(server, tls)) {
            SSL_write(tls, server->answer, (int)strlen(server->answer));
            goes_on = strstr(server->answer, "Content-Length") != NULL;
        }
        SSL_shutdown(tls);
    }
    SSL_free(tls);
    close(socket);
    return NULL;
}

static void tls_server_start(struct tls_server *server, enum client_demand demand) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t length = sizeof address;

    *server = (struct tls_server){.listener = socket(AF_INET, SOCK_STREAM, 0), .answer = good.send};
    give_certificate(server, demand);
    SSL_CTX_set_alpn_select_cb(server->context, note_protocols, server);
    assert_int_equal(bind(server->listener, (struct sockaddr *)&address, sizeof address), 0);
    assert_int_equal(listen(server->listener, 1), 0);
    assert_int_equal(getsockname(server->listener, (struct sockaddr *)&address, &length), 0);
    int port = ntohs(address.sin_port);
    snprintf(server->url, sizeof server->url, "https://localhost:%d", port);
    snprintf(server->address_url, sizeof server->address_url, "https://127.0.0.1:%d", port);
    assert_int_equal(pthread_create(&server->thread, NULL, serve, server), 0);
}

static void tls_server_stop(struct tls_server *server) {
    pthread_join(server->thread, NULL);
    close(server->listener);
    unlink(server->ca_file);
    unlink(server->key_file);
    SSL_CTX_free(server->context);
}

static void expect_answer(struct tls_server *server, const struct session_settings *settings) {
    struct exchange exchange = {0};
    struct session *session = open_session(settings);

    post(session, &exchange);
    session_close(session);
    tls_server_stop(server);
    assert_string_equal(exchange.failure, "");
    assert_int_equal(exchange.end, EXCHANGE_ANSWERED);
    assert_int_equal(exchange.status, 200);
    assert_int_equal(server->request_count, 1);
    exchange_clear(&exchange);
}

static void expect_distrust(struct tls_server *server, const struct session_settings *settings) {
    struct exchange exchange = {0};
    struct session *session = open_session(settings);

    post(session, &exchange);
    session_close(session);
    tls_server_stop(server);
    assert_int_equal(exchange.end, EXCHANGE_NOT_SENT);
    assert_non_null(strstr(exchange.failure, "certificate"));
    assert_int_equal(server->request_count, 0);
    exchange_clear(&exchange);
}

static void an_unknown_issuer_gets_no_request(void **state) {
    struct tls_server server;

    (void)state;
    tls_server_start(&server, ASK_NOTHING);
    expect_distrust(&server, &(struct session_settings){.url = server.url, .token = SECRET_TOKEN});
}

static void an_issuer_in_the_ca_file_is_believed(void **state) {
    struct tls_server server;

    (void)state;
    tls_server_start(&server, ASK_NOTHING);
    expect_answer(&server,
                  &(struct session_settings){.url = server.url, .ca_file = server.ca_file});
}

static void a_certificate_for_another_host_gets_no_request(void **state) {
    struct tls_server server;

    (void)state;
    tls_server_start(&server, ASK_NOTHING);
    expect_distrust(
        &server, &(struct session_settings){.url = server.address_url, .ca_file = server.ca_file});
}

static void an_insecure_session_believes_anyone(void **state) {
    struct tls_server server;

    (void)state;
    tls_server_start(&server, ASK_NOTHING);
    expect_answer(&server, &(struct session_settings){.url = server.address_url, .insecure = true});
}

static void a_client_certificate_is_shown(void **state) {
    struct tls_server server;

    (void)state;
    tls_server_start(&server, ASK_CERTIFICATE);
    expect_answer(&server, &(struct session_settings){.url = server.url,
                                                      .ca_file = server.ca_file,
                                                      .client_cert = server.ca_file,
                                                      .client_key = server.key_file});
    assert_true(server.knew_the_client);
}

static void a_client_certificate_is_shown_only_on_request(void **state) {
    struct tls_server server;

    (void)state;
    tls_server_start(&server, ASK_NOTHING);
    expect_answer(&server, &(struct session_settings){.url = server.url,
                                                      .ca_file = server.ca_file,
                                                      .client_cert = server.ca_file,
                                                      .client_key = server.key_file});
    assert_false(server.knew_the_client);
}

/* The request may have left before the server's refusal came: TLS 1.3 lets a client speak first. */
static void without_a_client_certificate_nothing_is_answered(void **state) {
    struct tls_server server;
    struct exchange exchange = {0};

    (void)state;
    tls_server_start(&server, ASK_CERTIFICATE);
    struct session *session =
        open_session(&(struct session_settings){.url = server.url, .ca_file = server.ca_file});
    post(session, &exchange);
    session_close(session);
    tls_server_stop(&server);
    assert_int_not_equal(exchange.end, EXCHANGE_ANSWERED);
    assert_true(exchange.failure[0] != '\0');
    assert_int_equal(server.request_count, 0);
    exchange_clear(&exchange);
}

static void a_connection_under_tls_is_used_again(void **state) {
    struct tls_server server;
    struct exchange exchange = {0};
    struct text body = {0};

    (void)state;
    append_megabytes(&body, 1);
    tls_server_start(&server, ASK_NOTHING);
    struct session *session =
        open_session(&(struct session_settings){.url = server.url, .ca_file = server.ca_file});
    for (int i = 0; i < 3; i++) {
        server_pause(10); /* the server's tickets are there by then */
        perform(session, &exchange, "POST", "/", text_span(&body));
        assert_string_equal(exchange.failure, "");
        assert_int_equal(exchange.status, 200);
        perform(session, &exchange, "GET", "/", (struct span){0});
        assert_int_equal(exchange.status, 200);
    }
    session_close(session);
    tls_server_stop(&server);
    assert_int_equal(server.request_count, 6);
    assert_in_range(server.bytes_read, 3 * body.length, 3 * body.length + 4096);
    assert_true(server.was_offered_http2);
    exchange_clear(&exchange);
    text_free(&body);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_unknown_issuer_gets_no_request),
        cmocka_unit_test(an_issuer_in_the_ca_file_is_believed),
        cmocka_unit_test(a_certificate_for_another_host_gets_no_request),
        cmocka_unit_test(an_insecure_session_believes_anyone),
        cmocka_unit_test(a_client_certificate_is_shown),
        cmocka_unit_test(a_client_certificate_is_shown_only_on_request),
        cmocka_unit_test(without_a_client_certificate_nothing_is_answered),
        cmocka_unit_test(a_connection_under_tls_is_used_again),
    };

    signal(SIGPIPE, SIG_IGN); /* as the program does: OpenSSL writes to closed connections */
    return cmocka_run_group_tests(tests, NULL, NULL);
}
