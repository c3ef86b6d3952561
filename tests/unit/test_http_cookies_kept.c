/* What happens to the session's cookies when answers set others. One that does not accept the
 * session sets none. */
#define _GNU_SOURCE
#include "session_fixture.h"

#define SIGN_IN(status, lines)                                                                     \
    "HTTP/1.1 " status "\r\nLocation: /oauth2/auth\r\nContent-Length: 0\r\n" lines "\r\n"
#define FRESH "Set-Cookie: session=fresh; HttpOnly; Path=/\r\n"
#define KEPT "127.0.0.1\tFALSE\t/\tFALSE\t0\tsession\t" SECRET_COOKIE "\n"

/* The cookies as they are saved, without the comment ahead. */
static void read_saved(struct session *session, struct text *content) {
    struct error error = {0};
    char path[32] = "/tmp/rowpost-test-XXXXXX";
    char line[1024];
    int descriptor = mkstemp(path);

    assert_true(descriptor >= 0);
    close(descriptor);
    assert_int_equal(session_save_cookies(session, path, &error), 0);
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    while (fgets(line, sizeof line, file) != NULL) {
        if (line[0] != '#' || strncmp(line, "#HttpOnly_", 10) == 0) {
            text_append_string(content, line);
        }
    }
    fclose(file);
    unlink(path);
}

/* Sends a request for each act; what the cookies are then, and what the last request carried. */
static void after(const struct act *acts, size_t count, const char *saved, const char *carried) {
    struct server server;
    struct exchange exchange = {0};
    struct text content = {0};

    server_start(&server, acts, count);
    struct session *session = open_with_cookie(server.url, "FALSE");
    for (size_t i = 0; i < count; i++) {
        post(session, &exchange);
        assert_int_equal(exchange.end, EXCHANGE_ANSWERED);
    }
    read_saved(session, &content);
    assert_string_equal(text_string(&content), saved);
    session_close(session);
    server_stop(&server);
    assert_non_null(strstr(server_request(&server, count - 1), carried));
    server_free(&server);
    exchange_clear(&exchange);
    text_free(&content);
}

static void a_redirect_to_sign_in_leaves_the_cookie(void **state) {
    static const char *const answers[] = {
        SIGN_IN("302 FOUND", FRESH),
        SIGN_IN("302 FOUND", "set-COOKIE: session=fresh; Max-Age=600\r\n"),
        SIGN_IN("302 FOUND", "Set-Cookie: other=fresh; Path=/\r\n" FRESH),
        SIGN_IN("302 FOUND", "Set-Cookie: session=; Expires=Thu, 01 Jan 1970 00:00:00 GMT\r\n"),
        SIGN_IN("302 FOUND", "Set-Cookie: session=fresh; Max-Age=0; Path=/\r\n"),
        SIGN_IN("302", FRESH),
        SIGN_IN("303 See Other", FRESH),
        SIGN_IN("307 Temporary Redirect", FRESH),
        SIGN_IN("401 Unauthorized", FRESH),
        "HTTP/1.1 100 Continue\r\n\r\n" SIGN_IN("302 FOUND", FRESH),
        "HTTP/1.1 103 Early Hints\r\n" FRESH "\r\n" SIGN_IN("302 FOUND", ""),
    };

    (void)state;
    for (size_t i = 0; i < COUNT(answers); i++) {
        const struct act acts[] = {{.send = answers[i]}, good};

        after(acts, COUNT(acts), KEPT, "\r\nCookie: session=" SECRET_COOKIE "\r\n");
    }
}

static void other_answers_renew_the_cookie(void **state) {
    static const char *const answers[] = {
        SIGN_IN("200 OK", FRESH),
        SIGN_IN("400 Bad Request", FRESH),
        SIGN_IN("403 Forbidden", FRESH),
        SIGN_IN("500 Internal Server Error", FRESH),
        "HTTP/1.1 100 Continue\r\n\r\n" SIGN_IN("200 OK", FRESH),
    };

    (void)state;
    for (size_t i = 0; i < COUNT(answers); i++) {
        const struct act acts[] = {{.send = answers[i]}, good};

        after(acts, COUNT(acts), "#HttpOnly_127.0.0.1\tFALSE\t/\tFALSE\t0\tsession\tfresh\n",
              "\r\nCookie: session=fresh\r\n");
    }
}

static void what_is_no_header_of_the_answer_leaves_the_cookie(void **state) {
    static const char *const answers[] = {
        "HTTP/1.1 103 Early Hints\r\n" FRESH "\r\n" SIGN_IN("200 OK", ""),
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n" FRESH "\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 51\r\n\r\n\r\n" FRESH "\r\n{}",
        SIGN_IN("200 OK", "X-" FRESH),
        SIGN_IN("200 OK", "Set-Cookie2: session=fresh; Path=/\r\n"),
    };

    (void)state;
    for (size_t i = 0; i < COUNT(answers); i++) {
        const struct act acts[] = {{.send = answers[i]}, good};

        after(acts, COUNT(acts), KEPT, "\r\nCookie: session=" SECRET_COOKIE "\r\n");
    }
}

static void a_renewal_before_the_redirect_is_kept(void **state) {
    static const struct act acts[] = {
        {.send = SIGN_IN("200 OK", "Set-Cookie: session=renewed; HttpOnly; Path=/\r\n")},
        {.send = SIGN_IN("302 FOUND", FRESH)},
        {.send = SIGN_IN("302 FOUND", "")},
        {.send = OK("2", "{}")}};

    (void)state;
    after(acts, COUNT(acts), "#HttpOnly_127.0.0.1\tFALSE\t/\tFALSE\t0\tsession\trenewed\n",
          "\r\nCookie: session=renewed\r\n");
}

static void a_redirect_that_cannot_be_read_leaves_the_cookie(void **state) {
    static const char *const answers[] = {
        "HTTP/1.1 302 FOUND\r\n" FRESH "Content-Le", /* it never ends */
        "HTTP/1.1  302 FOUND\r\nContent-Length: 0\r\n" FRESH "\r\n",
    };

    (void)state;
    for (size_t i = 0; i < COUNT(answers); i++) {
        const struct act acts[] = {{.send = answers[i], .after = THEN_CLOSE},
                                   {.send = SIGN_IN("200 OK", "")}};
        struct server server;
        struct exchange exchange = {0};
        struct text content = {0};

        server_start(&server, acts, COUNT(acts));
        struct session *session = open_with_cookie(server.url, "FALSE");
        post(session, &exchange);
        assert_int_not_equal(exchange.end, EXCHANGE_NOT_SENT);
        server_wait_for(&server.hung_up, 1);
        post(session, &exchange);
        assert_int_equal(exchange.status, 200);
        read_saved(session, &content);
        assert_string_equal(text_string(&content), KEPT);
        session_close(session);
        server_stop(&server);
        server_free(&server);
        exchange_clear(&exchange);
        text_free(&content);
    }
}

static void without_a_cookie_none_is_taken_from_a_redirect(void **state) {
    static const struct act acts[] = {{.send = SIGN_IN("302 FOUND", FRESH)},
                                      {.send = OK("2", "{}")}};
    struct server server;
    struct exchange exchange = {0};

    (void)state;
    server_start(&server, acts, COUNT(acts));
    struct session *session = open_plain(server.url);
    post(session, &exchange);
    post(session, &exchange);
    session_close(session);
    server_stop(&server);
    assert_null(strstr(server_request(&server, 1), "Cookie"));
    server_free(&server);
    exchange_clear(&exchange);
}

/* Sends a look-up, on a connection of its own where one is under way. */
static void start(struct session *session, struct exchange *exchange) {
    struct error error = {0};

    exchange->method = "GET";
    text_clear(&exchange->path);
    text_append_string(&exchange->path, "/");
    assert_int_equal(session_send(session, exchange, &error), 0);
    for (int i = 0; i < 10; i++) {
        assert_null(session_wait(session, 2));
    }
}

/* Starts two, of which the server has read the first, and holds its answer. */
static void start_both(struct session *session, struct server *server, struct exchange *first,
                       struct exchange *second) {
    size_t before = __atomic_load_n(&server->request_count, __ATOMIC_ACQUIRE);

    start(session, first);
    while (__atomic_load_n(&server->request_count, __ATOMIC_ACQUIRE) == before) {
        assert_null(session_wait(session, 2));
    }
    start(session, second);
}

/* A look-up is sent again where a kept connection breaks: with the cookies of that moment. */
static void a_request_that_leaves_again_carries_the_renewed_cookie(void **state) {
    static const struct act acts[] = {
        {.send = OK("2", "{}"), .pause_ms = SERVER_HELD},
        {.send = OK("2", "{}")},
        {.send = SIGN_IN("200 OK", FRESH), .pause_ms = SERVER_HELD},
        {.after = THEN_CLOSE, .pause_ms = SERVER_HELD},
        {.send = OK("2", "{}")},
    };
    struct server server;
    struct exchange first = {0};
    struct exchange second = {0};

    (void)state;
    server_start(&server, acts, COUNT(acts));
    struct session *session = open_with_cookie(server.url, "FALSE");
    start_both(session, &server, &first, &second); /* makes two connections */
    server_go_on(&server);
    while (session_wait(session, PATIENCE_MS) != NULL) {
    }
    start_both(session, &server, &first, &second); /* uses them */
    server_go_on(&server);
    assert_ptr_equal(session_wait(session, PATIENCE_MS), &first);
    server_go_on(&server);
    assert_ptr_equal(session_wait(session, PATIENCE_MS), &second);
    session_close(session);
    server_stop(&server);
    assert_int_equal(server.request_count, 5);
    assert_int_equal(second.status, 200);
    assert_non_null(strstr(server_request(&server, 3), "Cookie: session=" SECRET_COOKIE "\r\n"));
    assert_non_null(strstr(server_request(&server, 4), "Cookie: session=fresh\r\n"));
    server_free(&server);
    exchange_clear(&first);
    exchange_clear(&second);
}

/* The way to an https target leads through it, and its words are not the target's. */
static void a_proxy_sets_no_cookie(void **state) {
    static const struct act act = {
        .send = "HTTP/1.1 200 OK\r\nSet-Cookie: session=proxys; Path=/\r\n\r\n",
        .after = THEN_CLOSE};
    struct server server;
    struct exchange exchange = {0};
    struct text content = {0};

    (void)state;
    server_start(&server, &act, 1);
    setenv("https_proxy", server.url, 1);
    struct session *session = open_plain("https://target.invalid");
    post(session, &exchange);
    unsetenv("https_proxy");
    read_saved(session, &content);
    assert_string_equal(text_string(&content), "");
    session_close(session);
    server_stop(&server);
    assert_non_null(strstr(server_request(&server, 0), "CONNECT target.invalid:443 "));
    server_free(&server);
    exchange_clear(&exchange);
    text_free(&content);
}

static void the_old_cookie_is_masked_in_the_answer_that_renews_it(void **state) {
    static const struct act act = {.send = "HTTP/1.1 403 Forbidden\r\nContent-Length: 24\r\n" FRESH
                                           "\r\n<p>not " SECRET_COOKIE "</p>"};
    struct server server;
    struct exchange exchange = {0};

    (void)state;
    server_start(&server, &act, 1);
    struct session *session = open_with_cookie(server.url, "FALSE");
    post(session, &exchange);
    assert_string_equal(text_string(&exchange.answer), "<p>not *************</p>");
    session_close(session);
    server_stop(&server);
    server_free(&server);
    exchange_clear(&exchange);
}

/* Several redirects at once, each with a fresh cookie: the order in which they end is arbitrary. */
static void many_redirects_at_once_leave_the_cookie(void **state) {
    struct act acts[16];
    struct exchange exchanges[COUNT(acts)] = {0};
    struct server server;
    struct error error = {0};
    struct text content = {0};

    (void)state;
    for (size_t i = 0; i < COUNT(acts); i++) {
        acts[i] = (struct act){.send = SIGN_IN("302 FOUND", FRESH)};
    }
    server_start(&server, acts, COUNT(acts));
    struct session *session = open_with_cookie(server.url, "FALSE");
    for (size_t i = 0; i < COUNT(acts); i++) {
        exchanges[i].method = "POST";
        text_append_string(&exchanges[i].path, "/");
        assert_int_equal(session_send(session, &exchanges[i], &error), 0);
    }
    while (session_wait(session, PATIENCE_MS) != NULL) {
    }
    read_saved(session, &content);
    assert_string_equal(text_string(&content), KEPT);
    session_close(session);
    server_stop(&server);
    for (size_t i = 0; i < COUNT(acts); i++) {
        assert_int_equal(exchanges[i].status, 302);
        assert_non_null(strstr(server_request(&server, i), "Cookie: session=" SECRET_COOKIE));
        exchange_clear(&exchanges[i]);
    }
    server_free(&server);
    text_free(&content);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_redirect_to_sign_in_leaves_the_cookie),
        cmocka_unit_test(other_answers_renew_the_cookie),
        cmocka_unit_test(what_is_no_header_of_the_answer_leaves_the_cookie),
        cmocka_unit_test(a_renewal_before_the_redirect_is_kept),
        cmocka_unit_test(a_redirect_that_cannot_be_read_leaves_the_cookie),
        cmocka_unit_test(without_a_cookie_none_is_taken_from_a_redirect),
        cmocka_unit_test(a_request_that_leaves_again_carries_the_renewed_cookie),
        cmocka_unit_test(a_proxy_sets_no_cookie),
        cmocka_unit_test(the_old_cookie_is_masked_in_the_answer_that_renews_it),
        cmocka_unit_test(many_redirects_at_once_leave_the_cookie),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
