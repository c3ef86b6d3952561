/* How long an answer, its header and each of its lines may be. */
#include "framing_fixture.h"

/* Gives that many bytes, in pieces of a prime number, so that no limit is at their ends. */
static void give_filler(struct reading *reading, size_t count) {
    static char block[65521];

    memset(block, 'x', sizeof block);
    while (count > 0 && reading->state == FRAMING_MORE) {
        size_t part = count < sizeof block ? count : sizeof block;
        size_t taken = 0;
        reading->state = framing_take(&reading->framing, (struct span){block, part}, &taken);
        reading->taken += taken;
        count -= part;
    }
}

/* A line of that many bytes with its end. */
static void give_line(struct reading *reading, const char *start, size_t length) {
    give(reading, span_of(start));
    give_filler(reading, length - strlen(start) - 2);
    give(reading, span_of("\r\n"));
}

static void a_line_has_at_most_16_kb(void **state) {
    static const char words[] = "a line of the answer is longer than 16 KB";
    static const struct {
        const char *before;
        const char *start;
    } lines[] = {{"", "HTTP/1.1 200 "},
                 {"HTTP/1.1 200 OK\r\n", "A: "},
                 {CHUNKED(""), "2;"},
                 {CHUNKED("0\r\n"), "A: "}};
    struct reading reading = {0};

    (void)state;
    for (size_t i = 0; i < COUNT(lines); i++) {
        begin(&reading);
        give(&reading, span_of(lines[i].before));
        give_line(&reading, lines[i].start, FRAMING_LINE_MOST_BYTES);
        assert_int_equal(reading.state, FRAMING_MORE);
        begin(&reading);
        give(&reading, span_of(lines[i].before));
        give_line(&reading, lines[i].start, FRAMING_LINE_MOST_BYTES + 1);
        assert_int_equal(reading.state, FRAMING_BROKEN);
        assert_string_equal(reading.framing.failure, words);
    }
    clear(&reading);
}

static void a_long_line_is_the_same_in_one_piece(void **state) {
    struct reading reading = {0};
    struct text line = {0};

    (void)state;
    for (size_t more = 0; more <= 1; more++) {
        text_clear(&line);
        text_append_string(&line, "HTTP/1.1 200 OK\r\nA: ");
        for (size_t i = 0; i < FRAMING_LINE_MOST_BYTES - strlen("A: \r\n") + more; i++) {
            text_append_char(&line, 'x');
        }
        text_append_string(&line, "\r\nContent-Length: 0\r\n\r\n");
        begin(&reading);
        give(&reading, text_span(&line));
        assert_int_equal(reading.state, more == 0 ? FRAMING_WHOLE : FRAMING_BROKEN);
    }
    text_free(&line);
    clear(&reading);
}

/* Lines of 10,000 bytes before the answer is read to its end, or to its breaking. */
static size_t count_lines(struct reading *reading, const char *start, const char *end) {
    size_t count = 0;

    while (count < 100) {
        give(reading, span_of(start));
        give_filler(reading, 10000 - strlen(start));
        give(reading, span_of(end));
        if (reading->state != FRAMING_MORE) {
            break;
        }
        count++;
    }
    assert_int_equal(reading->state, FRAMING_BROKEN);
    assert_string_equal(reading->framing.failure, "the header of the answer is larger than 100 KB");
    return count;
}

static void a_header_has_at_most_100_kb(void **state) {
    struct reading reading = {0};

    (void)state;
    begin(&reading);
    give(&reading, span_of("HTTP/1.1 200 OK\r\n"));
    assert_int_equal(count_lines(&reading, "A: ", "\r\n"), 10);
    begin(&reading);
    assert_int_equal(count_lines(&reading, "HTTP/1.1 100 ", "\r\n\r\n"), 10);
    begin(&reading);
    give(&reading, span_of(CHUNKED("")));
    assert_int_equal(count_lines(&reading, "1;", "\r\nx\r\n"), 10);
    begin(&reading);
    give(&reading, span_of(CHUNKED("0\r\n")));
    assert_int_equal(count_lines(&reading, "A: ", "\r\n"), 10);
    clear(&reading);
}

/* The sizes of chunks do not count: a content of many small ones is as good as any. */
static void a_content_may_have_many_chunks(void **state) {
    struct reading reading = {0};

    (void)state;
    begin(&reading);
    give(&reading, span_of(CHUNKED("")));
    for (int i = 0; i < 100000; i++) {
        give(&reading, span_of("1\r\nx\r\n"));
    }
    give(&reading, span_of("0\r\n\r\n"));
    assert_int_equal(reading.state, FRAMING_WHOLE);
    assert_int_equal(reading.body.length, 100000);
    clear(&reading);
}

static void a_content_has_at_most_64_mb(void **state) {
    static const char words[] = "the answer is larger than 64 MB";
    struct reading reading = {0};

    (void)state;
    begin(&reading);
    give(&reading, span_of(OK("67108864", "")));
    give_filler(&reading, 67108864);
    assert_int_equal(reading.state, FRAMING_WHOLE);
    assert_int_equal(reading.body.length, 67108864);

    begin(&reading);
    give(&reading, span_of("HTTP/1.1 200 OK\r\n\r\n"));
    give_filler(&reading, 67108864);
    assert_int_equal(reading.state, FRAMING_MORE);
    give_filler(&reading, 1);
    assert_int_equal(reading.state, FRAMING_BROKEN);
    assert_string_equal(reading.framing.failure, words);
    assert_in_range(reading.body.length, 0, 67108864);

    begin(&reading);
    give(&reading, span_of(CHUNKED("4000000\r\n")));
    give_filler(&reading, 67108864);
    give(&reading, span_of("\r\n"));
    assert_int_equal(reading.state, FRAMING_MORE);
    give(&reading, span_of("1\r\n"));
    assert_int_equal(reading.state, FRAMING_BROKEN);
    assert_string_equal(reading.framing.failure, words);
    clear(&reading);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_line_has_at_most_16_kb),
        cmocka_unit_test(a_long_line_is_the_same_in_one_piece),
        cmocka_unit_test(a_header_has_at_most_100_kb),
        cmocka_unit_test(a_content_may_have_many_chunks),
        cmocka_unit_test(a_content_has_at_most_64_mb),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
