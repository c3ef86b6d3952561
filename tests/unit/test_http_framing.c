/* Where an answer ends, what it holds, and whether its connection is kept. */
#include "framing_fixture.h"

static void an_answer_ends_as_its_header_says(void **state) {
    static const struct answer_case cases[] = {
        {BYTES(OK("2", "{}")), WHOLE(200, "200 Content-Length=2|", "{}")},
        {BYTES(OK("0", "")), WHOLE(200, "200 Content-Length=0|", "")},
        {BYTES(OK("0002", "{}")), WHOLE(200, "200 Content-Length=0002|", "{}")},
        {BYTES(OK("2", "{}surplus")), WHOLE(200, "200 Content-Length=2|", "{}"), .surplus = 7},
        {BYTES("HTTP/1.1 200 OK\r\n\r\n{}"), WHOLE(200, "", "{}"), .closes = true, .is_last = true},
        {BYTES("HTTP/1.1 200 OK\r\n\r\n"), WHOLE(200, "", ""), .closes = true, .is_last = true},
        {BYTES("HTTP/1.1 502 Bad Gateway\r\nContent-Length: 3\r\n\r\nbad"),
         WHOLE(502, "502 Content-Length=3|", "bad")},
        {BYTES("HTTP/1.1 302 FOUND\r\nLocation: /login?next=a:b\r\nContent-Length: 0\r\n\r\n"),
         WHOLE(302, "302 Location=/login?next=a:b|302 Content-Length=0|", "")},
    };

    (void)state;
    check_cases(cases, COUNT(cases));
}

static void an_answer_without_content_ends_with_its_header(void **state) {
    static const struct answer_case cases[] = {
        {BYTES("HTTP/1.1 204 No Content\r\n\r\n"), WHOLE(204, "", "")},
        {BYTES("HTTP/1.1 304 Not Modified\r\n\r\nxx"), WHOLE(304, "", ""), .surplus = 2},
        {BYTES("HTTP/1.1 304 Not Modified\r\nContent-Length: 99999999999999999999999\r\n\r\n"),
         WHOLE(304, "304 Content-Length=99999999999999999999999|", "")},
        {BYTES("HTTP/1.1 304 Not Modified\r\nTransfer-Encoding: chunked\r\n\r\n"),
         WHOLE(304, "304 Transfer-Encoding=chunked|", "")},
        {BYTES("HTTP/1.1 204 No Content\r\nContent-Length: 0\r\n\r\n"),
         WHOLE(204, "204 Content-Length=0|", "")},

        /* it may have some nevertheless */
        {BYTES("HTTP/1.1 204 No Content\r\nContent-Length: 2\r\n\r\n{}"),
         WHOLE(204, "204 Content-Length=2|", ""), .surplus = 2, .is_last = true},
        {BYTES("HTTP/1.1 204 No Content\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
         WHOLE(204, "204 Transfer-Encoding=chunked|", ""), .surplus = 5, .is_last = true},
    };

    (void)state;
    check_cases(cases, COUNT(cases));
}

static void content_may_be_any_bytes(void **state) {
    static const struct span answer = BYTES(OK("5", "\r\n\0\n\xFF"));
    struct reading reading = {0};

    (void)state;
    begin(&reading);
    give(&reading, answer);
    assert_int_equal(reading.state, FRAMING_WHOLE);
    assert_int_equal(reading.body.length, 5);
    assert_memory_equal(reading.body.data, "\r\n\0\n\xFF", 5);
    clear(&reading);
}

static void an_interim_answer_is_passed_over(void **state) {
    static const struct answer_case cases[] = {
        {BYTES("HTTP/1.1 100 Continue\r\n\r\n" OK("2", "{}")),
         WHOLE(200, "200 Content-Length=2|", "{}")},
        {BYTES("HTTP/1.1 102\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\nConnection: close\r\n"
               "Content-Length: 7\r\nTransfer-Encoding: gzip\r\n\r\n" OK("2", "{}")),
         WHOLE(200, "200 Content-Length=2|", "{}")},
        {BYTES("HTTP/1.0 100 Continue\r\n\r\n" OK("2", "{}")),
         WHOLE(200, "200 Content-Length=2|", "{}")},
        {BYTES("HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\n\r\n"),
         BROKEN(0, "", "", "the answer switches to another protocol")},
        {BYTES("HTTP/1.1 100 Continue\r\nnonsense\r\n\r\n"),
         BROKEN(0, "", "", "the header of the answer has a malformed line")},
        {BYTES("HTTP/1.1 100 Continue\r\n\r\n\r\n"),
         BROKEN(0, "", "", "the answer is not HTTP/1.1")},
    };

    (void)state;
    check_cases(cases, COUNT(cases));
}

static void a_line_ends_with_a_line_feed(void **state) {
    static const struct answer_case cases[] = {
        {BYTES("HTTP/1.1 200 OK\nContent-Length: 2\n\n{}"),
         WHOLE(200, "200 Content-Length=2|", "{}")},
        {BYTES("HTTP/1.1 200 OK\r\nA: b\nContent-Length: 2\r\n\n{}"),
         WHOLE(200, "200 A=b|200 Content-Length=2|", "{}")},
        {BYTES("HTTP/1.1 200\nTransfer-Encoding: chunked\n\n1\n{\n1\r\n}\n0\nA: b\n\n"),
         WHOLE(200, "200 Transfer-Encoding=chunked|", "{}")},
    };

    (void)state;
    check_cases(cases, COUNT(cases));
}

static void a_field_is_a_name_and_a_value_without_blanks_around_it(void **state) {
    static const struct answer_case cases[] = {
        {BYTES(FIELDS("A:b\r\nX-y: \t c d\t \r\nE:\r\nF: :g:\r\nset-COOKIE: a=b; Path=/\r\n"
                      "Content-Length: 0")),
         WHOLE(200,
               "200 A=b|200 X-y=c d|200 E=|200 F=:g:|200 set-COOKIE=a=b; Path=/|"
               "200 Content-Length=0|",
               "")},
        {BYTES(FIELDS("\xC3\xA4!(): \xC3\xA4\x01\x7F\r\ncontent-LENGTH:0")),
         WHOLE(200, "200 \xC3\xA4!()=\xC3\xA4\x01\x7F|200 content-LENGTH=0|", "")},
    };

    (void)state;
    check_cases(cases, COUNT(cases));
}

static void chunks_are_put_together(void **state) {
    static const struct answer_case cases[] = {
        {BYTES(CHUNKED("1\r\n{\r\n1\r\n}\r\n0\r\n\r\n")), WHOLE(200, CODING, "{}")},
        {BYTES(CHUNKED("000a\r\n0123456789\r\nB\r\n0123456789x\r\n000\r\n\r\nsurplus")),
         WHOLE(200, CODING, "01234567890123456789x"), .surplus = 7},
        {BYTES(CHUNKED("2 \t\r\n{}\r\n0 ; a\r\n\r\n")), WHOLE(200, CODING, "{}")},
        {BYTES(CHUNKED("2;a=b;c=\"2\"\r\n\r\n\r\n0;\r\n\r\n")), WHOLE(200, CODING, "\r\n")},
        {BYTES(CHUNKED("0000000000000002\r\n{}\r\n0\r\n\r\n")), WHOLE(200, CODING, "{}")},

        /* what a trailer says changes nothing */
        {BYTES(CHUNKED("2\r\n{}\r\n0\r\nX-Sum: 1\r\nContent-Length: 7\r\nConnection: close\r\n"
                       "Transfer-Encoding: gzip\r\n\r\n")),
         WHOLE(200, CODING, "{}")},
    };

    (void)state;
    check_cases(cases, COUNT(cases));
}

#define KEPT(version, value, is_last_)                                                             \
    {                                                                                              \
        BYTES("HTTP/" version " 200 OK\r\nConnection: " value "\r\nContent-Length: 0\r\n\r\n"),    \
            WHOLE(200, "200 Connection=" value "|200 Content-Length=0|", ""),                      \
            .is_last = (is_last_)                                                                  \
    }

static void a_connection_is_kept_by_version_and_wish(void **state) {
    static const struct answer_case cases[] = {
        KEPT("1.1", "keep-alive", false),
        KEPT("1.1", "x-close, closed", false),
        KEPT("1.1", "close", true),
        KEPT("1.1", "CLOSE", true),
        KEPT("1.1", "a,close ,b", true),
        KEPT("1.1", ",, close,", true),
        KEPT("1.1", "keep-alive, close", true),
        KEPT("1.0", "x", true),
        KEPT("1.0", "a, Keep-Alive", false),
        KEPT("1.0", "keep-alive, a", false),
        KEPT("1.0", "keep-alive, close", true),
        {BYTES("HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n"),
         WHOLE(200, "200 Content-Length=0|", ""), .is_last = true},
        {BYTES(FIELDS("Connection: a\r\nConnection: close\r\nContent-Length: 0")),
         WHOLE(200, "200 Connection=a|200 Connection=close|200 Content-Length=0|", ""),
         .is_last = true},
        {BYTES("HTTP/1.0 200 OK\r\nConnection: keep-alive\r\n\r\n{}"),
         WHOLE(200, "200 Connection=keep-alive|", "{}"), .closes = true, .is_last = true},
    };

    (void)state;
    check_cases(cases, COUNT(cases));
}

static void an_end_before_the_answers_is_told(void **state) {
    static const char header[] = "the connection ended within the header of the answer";
    static const char content[] = "the connection ended before the whole answer was there";
    static const struct answer_case cases[] = {
        {BYTES(""), BROKEN(0, "", "", "the connection broke before an answer came"),
         .closes = true},
        {BYTES("H"), BROKEN(0, "", "", header), .closes = true},
        {BYTES("HTTP/1.1 2"), BROKEN(0, "", "", header), .closes = true},
        {BYTES("HTTP/1.1 200 OK\r\nContent-"), BROKEN(200, "", "", header), .closes = true},
        {BYTES("HTTP/1.1 404 Not Found\r\nContent-Type: application/json\r\n"),
         BROKEN(404, "404 Content-Type=application/json|", "", header), .closes = true},
        {BYTES("HTTP/1.1 404 Not Found\r\nContent-Type: application/json\r\n\r"),
         BROKEN(404, "404 Content-Type=application/json|", "", header), .closes = true},
        {BYTES("HTTP/1.1 100 Continue\r\n\r\n"), BROKEN(0, "", "", header), .closes = true},
        {BYTES(OK("9", "")), BROKEN(200, "200 Content-Length=9|", "", content), .closes = true},
        {BYTES(OK("9", "{}")), BROKEN(200, "200 Content-Length=9|", "{}", content), .closes = true},
        {BYTES(CHUNKED("")), BROKEN(200, CODING, "", content), .closes = true},
        {BYTES(CHUNKED("2")), BROKEN(200, CODING, "", content), .closes = true},
        {BYTES(CHUNKED("2\r\n{")), BROKEN(200, CODING, "{", content), .closes = true},
        {BYTES(CHUNKED("2\r\n{}")), BROKEN(200, CODING, "{}", content), .closes = true},
        {BYTES(CHUNKED("2\r\n{}\r")), BROKEN(200, CODING, "{}", content), .closes = true},
        {BYTES(CHUNKED("2\r\n{}\r\n")), BROKEN(200, CODING, "{}", content), .closes = true},
        {BYTES(CHUNKED("2\r\n{}\r\n0\r\n")), BROKEN(200, CODING, "{}", content), .closes = true},
        {BYTES(CHUNKED("2\r\n{}\r\n0\r\nX-Sum: 1\r\n")), BROKEN(200, CODING, "{}", content),
         .closes = true},
    };

    (void)state;
    check_cases(cases, COUNT(cases));
}

static void an_answer_has_begun_with_its_first_byte(void **state) {
    struct reading reading = {0};

    (void)state;
    begin(&reading);
    assert_false(framing_has_begun(&reading.framing));
    give(&reading, (struct span){NULL, 0});
    assert_false(framing_has_begun(&reading.framing));
    assert_int_equal(framing_end(&reading.framing), FRAMING_BROKEN);
    assert_false(framing_has_begun(&reading.framing));
    begin(&reading);
    give(&reading, span_of("H"));
    assert_true(framing_has_begun(&reading.framing));
    begin(&reading);
    give(&reading, span_of("x"));
    assert_int_equal(reading.state, FRAMING_BROKEN);
    assert_true(framing_has_begun(&reading.framing));
    clear(&reading);
}

static void an_answer_that_is_over_stays_so(void **state) {
    struct reading reading = {0};

    (void)state;
    begin(&reading);
    give(&reading, span_of(OK("2", "{}")));
    size_t taken = reading.taken;
    give(&reading, span_of(OK("1", "x")));
    assert_int_equal(reading.state, FRAMING_WHOLE);
    assert_int_equal(reading.taken, taken);
    assert_int_equal(framing_end(&reading.framing), FRAMING_WHOLE);
    assert_true(reading.framing.keeps_connection);
    assert_string_equal(text_string(&reading.body), "{}");

    begin(&reading);
    give(&reading, span_of("HTTP/1.1 2x0\r\n"));
    taken = reading.taken;
    give(&reading, span_of(OK("1", "x")));
    assert_int_equal(reading.state, FRAMING_BROKEN);
    assert_int_equal(reading.taken, taken);
    assert_int_equal(framing_end(&reading.framing), FRAMING_BROKEN);
    assert_string_equal(reading.framing.failure, "the answer is not HTTP/1.1");
    clear(&reading);
}

static void a_framing_is_used_for_one_answer_after_the_other(void **state) {
    static const char *const before[] = {
        "HTTP/1.0 404 Not Found\r\nConnection: close\r\nContent-Le",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Length: 1\r\n\r\n5\r\nxx",
        "HTTP/1.1 200 OK\r\nA: b\r\n c\r\nContent-Length: 1\r\n\r\nx", "nonsense"};
    struct reading reading = {0};

    (void)state;
    begin(&reading);
    for (size_t i = 0; i < COUNT(before); i++) {
        give(&reading, span_of(before[i]));
        begin(&reading);
        give(&reading, span_of(OK("2", "{}")));
        assert_int_equal(reading.state, FRAMING_WHOLE);
        assert_true(reading.framing.keeps_connection);
        assert_string_equal(text_string(&reading.body), "{}");
        begin(&reading);
    }
    clear(&reading);
}

static void what_is_out_of_memory_is_broken(void **state) {
    static const char words[] = "no memory left for the answer";
    struct reading reading = {0};

    (void)state;
    begin(&reading);
    reading.fails_to_take = true;
    give(&reading, span_of(OK("2", "{}")));
    assert_int_equal(reading.state, FRAMING_BROKEN);
    assert_string_equal(reading.framing.failure, words);
    assert_string_equal(text_string(&reading.fields), "200 Content-Length=2|");

    reading.fails_to_take = false;
    begin(&reading);
    reading.body.failed = true;
    give(&reading, span_of(OK("2", "{}")));
    assert_int_equal(reading.state, FRAMING_BROKEN);
    assert_string_equal(reading.framing.failure, words);
    clear(&reading);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_answer_ends_as_its_header_says),
        cmocka_unit_test(an_answer_without_content_ends_with_its_header),
        cmocka_unit_test(content_may_be_any_bytes),
        cmocka_unit_test(an_interim_answer_is_passed_over),
        cmocka_unit_test(a_line_ends_with_a_line_feed),
        cmocka_unit_test(a_field_is_a_name_and_a_value_without_blanks_around_it),
        cmocka_unit_test(chunks_are_put_together),
        cmocka_unit_test(a_connection_is_kept_by_version_and_wish),
        cmocka_unit_test(an_end_before_the_answers_is_told),
        cmocka_unit_test(an_answer_has_begun_with_its_first_byte),
        cmocka_unit_test(an_answer_that_is_over_stays_so),
        cmocka_unit_test(a_framing_is_used_for_one_answer_after_the_other),
        cmocka_unit_test(what_is_out_of_memory_is_broken),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
