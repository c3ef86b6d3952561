/* What the tests of the session have in common. */
#ifndef ROWPOST_TEST_SESSION_FIXTURE_H
#define ROWPOST_TEST_SESSION_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "http/session.h"
#include "scripted_server.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))
#define OK(length, body)                                                                           \
    "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: " length "\r\n\r\n" body

#define SECRET_COOKIE "c00kie-s3cret"
#define SECRET_TOKEN "t0ken.s3cret"

/* Of a wait that only stops what hangs, and of one that has to run out. */
enum { PATIENCE_MS = 300000, SHORT_MS = 1000 };

static const struct act good = {.send = OK("2", "{}")};

static inline struct session *open_session(const struct session_settings *settings) {
    struct error error = {0};
    struct session *session = session_open(settings, &error);

    assert_string_equal(error.message, "");
    assert_non_null(session);
    return session;
}

static inline struct session *open_plain(const char *url) {
    return open_session(&(struct session_settings){.url = url, .answer_timeout_ms = PATIENCE_MS});
}

static inline void perform(struct session *session, struct exchange *exchange, const char *method,
                           const char *path, struct span body) {
    struct error error = {0};

    exchange->method = method;
    exchange->body = body;
    text_clear(&exchange->path);
    text_append_string(&exchange->path, path);
    assert_int_equal(session_perform(session, exchange, &error), 0);
    assert_string_equal(error.message, "");
}

static inline void post(struct session *session, struct exchange *exchange) {
    perform(session, exchange, "POST", "/", span_of("{}"));
}

/* Sends one POST to a server with one act, which has so long to answer. */
static inline void post_once_within(const struct act *act, long timeout_ms,
                                    struct exchange *exchange) {
    struct server server;

    server_start(&server, act, 1);
    struct session *session = open_session(
        &(struct session_settings){.url = server.url, .answer_timeout_ms = timeout_ms});
    post(session, exchange);
    session_close(session);
    server_stop(&server);
    server_free(&server);
}

static inline void post_once(const struct act *act, struct exchange *exchange) {
    post_once_within(act, PATIENCE_MS, exchange);
}

/* So many bytes that a body of them does not leave at once. */
static inline void append_megabytes(struct text *body, int megabytes) {
    for (int i = 0; i < megabytes * 1024 * 1024 / 16; i++) {
        text_append_string(body, "0123456789abcdef");
    }
}

/* A cookie file for 127.0.0.1; the test unlinks it. */
static inline void write_cookie_file(char path[32], const char *secure) {
    strcpy(path, "/tmp/rowpost-test-XXXXXX");
    int descriptor = mkstemp(path);
    assert_true(descriptor >= 0);
    FILE *file = fdopen(descriptor, "w");
    assert_non_null(file);
    fprintf(file, "127.0.0.1\tFALSE\t/\t%s\t0\tsession\t" SECRET_COOKIE "\n", secure);
    assert_int_equal(fclose(file), 0);
}

/* A session whose one cookie, as write_cookie_file() has it, is in no file any more. */
static inline struct session *open_with_cookie(const char *url, const char *secure) {
    char path[32];

    write_cookie_file(path, secure);
    struct session *session =
        open_session(&(struct session_settings){.url = url, .cookie_file = path});
    unlink(path);
    return session;
}

#endif
