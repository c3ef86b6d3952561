/* TLS: who is believed. The server has a certificate for "localhost" that nobody else signed. */
#define _GNU_SOURCE
#include "session_fixture.h"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

struct tls_server {
    SSL_CTX *context;
    int listener;
    pthread_t thread;
    char url[64];         /* by the name in the certificate */
    char address_url[64]; /* by an address that is not in it */
    char ca_file[32];
    size_t request_count;
};

static X509 *make_certificate(EVP_PKEY *key) {
    X509 *certificate = X509_new();
    X509_NAME *name = X509_get_subject_name(certificate);
    X509_EXTENSION *extension =
        X509V3_EXT_conf_nid(NULL, NULL, NID_subject_alt_name, "DNS:localhost");

    assert_int_equal(X509_set_version(certificate, 2), 1);
    X509_gmtime_adj(X509_getm_notBefore(certificate), -60);
    X509_gmtime_adj(X509_getm_notAfter(certificate), 3600);
    X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, (const unsigned char *)"localhost", -1, -1,
                               0);
    X509_set_issuer_name(certificate, name);
    X509_add_ext(certificate, extension, -1);
    X509_set_pubkey(certificate, key);
    assert_true(X509_sign(certificate, key, EVP_sha256()) > 0);
    X509_EXTENSION_free(extension);
    return certificate;
}

static void give_certificate(struct tls_server *server) {
    EVP_PKEY *key = EVP_EC_gen("P-256");
    X509 *certificate = make_certificate(key);

    strcpy(server->ca_file, "/tmp/rowpost-test-XXXXXX");
    int descriptor = mkstemp(server->ca_file);
    assert_true(descriptor >= 0);
    FILE *file = fdopen(descriptor, "w");
    assert_int_equal(PEM_write_X509(file, certificate), 1);
    fclose(file);
    server->context = SSL_CTX_new(TLS_server_method());
    assert_int_equal(SSL_CTX_use_certificate(server->context, certificate), 1);
    assert_int_equal(SSL_CTX_use_PrivateKey(server->context, key), 1);
    X509_free(certificate);
    EVP_PKEY_free(key);
}

/* One connection, at most one request. */
static void *serve(void *context) {
    struct tls_server *server = context;
    char request[4096];
    int socket = accept(server->listener, NULL, NULL);
    SSL *tls = SSL_new(server->context);

    SSL_set_fd(tls, socket);
    if (SSL_accept(tls) == 1 && SSL_read(tls, request, sizeof request) > 0) {
        server->request_count++;
        SSL_write(tls, good.send, (int)strlen(good.send));
        SSL_shutdown(tls);
    }
    SSL_free(tls);
    close(socket);
    return NULL;
}

static void tls_server_start(struct tls_server *server) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t length = sizeof address;

    *server = (struct tls_server){.listener = socket(AF_INET, SOCK_STREAM, 0)};
    give_certificate(server);
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
    tls_server_start(&server);
    expect_distrust(&server, &(struct session_settings){.url = server.url, .token = SECRET_TOKEN});
}

static void an_issuer_in_the_ca_file_is_believed(void **state) {
    struct tls_server server;

    (void)state;
    tls_server_start(&server);
    expect_answer(&server,
                  &(struct session_settings){.url = server.url, .ca_file = server.ca_file});
}

static void a_certificate_for_another_host_gets_no_request(void **state) {
    struct tls_server server;

    (void)state;
    tls_server_start(&server);
    expect_distrust(
        &server, &(struct session_settings){.url = server.address_url, .ca_file = server.ca_file});
}

static void an_insecure_session_believes_anyone(void **state) {
    struct tls_server server;

    (void)state;
    tls_server_start(&server);
    expect_answer(&server, &(struct session_settings){.url = server.address_url, .insecure = true});
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_unknown_issuer_gets_no_request),
        cmocka_unit_test(an_issuer_in_the_ca_file_is_believed),
        cmocka_unit_test(a_certificate_for_another_host_gets_no_request),
        cmocka_unit_test(an_insecure_session_believes_anyone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
