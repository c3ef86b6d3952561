/* How an exchange ends, by what the server, the network or a proxy does; and the message. */
#define _GNU_SOURCE
#include "session_fixture.h"

/* How an exchange ends, by what the server does. */
static const struct {
    struct act act;
    enum exchange_end end;
    int status;
    const char *answer;
    const char *failure; /* part of it */
} endings[] = {
    /* a whole answer, however its length is given */
    {{.send = OK("2", "{}")}, EXCHANGE_ANSWERED, 200, "{}", ""},
    {{.send = OK("0", "")}, EXCHANGE_ANSWERED, 200, "", ""},
    {{.send = "HTTP/1.1 200 OK\r\n\r\n{}", .after = THEN_CLOSE}, EXCHANGE_ANSWERED, 200, "{}", ""},
    {{.send = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n{\r\n1\r\n}\r\n0\r\n\r\n"},
     EXCHANGE_ANSWERED,
     200,
     "{}",
     ""},
    {{.send = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X-Sum\r\n\r\n"
              "2\r\n{}\r\n0\r\nX-Sum: 1\r\n\r\n"},
     EXCHANGE_ANSWERED,
     200,
     "{}",
     ""},
    {{.send = "HTTP/1.1 100 Continue\r\n\r\n" OK("2", "{}")}, EXCHANGE_ANSWERED, 200, "{}", ""},
    {{.send = "HTTP/1.1 502 Bad Gateway\r\nContent-Length: 3\r\n\r\nbad"},
     EXCHANGE_ANSWERED,
     502,
     "bad",
     ""},
    {{.send = OK("2", "{}surplus")}, EXCHANGE_ANSWERED, 200, "{}", ""},

    /* no whole answer */
    {{.send = OK("9", "{}"), .after = THEN_CLOSE},
     EXCHANGE_LOST,
     0,
     "{}",
     "before the whole answer"},
    {{.send = OK("9", "{}"), .after = THEN_RESET}, EXCHANGE_LOST, 0, NULL, "reset"},
    {{.send = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n",
      .after = THEN_CLOSE},
     EXCHANGE_LOST,
     0,
     "{}",
     "before the whole answer"},
    {{.send = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n"},
     EXCHANGE_LOST,
     0,
     "",
     "chunk"},
    {{.send = "HTTP/1.1 404 Not Found\r\nContent-Ty", .after = THEN_CLOSE},
     EXCHANGE_LOST,
     0,
     "",
     "header"},
    {{.send = "HTTP/1.1 404 Not Found\r\nContent-Type: application/json\r\n", .after = THEN_CLOSE},
     EXCHANGE_LOST,
     0,
     "",
     "header"},
    {{.send = "HTTP/1.1 100 Continue\r\n\r\n", .after = THEN_CLOSE}, EXCHANGE_LOST, 0, "", ""},
    {{.send = "220 mail.example.org ESMTP\r\n", .after = THEN_CLOSE}, EXCHANGE_LOST, 0, "", ""},
    {{.after = THEN_CLOSE}, EXCHANGE_LOST, 0, "", "before an answer"},
    {{.after = THEN_RESET}, EXCHANGE_LOST, 0, "", "before an answer"},
    {{.after = THEN_KEEP}, EXCHANGE_LOST, 0, "", "timed out"},
    {{.send = "HTTP/1.1 200 OK\r\nContent-", .after = THEN_KEEP},
     EXCHANGE_LOST,
     0,
     "",
     "timed out"},
    {{.send = OK("9", "{}"), .after = THEN_KEEP}, EXCHANGE_LOST, 0, "{}", "timed out"},
    {{.trigger = ON_FIRST_BYTES, .after = THEN_RESET}, EXCHANGE_LOST, 0, "", "before an answer"},
};

static void an_exchange_ends_as_the_server_lets_it(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT(endings); i++) {
        struct exchange exchange = {0};

        bool is_slow = strcmp(endings[i].failure, "timed out") == 0;
        post_once_within(&endings[i].act, is_slow ? SHORT_MS : PATIENCE_MS, &exchange);
        assert_int_equal(exchange.end, endings[i].end);
        assert_int_equal(exchange.status, endings[i].status);
        if (endings[i].answer != NULL) {
            assert_string_equal(text_string(&exchange.answer), endings[i].answer);
        }
        assert_non_null(strstr(exchange.failure, endings[i].failure));
        assert_int_equal(exchange.failure[0] == '\0', endings[i].end == EXCHANGE_ANSWERED);
        exchange_clear(&exchange);
    }
}

/* {"a":"b"}, by gzip */
#define COMPRESSED                                                                                 \
    "\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\x03\xab\x56\x4a\x54\xb2\x52\x4a\x52\xaa\x05\x00\x9c\x5c" \
    "\xf6\x6b\x09\x00\x00\x00"

static void an_answer_may_be_compressed(void **state) {
    static const char answer[] =
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Encoding: gzip\r\n"
        "Content-Length: 29\r\n\r\n" COMPRESSED;
    struct exchange exchange = {0};

    (void)state;
    post_once(&(struct act){.send = answer, .length = sizeof answer - 1}, &exchange);
    assert_int_equal(exchange.end, EXCHANGE_ANSWERED);
    assert_string_equal(text_string(&exchange.answer), "{\"a\":\"b\"}");
    exchange_clear(&exchange);
}

static void an_answer_that_cannot_be_decoded_is_lost(void **state) {
    static const char *const encodings[] = {"gzip", "rot13"};

    (void)state;
    for (size_t i = 0; i < COUNT(encodings); i++) {
        struct exchange exchange = {0};
        struct text answer = {0};

        text_append_format(&answer,
                           "HTTP/1.1 200 OK\r\nContent-Encoding: %s\r\nContent-Length: 2\r\n\r\n{}",
                           encodings[i]);
        post_once(&(struct act){.send = text_string(&answer)}, &exchange);
        assert_int_equal(exchange.end, EXCHANGE_LOST);
        assert_true(exchange.failure[0] != '\0');
        exchange_clear(&exchange);
        text_free(&answer);
    }
}

static void an_answer_beyond_64_mb_is_lost(void **state) {
    static const struct act act = {.send = "HTTP/1.1 200 OK\r\nContent-Length: 67108865\r\n\r\n",
                                   .filler = 67108865};
    struct server server;
    struct exchange exchange = {0};

    (void)state;
    server_start(&server, &act, 1);
    struct session *session = open_session(&(struct session_settings){.url = server.url});
    perform(session, &exchange, "GET", "/", (struct span){0});
    session_close(session);
    server_stop(&server);
    assert_int_equal(exchange.end, EXCHANGE_LOST);
    assert_string_equal(exchange.failure, "the answer is larger than 64 MB");
    assert_in_range(exchange.answer.length, 0, 67108864);
    server_free(&server);
    exchange_clear(&exchange);
}

static void what_never_left_was_not_sent(void **state) {
    struct exchange exchange = {0};
    struct server server;

    (void)state;
    /* nobody listens */
    server_start(&server, NULL, 0);
    server_stop(&server);
    struct session *session = open_plain(server.url);
    post(session, &exchange);
    assert_int_equal(exchange.end, EXCHANGE_NOT_SENT);
    assert_non_null(strstr(exchange.failure, "connect to 127.0.0.1"));
    session_close(session);

    /* no such name */
    session = open_plain("http://rowpost.invalid");
    post(session, &exchange);
    assert_int_equal(exchange.end, EXCHANGE_NOT_SENT);
    assert_non_null(strstr(exchange.failure, "esolv"));
    session_close(session);

    /* no such path */
    session = open_plain(server.url);
    perform(session, &exchange, "POST", "/a b", span_of("{}"));
    assert_int_equal(exchange.end, EXCHANGE_NOT_SENT);
    session_close(session);
    exchange_clear(&exchange);
    server_free(&server);
}

static void a_failed_tls_handshake_sends_nothing(void **state) {
    static const struct act acts[] = {
        {.trigger = ON_FIRST_BYTES, .send = "HTTP/1.1 400 Bad\r\n\r\n", .after = THEN_CLOSE},
        {.trigger = ON_FIRST_BYTES, .after = THEN_RESET},
        {.trigger = ON_FIRST_BYTES, .after = THEN_KEEP}};

    (void)state;
    for (size_t i = 0; i < COUNT(acts); i++) {
        struct exchange exchange = {0};
        struct server server;
        struct text url = {0};

        server_start(&server, &acts[i], 1);
        text_append_format(&url, "https://127.0.0.1:%d", server.port);
        struct session *session = open_session(&(struct session_settings){
            .url = text_string(&url), .token = SECRET_TOKEN, .connect_timeout_ms = 300});
        post(session, &exchange);
        assert_int_equal(exchange.end, EXCHANGE_NOT_SENT);
        session_close(session);
        server_stop(&server);
        exchange_clear(&exchange);
        server_free(&server);
        text_free(&url);
    }
}

static void a_proxy_that_refuses_sends_nothing(void **state) {
    static const struct act act = {.send = "HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n"};
    struct exchange exchange = {0};
    struct server server;

    (void)state;
    server_start(&server, &act, 1);
    setenv("https_proxy", server.url, 1);
    struct session *session = open_session(
        &(struct session_settings){.url = "https://target.invalid", .token = SECRET_TOKEN});
    post(session, &exchange);
    unsetenv("https_proxy");
    session_close(session);
    server_stop(&server);
    assert_int_equal(exchange.end, EXCHANGE_NOT_SENT);
    assert_non_null(strstr(exchange.failure, "403"));
    assert_non_null(strstr(server_request(&server, 0), "CONNECT target.invalid:443 "));
    assert_null(strstr(server_request(&server, 0), SECRET_TOKEN));
    server_free(&server);
    exchange_clear(&exchange);
}

static void a_proxy_carries_plain_requests_but_none_to_loopback(void **state) {
    struct exchange exchange = {0};
    struct server proxy;
    struct server target;

    (void)state;
    server_start(&proxy, &good, 1);
    server_start(&target, &good, 1);
    setenv("http_proxy", proxy.url, 1);
    struct session *session = open_plain("http://target.invalid");
    post(session, &exchange);
    assert_int_equal(exchange.status, 200);
    session_close(session);
    session = open_plain(target.url);
    post(session, &exchange);
    assert_int_equal(exchange.status, 200);
    session_close(session);
    unsetenv("http_proxy");
    server_stop(&proxy);
    server_stop(&target);
    assert_non_null(strstr(server_request(&proxy, 0), "POST http://target.invalid/ HTTP/1.1"));
    assert_int_equal(proxy.request_count, 1);
    assert_int_equal(target.request_count, 1);
    server_free(&proxy);
    server_free(&target);
    exchange_clear(&exchange);
}

static void no_failure_shows_a_secret(void **state) {
    static const struct act acts[] = {
        {.after = THEN_RESET},
        {.send = OK("99", "{}"), .after = THEN_CLOSE},
        {.send = "HTTP/1.1 2x0 c00kie-s3cret\r\n\r\n", .after = THEN_CLOSE},
        {.send = "HTTP/1.1 200 OK\r\nTransfer-Encoding: c00kie-s3cret\r\n\r\n2\r\n{}",
         .after = THEN_CLOSE}};
    char path[32];

    (void)state;
    write_cookie_file(path, "FALSE");
    for (size_t i = 0; i < COUNT(acts); i++) {
        struct exchange exchange = {0};
        struct server server;

        server_start(&server, &acts[i], 1);
        struct session *session = open_session(&(struct session_settings){
            .url = server.url, .token = SECRET_TOKEN, .cookie_file = path});
        post(session, &exchange);
        assert_string_equal(session_url(session), server.url);
        session_close(session);
        server_stop(&server);
        assert_null(strstr(exchange.failure, "s3cret"));
        assert_int_equal(exchange.end, EXCHANGE_LOST);
        server_free(&server);
        exchange_clear(&exchange);
    }
    unlink(path);
}

static void no_failure_shows_the_password_of_a_proxy(void **state) {
    static const char *const proxies[] = {"http://user:s3cret@127.0.0.1:1",
                                          "socks9://user:s3cret@127.0.0.1:1",
                                          "http://user:s3cret@127.0.0.1:none",
                                          "http://user:s3cret@proxy.invalid:3128",
                                          "user:s3cret@127.0.0.1:none",
                                          "user:s3cret",
                                          "http:user:s3cret",
                                          "http:/user:s3cret",
                                          "//user:s3cret@[::1",
                                          "http://us er:s3cret@127.0.0.1:1"};

    (void)state;
    for (size_t i = 0; i < COUNT(proxies); i++) {
        struct exchange exchange = {0};

        setenv("http_proxy", proxies[i], 1);
        struct session *session = open_plain("http://target.invalid");
        post(session, &exchange);
        session_close(session);
        assert_int_equal(exchange.end, EXCHANGE_NOT_SENT);
        assert_true(exchange.failure[0] != '\0');
        assert_null(strstr(exchange.failure, "s3cret"));
        exchange_clear(&exchange);
    }
    unsetenv("http_proxy");
}

/* A proxy that wants another password than the one in its URL. */
static void no_failure_shows_the_password_that_a_proxy_refused(void **state) {
    static const struct act act = {.send = "HTTP/1.1 407 Proxy Authentication Required\r\n"
                                           "Proxy-Authenticate: Basic realm=\"p:s3cret@p\"\r\n"
                                           "Content-Length: 0\r\n\r\n"};
    static const struct {
        const char *variable;
        const char *url;
        enum exchange_end end;
    } cases[] = {
        {"https_proxy", "https://target.invalid", EXCHANGE_NOT_SENT},
        {"http_proxy", "http://target.invalid", EXCHANGE_ANSWERED},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct exchange exchange = {0};
        struct server server;
        struct text proxy = {0};

        server_start(&server, &act, 1);
        text_append_format(&proxy, "http://user:s3cret@127.0.0.1:%d", server.port);
        setenv(cases[i].variable, text_string(&proxy), 1);
        struct session *session = open_plain(cases[i].url);
        post(session, &exchange);
        session_close(session);
        unsetenv(cases[i].variable);
        server_stop(&server);
        assert_non_null(
            strstr(server_request(&server, 0), "Proxy-Authorization: Basic dXNlcjpzM2NyZXQ="));
        assert_int_equal(exchange.end, cases[i].end);
        assert_int_equal(exchange.failure[0] == '\0', exchange.end == EXCHANGE_ANSWERED);
        assert_null(strstr(exchange.failure, "s3cret"));
        server_free(&server);
        exchange_clear(&exchange);
        text_free(&proxy);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_exchange_ends_as_the_server_lets_it),
        cmocka_unit_test(an_answer_may_be_compressed),
        cmocka_unit_test(an_answer_that_cannot_be_decoded_is_lost),
        cmocka_unit_test(an_answer_beyond_64_mb_is_lost),
        cmocka_unit_test(what_never_left_was_not_sent),
        cmocka_unit_test(a_failed_tls_handshake_sends_nothing),
        cmocka_unit_test(a_proxy_that_refuses_sends_nothing),
        cmocka_unit_test(a_proxy_carries_plain_requests_but_none_to_loopback),
        cmocka_unit_test(no_failure_shows_a_secret),
        cmocka_unit_test(no_failure_shows_the_password_of_a_proxy),
        cmocka_unit_test(no_failure_shows_the_password_that_a_proxy_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
