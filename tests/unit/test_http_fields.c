/* Header fields that belong to one request, and those of its answer that lists and records use. */
#define _POSIX_C_SOURCE 200809L /* mkstemp */
#include "http/headers.h"
#include "http/link.h"
#include "session_fixture.h"

static void the_next_page_is_the_link_of_that_word(void **state) {
    (void)state;
    static const struct {
        const char *value;
        const char *next;
    } cases[] = {
        {"</a?page=2>; rel=\"next\"", "/a?page=2"},
        {"</a?page=2>; rel=next", "/a?page=2"},
        {"</a?page=1>; rel=\"prev\", </a?page=3>; rel=\"next\"", "/a?page=3"},
        {"</a,b?x=;>; title=\"a, <b>; rel=next\"; rel=\"last next\"", "/a,b?x=;"},
        {"<https://h/a>;rel=NEXT;x=1,</b>; rel=next", "https://h/a"},
        {"</a>; rel=\"nextone\"", NULL},
        {"</a>; rel=prev; rel=next", NULL},
        {"</a", NULL},
        {"", NULL},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct span next = link_find_next(span_of(cases[i].value));
        if (!span_equal(next, span_of(cases[i].next))) {
            fail_msg("%s has %.*s", cases[i].value, (int)next.length, next.data);
        }
    }
}

static void a_line_may_be_sent_that_ends_nothing_and_is_nobodys(void **state) {
    (void)state;
    static const char *const good_lines[] = {"X-Switch-User: jane", "If-Match: \"7\"",
                                             "X-Empty:", "X-Name: J\xC3\xBCrgen"};
    static const char *const bad_lines[] = {
        "X-A: b\rX-C: d",          "X A: b", ": b", "no colon", "Host: elsewhere", "cookie: a=b",
        "authorization: Bearer x", ""};
    for (size_t i = 0; i < COUNT(good_lines); i++) {
        assert_true(headers_may_add_line(span_of(good_lines[i])));
    }
    for (size_t i = 0; i < COUNT(bad_lines); i++) {
        assert_false(headers_may_add_line(span_of(bad_lines[i])));
    }
}

#define ANSWER(fields) "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n" fields "\r\n"

/* The handle is used again for the second: its lines are the session's only. */
static void lines_leave_with_their_request_only(void **state) {
    (void)state;
    static const struct act acts[] = {{.send = ANSWER("")}, {.send = ANSWER("")}};
    struct server server;
    struct exchange exchange = {0};
    server_start(&server, acts, 2);
    struct session *session = open_plain(server.url);
    text_append_string(&exchange.headers, "X-One: 1\nX-Two: 2\n");
    post(session, &exchange);
    text_clear(&exchange.headers);
    post(session, &exchange);
    exchange_clear(&exchange);
    session_close(session);
    server_stop(&server);
    assert_non_null(strstr(server_request(&server, 0), "\r\nX-One: 1\r\nX-Two: 2\r\n"));
    assert_non_null(strstr(server_request(&server, 0), "\r\nAccept: application/json\r\n"));
    assert_null(strstr(server_request(&server, 1), "X-One"));
    assert_non_null(strstr(server_request(&server, 1), "\r\nAccept: application/json\r\n"));
    server_free(&server);
}

static void a_line_that_may_not_be_sent_keeps_its_request_back(void **state) {
    (void)state;
    struct server server;
    struct exchange exchange = {0};
    server_start(&server, NULL, 0);
    struct session *session = open_plain(server.url);
    text_append_string(&exchange.headers, "X-One: 1\rX-Two: 2\n");
    post(session, &exchange);
    assert_int_equal(exchange.end, EXCHANGE_NOT_SENT);
    exchange_clear(&exchange);
    session_close(session);
    server_stop(&server);
    assert_int_equal(server.request_count, 0);
    server_free(&server);
}

static void location_and_next_page_are_read_whatever_the_status(void **state) {
    (void)state;
    static const struct act acts[] = {
        {.send = ANSWER("Location: /a/7\r\nLink: </first>; rel=first\r\nLink: </2>; rel=next\r\n")},
        {.send = "HTTP/1.1 422 No\r\nContent-Length: 0\r\nLocation: /a/8\r\n\r\n"}};
    struct server server;
    struct exchange exchange = {0};
    server_start(&server, acts, 2);
    struct session *session = open_plain(server.url);
    post(session, &exchange);
    assert_string_equal(text_string(&exchange.location), "/a/7");
    assert_string_equal(text_string(&exchange.next), "/2");
    post(session, &exchange);
    assert_string_equal(text_string(&exchange.location), "/a/8");
    assert_string_equal(text_string(&exchange.next), "");
    exchange_clear(&exchange);
    session_close(session);
    server_stop(&server);
    server_free(&server);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_next_page_is_the_link_of_that_word),
        cmocka_unit_test(a_line_may_be_sent_that_ends_nothing_and_is_nobodys),
        cmocka_unit_test(lines_leave_with_their_request_only),
        cmocka_unit_test(a_line_that_may_not_be_sent_keeps_its_request_back),
        cmocka_unit_test(location_and_next_page_are_read_whatever_the_status),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
