/* A request that may change something leaves at most once.
 *
 * libcurl sends a request again, on its own and unasked, where a kept connection ends before a
 * byte of the answer. The server may have carried the first one out: every test here counts what
 * the server has read. The first act of every script makes a connection that is kept. */
#define _GNU_SOURCE
#include "session_fixture.h"

/* Plays the script with a first GET and then the request; the exchange has the latter's end. */
static void play(struct server *server, const struct act *acts, size_t count, const char *method,
                 struct span body, struct exchange *exchange) {
    server_start(server, acts, count);
    struct session *session = open_plain(server->url);
    perform(session, exchange, "GET", "/", (struct span){0});
    assert_int_equal(exchange->status, 200);
    if (acts[0].after != THEN_KEEP) {
        server_wait_for(&server->hung_up, 1);
    }
    perform(session, exchange, method, "/", body);
    session_close(session);
    server_stop(server);
}

static const struct {
    const char *method;
    const char *body;
} changes[] = {{"POST", "{}"}, {"POST", ""},     {"POST", NULL},  {"PUT", "{}"},
               {"PUT", NULL},  {"DELETE", NULL}, {"DELETE", "{}"}};

/* `how` the server ends the kept connection once it has read the request. */
static void check_changes_leave_once(enum act_after how) {
    const struct act acts[] = {
        {.send = OK("2", "{}")}, {.after = how}, {.send = OK("2", "{}")}, {.send = OK("2", "{}")}};

    for (size_t i = 0; i < COUNT(changes); i++) {
        struct exchange exchange = {0};
        struct server server;

        play(&server, acts, COUNT(acts), changes[i].method, span_of(changes[i].body), &exchange);
        assert_int_equal(server.request_count, 2);
        assert_int_equal(exchange.end, EXCHANGE_LOST);
        assert_int_equal(exchange.status, 0);
        assert_string_equal(exchange.failure, "the connection broke before an answer came");
        server_free(&server);
        exchange_clear(&exchange);
    }
}

static void a_change_is_lost_when_the_server_closes_after_reading_it(void **state) {
    (void)state;
    check_changes_leave_once(THEN_CLOSE);
}

static void a_change_is_lost_when_the_server_resets_after_reading_it(void **state) {
    (void)state;
    check_changes_leave_once(THEN_RESET);
}

static void a_change_is_lost_when_the_answer_breaks_off(void **state) {
    static const struct act acts[] = {{.send = OK("2", "{}")},
                                      {.send = "HTTP/1.1 2", .after = THEN_CLOSE},
                                      {.send = OK("2", "{}")}};
    struct exchange exchange = {0};
    struct server server;

    (void)state;
    play(&server, acts, COUNT(acts), "POST", span_of("{}"), &exchange);
    assert_int_equal(server.request_count, 2);
    assert_int_equal(exchange.end, EXCHANGE_LOST);
    server_free(&server);
    exchange_clear(&exchange);
}

static void a_lookup_may_leave_again(void **state) {
    static const struct act acts[] = {
        {.send = OK("2", "{}")}, {.after = THEN_CLOSE}, {.send = OK("2", "{}")}};
    struct exchange exchange = {0};
    struct server server;

    (void)state;
    play(&server, acts, COUNT(acts), "GET", (struct span){0}, &exchange);
    assert_int_equal(server.request_count, 3);
    assert_int_equal(exchange.end, EXCHANGE_ANSWERED);
    assert_int_equal(exchange.status, 200);
    server_free(&server);
    exchange_clear(&exchange);
}

static void a_large_change_is_not_sent_again_when_it_is_cut_short(void **state) {
    static const struct act acts[] = {{.send = OK("2", "{}")},
                                      {.trigger = ON_FIRST_BYTES, .after = THEN_RESET},
                                      {.send = OK("2", "{}")}};
    struct exchange exchange = {0};
    struct server server;
    struct text body = {0};

    (void)state;
    append_megabytes(&body, 8);
    play(&server, acts, COUNT(acts), "POST", text_span(&body), &exchange);
    assert_int_equal(server.request_count, 2);
    assert_int_equal(exchange.end, EXCHANGE_LOST);
    server_free(&server);
    exchange_clear(&exchange);
    text_free(&body);
}

/* The kept connection was closed while nothing was under way: that is seen before a byte is sent,
 * and the request leaves on a fresh one. */
static void a_connection_closed_while_idle_is_not_used(void **state) {
    static const struct act acts[] = {{.send = OK("2", "{}"), .after = THEN_CLOSE},
                                      {.send = OK("2", "{}")}};
    struct exchange exchange = {0};
    struct server server;

    (void)state;
    play(&server, acts, COUNT(acts), "POST", span_of("{}"), &exchange);
    assert_int_equal(server.request_count, 2);
    assert_int_equal(server.connections, 2);
    assert_int_equal(exchange.end, EXCHANGE_ANSWERED);
    assert_int_equal(exchange.status, 200);
    server_free(&server);
    exchange_clear(&exchange);
}

/* A reset is not seen before: the request may count as lost, though it never arrived. */
static void a_connection_reset_while_idle_never_makes_it_two(void **state) {
    static const struct act acts[] = {{.send = OK("2", "{}"), .after = THEN_RESET},
                                      {.send = OK("2", "{}")}};
    struct exchange exchange = {0};
    struct server server;

    (void)state;
    play(&server, acts, COUNT(acts), "POST", span_of("{}"), &exchange);
    if (exchange.end == EXCHANGE_ANSWERED) {
        assert_int_equal(server.request_count, 2);
    } else {
        assert_int_equal(exchange.end, EXCHANGE_LOST);
        assert_int_equal(server.request_count, 1);
    }
    server_free(&server);
    exchange_clear(&exchange);
}

static void the_server_asks_for_a_sign_in_and_nothing_is_sent_again(void **state) {
    static const struct act acts[] = {
        {.send = OK("2", "{}")},
        {.send = "HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Basic realm=\"x\"\r\n"
                 "Content-Length: 0\r\n\r\n"},
        {.send = OK("2", "{}")}};
    struct exchange exchange = {0};
    struct server server;

    (void)state;
    play(&server, acts, COUNT(acts), "POST", span_of("{}"), &exchange);
    assert_int_equal(server.request_count, 2);
    assert_int_equal(exchange.status, 401);
    server_free(&server);
    exchange_clear(&exchange);
}

static void an_early_refusal_is_an_answer(void **state) {
    static const struct act acts[] = {
        {.send = OK("2", "{}")},
        {.send = "HTTP/1.1 417 Expectation Failed\r\nContent-Length: 0\r\n\r\n"},
        {.send = OK("2", "{}")}};
    struct exchange exchange = {0};
    struct server server;

    (void)state;
    play(&server, acts, COUNT(acts), "POST", span_of("{}"), &exchange);
    assert_int_equal(server.request_count, 2);
    assert_int_equal(exchange.status, 417);
    server_free(&server);
    exchange_clear(&exchange);
}

/* Half of a request may still be under way then: nothing may follow it on that connection. */
static void an_answer_ahead_of_the_rest_of_the_body_is_an_answer(void **state) {
    static const struct act acts[] = {
        {.trigger = ON_FIRST_BYTES,
         .send = "HTTP/1.1 413 Payload Too Large\r\nContent-Length: 0\r\n\r\n"},
        {.send = OK("2", "{}")}};
    struct exchange exchange = {0};
    struct server server;
    struct text body = {0};

    (void)state;
    append_megabytes(&body, 8);
    server_start(&server, acts, COUNT(acts));
    struct session *session = open_plain(server.url);
    perform(session, &exchange, "POST", "/", text_span(&body));
    assert_int_equal(exchange.status, 413);
    post(session, &exchange);
    assert_int_equal(exchange.status, 200);
    session_close(session);
    server_stop(&server);
    assert_int_equal(server.connections, 2);
    server_free(&server);
    exchange_clear(&exchange);
    text_free(&body);
}

/* It would be taken for the answer to what is asked next. */
static void a_second_answer_is_nobodys(void **state) {
    static const struct act acts[] = {{.send = OK("2", "{}"), .late = OK("9", "{\"no\":\"\"}")},
                                      {.send = OK("2", "[]")}};
    struct exchange exchange = {0};
    struct server server;

    (void)state;
    server_start(&server, acts, COUNT(acts));
    struct session *session = open_plain(server.url);
    perform(session, &exchange, "GET", "/", (struct span){0});
    assert_string_equal(text_string(&exchange.answer), "{}");
    server_pause(100);
    perform(session, &exchange, "GET", "/", (struct span){0});
    assert_string_equal(text_string(&exchange.answer), "[]");
    session_close(session);
    server_stop(&server);
    assert_int_equal(server.connections, 2);
    server_free(&server);
    exchange_clear(&exchange);
}

/* A target that closes each connection without a word costs one lost request, and no second one. */
static void a_connection_closed_unasked_is_learnt_from(void **state) {
    static const struct act acts[] = {{.send = OK("2", "{}"), .after = THEN_CLOSE},
                                      {.send = OK("2", "{}"), .after = THEN_CLOSE},
                                      {.send = OK("2", "{}"), .after = THEN_CLOSE},
                                      {.send = OK("2", "{}"), .after = THEN_CLOSE}};
    struct exchange exchange = {0};
    struct server server;
    size_t lost = 0;

    (void)state;
    server_start(&server, acts, COUNT(acts));
    struct session *session = open_plain(server.url);
    for (size_t i = 0; i < COUNT(acts); i++) {
        post(session, &exchange);
        lost += exchange.end == EXCHANGE_LOST;
        assert_int_not_equal(exchange.end, EXCHANGE_NOT_SENT);
    }
    session_close(session);
    server_stop(&server);
    assert_in_range(lost, 0, 1);
    assert_int_equal(server.request_count, COUNT(acts) - lost);
    server_free(&server);
    exchange_clear(&exchange);
}

/* The next request after a lost one is not held up by it. */
static void a_lost_change_does_not_spoil_the_next(void **state) {
    static const struct act acts[] = {{.send = OK("2", "{}")},
                                      {.after = THEN_CLOSE},
                                      {.send = OK("2", "{}")},
                                      {.send = OK("2", "{}")}};
    static const enum exchange_end ends[] = {EXCHANGE_ANSWERED, EXCHANGE_LOST, EXCHANGE_ANSWERED,
                                             EXCHANGE_ANSWERED};
    struct exchange exchange = {0};
    struct server server;

    (void)state;
    server_start(&server, acts, COUNT(acts));
    struct session *session = open_plain(server.url);
    for (size_t i = 0; i < COUNT(ends); i++) {
        post(session, &exchange);
        assert_int_equal(exchange.end, ends[i]);
        assert_int_equal(exchange.failure[0] == '\0', ends[i] == EXCHANGE_ANSWERED);
    }
    session_close(session);
    server_stop(&server);
    assert_int_equal(server.request_count, 4);
    server_free(&server);
    exchange_clear(&exchange);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_change_is_lost_when_the_server_closes_after_reading_it),
        cmocka_unit_test(a_change_is_lost_when_the_server_resets_after_reading_it),
        cmocka_unit_test(a_change_is_lost_when_the_answer_breaks_off),
        cmocka_unit_test(a_lookup_may_leave_again),
        cmocka_unit_test(a_large_change_is_not_sent_again_when_it_is_cut_short),
        cmocka_unit_test(a_connection_closed_while_idle_is_not_used),
        cmocka_unit_test(a_connection_reset_while_idle_never_makes_it_two),
        cmocka_unit_test(the_server_asks_for_a_sign_in_and_nothing_is_sent_again),
        cmocka_unit_test(an_early_refusal_is_an_answer),
        cmocka_unit_test(an_answer_ahead_of_the_rest_of_the_body_is_an_answer),
        cmocka_unit_test(a_second_answer_is_nobodys),
        cmocka_unit_test(a_connection_closed_unasked_is_learnt_from),
        cmocka_unit_test(a_lost_change_does_not_spoil_the_next),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
