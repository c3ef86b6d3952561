/* What is no answer, or may be read as two different ones; and that no failure quotes it. */
#include "framing_fixture.h"

static void a_status_line_is_that_of_http_1(void **state) {
    static const char *const good[] = {"HTTP/1.1 404 Not Found", "HTTP/1.1 404", "HTTP/1.1 404 ",
                                       "HTTP/1.1 404 \xC3\xA4: 200", "HTTP/1.0 404 x"};
    static const char *const bad[] = {"",
                                      "HTTP/1.1",
                                      "HTTP/1.1 ",
                                      "HTTP/1.1 40",
                                      "HTTP/1.1 4040",
                                      "HTTP/1.1 404x",
                                      "HTTP/1.1404",
                                      "HTTP/1.1  404",
                                      " HTTP/1.1 404",
                                      "http/1.1 404",
                                      "HTTP/1.2 404",
                                      "HTTP/2 404",
                                      "HTTP/1.10 404",
                                      "HTTP/11 404",
                                      "HTTP/0.9 404",
                                      "HTTP/1.1\t404",
                                      "HTTP/1.1 2x0",
                                      "HTTP/1.1 -20",
                                      "HTTP/1.1 099",
                                      "HTTP/1.1 000",
                                      "HTTP/1.",
                                      "220 mail.example.org ESMTP",
                                      "SSH-2.0-OpenSSH",
                                      "<html>",
                                      "XHTTP/1.1 404"};
    struct text line = {0};

    (void)state;
    for (size_t i = 0; i < COUNT(good); i++) {
        text_clear(&line);
        text_append_format(&line, "%s\r\nContent-Length: 0\r\n\r\n", good[i]);
        check_cases(&(struct answer_case){text_span(&line), WHOLE(404, "404 Content-Length=0|", ""),
                                          .is_last = good[i][7] == '0'},
                    1);
    }
    for (size_t i = 0; i < COUNT(bad); i++) {
        text_clear(&line);
        text_append_format(&line, "%s\r\nContent-Length: 0\r\n\r\n", bad[i]);
        check_cases(&(struct answer_case){text_span(&line),
                                          BROKEN(0, "", "", "the answer is not HTTP/1.1")},
                    1);
    }
    text_free(&line);
}

/* TLS's alert has no line that could be waited for. */
static void another_protocol_is_told_by_its_first_bytes(void **state) {
    static const struct answer_case cases[] = {
        {BYTES("\x15\3\1\0\2\2\x46"), BROKEN(0, "", "", "the answer is not HTTP/1.1")},
        {BYTES("HTTP/2"), BROKEN(0, "", "", "the answer is not HTTP/1.1")},
    };

    (void)state;
    check_cases(cases, COUNT(cases));
}

static void a_line_that_is_no_field_breaks_the_answer(void **state) {
    static const struct answer_case cases[] = {
#define MALFORMED(line)                                                                            \
    {BYTES(FIELDS("A: b\r\n" line "\r\nContent-Length: 0")),                                       \
     BROKEN(200, "200 A=b|", "", "the header of the answer has a malformed line")}
        MALFORMED("c"),      MALFORMED("c00kie-s3cret"), MALFORMED(": c"),
        MALFORMED(":"),      MALFORMED("C : d"),         MALFORMED("C\t: d"),
        MALFORMED("C D: e"), MALFORMED("C\x01: d"),      MALFORMED("HTTP/1.1 200 OK"),
    };
    static const char words[] = "the header of the answer has a NUL or a stray carriage return";
    static const struct answer_case controls[] = {
        {BYTES(FIELDS("A: \0b")), BROKEN(200, "", "", words)},
        {BYTES(FIELDS("A\0: b")), BROKEN(200, "", "", words)},
        {BYTES(FIELDS("A: b\r\n c\0")), BROKEN(200, "200 A=b|", "", words)},
        {BYTES(FIELDS("A: b\rContent-Length: 0")), BROKEN(200, "", "", words)},
        {BYTES(FIELDS("A: b\r")), BROKEN(200, "", "", words)},
        {BYTES(FIELDS("\rA: b")), BROKEN(200, "", "", words)},
        {BYTES("HTTP/1.1 200 O\0K\r\n\r\n"), BROKEN(0, "", "", words)},
        {BYTES("HTTP/1.1 200 O\rK\r\n\r\n"), BROKEN(0, "", "", words)},
        {BYTES("HTTP/1.1 200 OK\r\n\r\r\n"), BROKEN(200, "", "", words)},
        {BYTES(CHUNKED("2;\0\r\n{}\r\n")),
         BROKEN(200, "200 Transfer-Encoding=chunked|", "", words)},
        {BYTES(CHUNKED("2;a\rb\r\n{}\r\n")),
         BROKEN(200, "200 Transfer-Encoding=chunked|", "", words)},
        {BYTES(CHUNKED("0\r\nA: \0b\r\n\r\n")),
         BROKEN(200, "200 Transfer-Encoding=chunked|", "", words)},
    };

    (void)state;
    check_cases(cases, COUNT(cases));
    check_cases(controls, COUNT(controls));
}

static void a_continuation_is_passed_over(void **state) {
    static const struct answer_case cases[] = {
        {BYTES(FIELDS("A: b\r\n c: d\r\n\t\r\nContent-Length: 0")),
         WHOLE(200, "200 A=b|200 Content-Length=0|", ""), .is_last = true},
        {BYTES(FIELDS("Content-Length: 0\r\nConnection: keep-alive,\r\n close")),
         WHOLE(200, "200 Content-Length=0|200 Connection=keep-alive,|", ""), .is_last = true},
        {BYTES(CHUNKED("0\r\nA: b\r\n c\r\n\r\n")),
         WHOLE(200, "200 Transfer-Encoding=chunked|", ""), .is_last = true},
    };

    (void)state;
    check_cases(cases, COUNT(cases));
}

static void a_continuation_of_what_matters_breaks_the_answer(void **state) {
    static const char words[] = "the header of the answer goes on with a line where it must not";
    static const struct answer_case cases[] = {
        {BYTES(FIELDS("Content-Length: 1\r\n 0")), BROKEN(200, "200 Content-Length=1|", "", words)},
        {BYTES(FIELDS("Transfer-Encoding: chunked\r\n\t, gzip")),
         BROKEN(200, "200 Transfer-Encoding=chunked|", "", words)},
        {BYTES(FIELDS(" Content-Length: 0")), BROKEN(200, "", "", words)},
        {BYTES(CHUNKED("0\r\n A: b\r\n\r\n")),
         BROKEN(200, "200 Transfer-Encoding=chunked|", "", words)},
        {BYTES(FIELDS("Transfer-Encoding: chunked\r\nA: b") "0\r\n c: d\r\n\r\n"),
         BROKEN(200, CODING "200 A=b|", "", words)},
        {BYTES("HTTP/1.1 100\r\nA: b\r\n\r\nHTTP/1.1 200\r\n c\r\n\r\n"),
         BROKEN(200, "", "", words)},
    };

    (void)state;
    check_cases(cases, COUNT(cases));
}

static void a_length_is_digits_and_one_number(void **state) {
    static const char malformed[] = "the length of the answer is malformed";
    static const struct answer_case cases[] = {
        {BYTES(FIELDS("Content-Length: 2\r\ncontent-length: 02") "{}"),
         WHOLE(200, "200 Content-Length=2|200 content-length=02|", "{}")},
        {BYTES(FIELDS("Content-Length: 2\r\nContent-Length: 3")),
         BROKEN(200, "200 Content-Length=2|", "", "the answer has two lengths")},
        {BYTES(OK("", "")), BROKEN(200, "", "", malformed)},
        {BYTES(OK("-1", "")), BROKEN(200, "", "", malformed)},
        {BYTES(OK("+1", "x")), BROKEN(200, "", "", malformed)},
        {BYTES(OK("1:", "x")), BROKEN(200, "", "", malformed)},
        {BYTES(OK("/1", "x")), BROKEN(200, "", "", malformed)},
        {BYTES(OK("0x1", "x")), BROKEN(200, "", "", malformed)},
        {BYTES(OK("1 1", "x")), BROKEN(200, "", "", malformed)},
        {BYTES(OK("1, 1", "x")), BROKEN(200, "", "", malformed)},
        {BYTES(OK("s3cret", "x")), BROKEN(200, "", "", malformed)},
        {BYTES(OK("67108865", "x")),
         BROKEN(200, "200 Content-Length=67108865|", "", "the answer is larger than 64 MB")},
        {BYTES(OK("18446744073709551618", "{}")),
         BROKEN(200, "200 Content-Length=18446744073709551618|", "",
                "the answer is larger than 64 MB")},
    };

    (void)state;
    check_cases(cases, COUNT(cases));
}

static void the_one_transfer_coding_is_chunked(void **state) {
    static const char words[] = "the answer has a transfer coding that is not known";
    static const struct answer_case cases[] = {
        {BYTES(FIELDS("transfer-encoding: CHUNKED") "0\r\n\r\n"),
         WHOLE(200, "200 transfer-encoding=CHUNKED|", "")},
        {BYTES(FIELDS("Transfer-Encoding: gzip, chunked")), BROKEN(200, "", "", words)},
        {BYTES(FIELDS("Transfer-Encoding: c00kie-s3cret")), BROKEN(200, "", "", words)},
        {BYTES(FIELDS("Transfer-Encoding: identity")), BROKEN(200, "", "", words)},
        {BYTES(FIELDS("Transfer-Encoding: chunked;a=b")), BROKEN(200, "", "", words)},
        {BYTES(FIELDS("Transfer-Encoding:")), BROKEN(200, "", "", words)},
        {BYTES(FIELDS("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked")),
         BROKEN(200, "200 Transfer-Encoding=chunked|", "", words)},
        {BYTES("HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
         BROKEN(200, "", "", words)},

        /* with a length the connection is not kept */
        {BYTES(FIELDS("Content-Length: 9\r\nTransfer-Encoding: chunked") "2\r\n{}\r\n0\r\n\r\n"),
         WHOLE(200, "200 Content-Length=9|200 Transfer-Encoding=chunked|", "{}"), .is_last = true},
        {BYTES(FIELDS("Transfer-Encoding: chunked\r\nContent-Length: 99999999999999999999") "0\r\n"
                                                                                            "\r\n"),
         WHOLE(200, "200 Transfer-Encoding=chunked|200 Content-Length=99999999999999999999|", ""),
         .is_last = true},
    };

    (void)state;
    check_cases(cases, COUNT(cases));
}

static void a_malformed_chunk_breaks_the_answer(void **state) {
    static const char words[] = "a chunk of the answer is malformed";
    static const struct answer_case cases[] = {
        {BYTES(CHUNKED("zz\r\n{}\r\n")), BROKEN(200, CODING, "", words)},
        {BYTES(CHUNKED("\r\n")), BROKEN(200, CODING, "", words)},
        {BYTES(CHUNKED(";a\r\n")), BROKEN(200, CODING, "", words)},
        {BYTES(CHUNKED(" 2\r\n{}\r\n")), BROKEN(200, CODING, "", words)},
        {BYTES(CHUNKED("+2\r\n{}\r\n")), BROKEN(200, CODING, "", words)},
        {BYTES(CHUNKED("-2\r\n{}\r\n")), BROKEN(200, CODING, "", words)},
        {BYTES(CHUNKED("0x2\r\n{}\r\n")), BROKEN(200, CODING, "", words)},
        {BYTES(CHUNKED("2g\r\n{}\r\n")), BROKEN(200, CODING, "", words)},
        {BYTES(CHUNKED("2 2\r\n{}\r\n")), BROKEN(200, CODING, "", words)},
        {BYTES(CHUNKED("2\r\n{}}\r\n")), BROKEN(200, CODING, "{}", words)},
        {BYTES(CHUNKED("2\r\n{}}")), BROKEN(200, CODING, "{}", words)},
        {BYTES(CHUNKED("2\r\n{}\r}\n")), BROKEN(200, CODING, "{}", words)},
        {BYTES(CHUNKED("2\r\n{}0\r\n\r\n")), BROKEN(200, CODING, "{}", words)},
        {BYTES(CHUNKED("2\r\n{}\r\n\r\n")), BROKEN(200, CODING, "{}", words)},
        {BYTES(CHUNKED("10000000000000002\r\n{}\r\n")), BROKEN(200, CODING, "", words)},
        {BYTES(CHUNKED("00000000000000002\r\n{}\r\n")), BROKEN(200, CODING, "", words)},
        {BYTES(CHUNKED("ffffffffffffffff\r\n")),
         BROKEN(200, CODING, "", "the answer is larger than 64 MB")},
        {BYTES(CHUNKED("2\r\n{}\r\n3ffffff\r\n")),
         BROKEN(200, CODING, "{}", "the answer is larger than 64 MB")},
        {BYTES(CHUNKED("0\r\nnonsense\r\n\r\n")),
         BROKEN(200, CODING, "", "the header of the answer has a malformed line")},
    };

    (void)state;
    check_cases(cases, COUNT(cases));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_status_line_is_that_of_http_1),
        cmocka_unit_test(another_protocol_is_told_by_its_first_bytes),
        cmocka_unit_test(a_line_that_is_no_field_breaks_the_answer),
        cmocka_unit_test(a_continuation_is_passed_over),
        cmocka_unit_test(a_continuation_of_what_matters_breaks_the_answer),
        cmocka_unit_test(a_length_is_digits_and_one_number),
        cmocka_unit_test(the_one_transfer_coding_is_chunked),
        cmocka_unit_test(a_malformed_chunk_breaks_the_answer),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
