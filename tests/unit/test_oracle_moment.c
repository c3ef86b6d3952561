/* DATE and TIMESTAMP as text. The bytes are what Oracle's DUMP() shows for such values. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "oracle/moment.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

struct moment_case {
    size_t length;
    unsigned char bytes[16];
    const char *text;
};

static void assert_texts(const struct moment_case *cases, size_t count) {
    struct bytes out = {0};

    for (size_t i = 0; i < count; i++) {
        bytes_clear(&out);
        assert_true(moment_append(cases[i].bytes, cases[i].length, &out));
        assert_string_equal(bytes_text(&out), cases[i].text);
        assert_int_equal(out.length, 26);
    }
    bytes_free(&out);
}

static void a_date_has_six_zeros_for_its_fraction(void **state) {
    static const struct moment_case cases[] = {
        {7, {120, 113, 6, 20, 24, 12, 41}, "2013-06-20 23:11:40.000000"},
        {7, {120, 123, 3, 15, 1, 1, 1}, "2023-03-15 00:00:00.000000"},
        {7, {120, 100, 2, 29, 24, 60, 60}, "2000-02-29 23:59:59.000000"},
        {7, {119, 199, 12, 31, 13, 1, 1}, "1999-12-31 12:00:00.000000"},
        {7, {100, 101, 1, 1, 1, 1, 1}, "0001-01-01 00:00:00.000000"},
        {7, {199, 199, 12, 31, 24, 60, 60}, "9999-12-31 23:59:59.000000"},
        {7, {115, 100, 2, 29, 1, 1, 1}, "1500-02-29 00:00:00.000000"}, /* the Julian calendar */
    };

    (void)state;
    assert_texts(cases, COUNT(cases));
}

static void nanoseconds_are_cut_to_microseconds(void **state) {
    static const struct moment_case cases[] = {
        /* 123456789, 500000000, 999, 1000, 999999999, 0 */
        {11, {120, 123, 3, 15, 14, 15, 16, 0x07, 0x5B, 0xCD, 0x15}, "2023-03-15 13:14:15.123456"},
        {11, {120, 123, 3, 15, 14, 15, 16, 0x1D, 0xCD, 0x65, 0x00}, "2023-03-15 13:14:15.500000"},
        {11, {120, 123, 3, 15, 14, 15, 16, 0x00, 0x00, 0x03, 0xE7}, "2023-03-15 13:14:15.000000"},
        {11, {120, 123, 3, 15, 14, 15, 16, 0x00, 0x00, 0x03, 0xE8}, "2023-03-15 13:14:15.000001"},
        {11, {120, 123, 3, 15, 14, 15, 16, 0x3B, 0x9A, 0xC9, 0xFF}, "2023-03-15 13:14:15.999999"},
        {11, {120, 123, 3, 15, 14, 15, 16, 0, 0, 0, 0}, "2023-03-15 13:14:15.000000"},
    };

    (void)state;
    assert_texts(cases, COUNT(cases));
}

static void what_has_a_zone_is_told_in_utc(void **state) {
    static const struct moment_case cases[] = {
        /* +00:00, +05:45, -03:30, and the number of a region */
        {13, {120, 123, 3, 15, 14, 15, 16, 0, 0, 0, 0, 20, 60}, "2023-03-15 13:14:15.000000"},
        {13,
         {120, 123, 3, 15, 8, 30, 16, 0x0E, 0xE6, 0xB2, 0x80, 25, 105},
         "2023-03-15 07:29:15.250000"},
        {13, {120, 123, 1, 1, 4, 46, 1, 0, 0, 0, 0, 17, 30}, "2023-01-01 03:45:00.000000"},
        {13, {120, 123, 3, 15, 14, 15, 16, 0, 0, 0, 0, 0x81, 0x04}, "2023-03-15 13:14:15.000000"},
    };

    (void)state;
    assert_texts(cases, COUNT(cases));
}

static void what_is_no_date_is_refused(void **state) {
    static const struct moment_case cases[] = {
        {0, {0}, "nothing"},
        {6, {120, 113, 6, 20, 24, 12}, "no second"},
        {8, {120, 113, 6, 20, 24, 12, 41, 0}, "a piece of a fraction"},
        {12, {120, 113, 6, 20, 24, 12, 41, 0, 0, 0, 0, 20}, "half a zone"},
        {14, {120, 113, 6, 20, 24, 12, 41, 0, 0, 0, 0, 20, 60, 0}, "too long"},
        {7, {53, 88, 1, 1, 1, 1, 1}, "4712 before Christ"},
        {7, {100, 100, 1, 1, 1, 1, 1}, "the year 0"},
        {7, {200, 100, 1, 1, 1, 1, 1}, "the year 10000"},
        {7, {120, 200, 1, 1, 1, 1, 1}, "100 years of a century"},
        {7, {120, 113, 0, 20, 24, 12, 41}, "month 0"},
        {7, {120, 113, 13, 20, 24, 12, 41}, "month 13"},
        {7, {120, 113, 6, 0, 24, 12, 41}, "day 0"},
        {7, {120, 113, 6, 31, 24, 12, 41}, "31 June"},
        {7, {119, 100, 2, 29, 1, 1, 1}, "29 February 1900"},
        {7, {120, 113, 6, 20, 0, 12, 41}, "hour -1"},
        {7, {120, 113, 6, 20, 25, 12, 41}, "hour 24"},
        {7, {120, 113, 6, 20, 24, 0, 41}, "minute -1"},
        {7, {120, 113, 6, 20, 24, 61, 41}, "minute 60"},
        {7, {120, 113, 6, 20, 24, 12, 0}, "second -1"},
        {7, {120, 113, 6, 20, 24, 12, 61}, "second 60"},
        {11, {120, 123, 3, 15, 14, 15, 16, 0x3B, 0x9A, 0xCA, 0x00}, "1000000000 nanoseconds"},
    };
    struct bytes out = {0};

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        if (moment_append(cases[i].bytes, cases[i].length, &out)) {
            fail_msg("taken: %s, as %s", cases[i].text, bytes_text(&out));
        }
        assert_int_equal(out.length, 0);
    }
    bytes_free(&out);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_date_has_six_zeros_for_its_fraction),
        cmocka_unit_test(nanoseconds_are_cut_to_microseconds),
        cmocka_unit_test(what_has_a_zone_is_told_in_utc),
        cmocka_unit_test(what_is_no_date_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
