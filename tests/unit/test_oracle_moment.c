/* DATE, TIMESTAMP and INTERVAL as text. The bytes are what Oracle's DUMP() shows for such values.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "oracle/values.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

struct moment_case {
    size_t length;
    unsigned char bytes[16];
    const char *text;
};

typedef bool appends(const unsigned char *bytes, size_t length, struct bytes *out);

static void assert_given(appends *append, const struct moment_case *cases, size_t count) {
    struct bytes out = {0};

    for (size_t i = 0; i < count; i++) {
        bytes_clear(&out);
        assert_true(append(cases[i].bytes, cases[i].length, &out));
        assert_string_equal(bytes_text(&out), cases[i].text);
        assert_int_equal(out.length, strlen(cases[i].text));
    }
    bytes_free(&out);
}

static void assert_texts(const struct moment_case *cases, size_t count) {
    assert_given(moment_append, cases, count);
}

static void assert_refused(appends *append, const struct moment_case *cases, size_t count) {
    struct bytes out = {0};

    for (size_t i = 0; i < count; i++) {
        if (append(cases[i].bytes, cases[i].length, &out)) {
            fail_msg("taken: %s, as %s", cases[i].text, bytes_text(&out));
        }
        assert_int_equal(out.length, 0);
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

static void nanoseconds_are_kept_where_microseconds_do_not_hold_them(void **state) {
    static const struct moment_case cases[] = {
        /* 123456789, 500000000, 999, 1000, 999999999, 0 */
        {11,
         {120, 123, 3, 15, 14, 15, 16, 0x07, 0x5B, 0xCD, 0x15},
         "2023-03-15 13:14:15.123456789"},
        {11, {120, 123, 3, 15, 14, 15, 16, 0x1D, 0xCD, 0x65, 0x00}, "2023-03-15 13:14:15.500000"},
        {11,
         {120, 123, 3, 15, 14, 15, 16, 0x00, 0x00, 0x03, 0xE7},
         "2023-03-15 13:14:15.000000999"},
        {11, {120, 123, 3, 15, 14, 15, 16, 0x00, 0x00, 0x03, 0xE8}, "2023-03-15 13:14:15.000001"},
        {11,
         {120, 123, 3, 15, 14, 15, 16, 0x3B, 0x9A, 0xC9, 0xFF},
         "2023-03-15 13:14:15.999999999"},
        {11, {120, 123, 3, 15, 14, 15, 16, 0, 0, 0, 0}, "2023-03-15 13:14:15.000000"},
    };

    (void)state;
    assert_texts(cases, COUNT(cases));
}

static void what_has_a_zone_is_shown_in_utc(void **state) {
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

static void what_is_no_date_is_a_text_of_another_form(void **state) {
    static const struct moment_case cases[] = {
        {7, {53, 88, 1, 1, 1, 1, 1}, "-4712-01-01 00:00:00"},
        {7, {100, 56, 3, 15, 1, 1, 1}, "-0044-03-15 00:00:00"},
        {7, {100, 100, 1, 1, 1, 1, 1}, "0000-01-01 00:00:00"},
        {7, {100, 100, 0, 0, 1, 1, 1}, "0000-00-00 00:00:00"},
        {7, {200, 100, 1, 1, 1, 1, 1}, "10000-01-01 00:00:00"},
        {7, {120, 200, 1, 1, 1, 1, 1}, "2100-01-01 00:00:00"}, /* 100 years of a century */
        {7, {120, 113, 0, 20, 24, 12, 41}, "2013-00-20 23:11:40"},
        {7, {120, 113, 13, 20, 24, 12, 41}, "2013-13-20 23:11:40"},
        {7, {120, 113, 6, 0, 24, 12, 41}, "2013-06-00 23:11:40"},
        {7, {120, 113, 6, 31, 24, 12, 41}, "2013-06-31 23:11:40"},
        {7, {119, 100, 2, 29, 1, 1, 1}, "1900-02-29 00:00:00"},
        {7, {120, 113, 6, 20, 25, 12, 41}, "2013-06-20 24:11:40"},
        {7, {120, 113, 6, 20, 24, 61, 41}, "2013-06-20 23:60:40"},
        {7, {120, 113, 6, 20, 24, 12, 61}, "2013-06-20 23:11:60"},
        {11,
         {100, 56, 3, 15, 1, 1, 1, 0x1D, 0xCD, 0x65, 0},
         "-0044-03-15 00:00:00 and 500000000 ns"},
    };

    (void)state;
    assert_texts(cases, COUNT(cases));
}

static void what_can_be_read_as_no_date_at_all_is_refused(void **state) {
    static const struct moment_case cases[] = {
        {7, {120, 113, 6, 20, 0, 12, 41}, "hour -1"},
        {7, {120, 113, 6, 20, 24, 0, 41}, "minute -1"},
        {7, {120, 113, 6, 20, 24, 12, 0}, "second -1"},
        {7, {120, 113, 100, 20, 24, 12, 1}, "month 100"},
        {7, {120, 113, 6, 100, 24, 12, 1}, "day 100"},
        {7, {255, 255, 255, 255, 255, 255, 255}, "nothing but ones"},
        {7, {0}, "nothing but zeros"},
        {11, {120, 123, 3, 15, 14, 15, 16, 0x3B, 0x9A, 0xCA, 0x00}, "1000000000 nanoseconds"},
        {0, {0}, "nothing"},
        {6, {120, 113, 6, 20, 24, 12}, "no second"},
        {8, {120, 113, 6, 20, 24, 12, 41, 0}, "a piece of a fraction"},
        {12, {120, 113, 6, 20, 24, 12, 41, 0, 0, 0, 0, 20}, "half a zone"},
        {14, {120, 113, 6, 20, 24, 12, 41, 0, 0, 0, 0, 20, 60, 0}, "too long"},
    };

    (void)state;
    assert_refused(moment_append, cases, COUNT(cases));
}

static void years_and_months_have_one_sign(void **state) {
    static const struct moment_case cases[] = {
        {5, {0x80, 0, 0, 2, 66}, "+02-06"},
        {5, {0x80, 0, 0, 0, 60}, "+00-00"},
        {5, {0x7f, 0xff, 0xff, 0xfe, 49}, "-02-11"},
        {5, {0x80, 0, 0, 0, 53}, "-00-07"},
        {5, {0xff, 0xff, 0xff, 0xff, 71}, "+2147483647-11"},
        {5, {0, 0, 0, 0, 60}, "-2147483648-00"},
    };
    static const struct moment_case others[] = {
        {5, {0x80, 0, 0, 2, 59}, "two signs"},
        {5, {0x80, 0, 0, 2, 72}, "12 months"},
        {4, {0x80, 0, 0, 2}, "no months"},
    };

    (void)state;
    assert_given(months_append, cases, COUNT(cases));
    assert_refused(months_append, others, COUNT(others));
}

static void days_and_time_have_one_sign(void **state) {
    static const struct moment_case cases[] = {
        {11, {0x80, 0, 0, 5, 70, 80, 90, 0x87, 0x5B, 0xCD, 0x15}, "+05 10:20:30.123456789"},
        {11, {0x80, 0, 0, 0, 60, 60, 60, 0x80, 0, 0, 0}, "+00 00:00:00.000000"},
        {11, {0x7f, 0xff, 0xff, 0xff, 37, 60, 60, 0x62, 0x32, 0x9B, 0}, "-01 23:00:00.500000"},
    };
    static const struct moment_case others[] = {
        {11, {0x80, 0, 0, 5, 50, 80, 90, 0x80, 0, 0, 0}, "two signs"},
        {11, {0x80, 0, 0, 5, 84, 80, 90, 0x80, 0, 0, 0}, "24 hours"},
        {11, {0x80, 0, 0, 5, 70, 120, 90, 0x80, 0, 0, 0}, "60 minutes"},
        {11, {0x80, 0, 0, 5, 70, 80, 120, 0x80, 0, 0, 0}, "60 seconds"},
        {11, {0x80, 0, 0, 5, 70, 80, 90, 0xff, 0xff, 0xff, 0xff}, "too many nanoseconds"},
        {10, {0x80, 0, 0, 5, 70, 80, 90, 0x80, 0, 0}, "cut short"},
    };

    (void)state;
    assert_given(seconds_append, cases, COUNT(cases));
    assert_refused(seconds_append, others, COUNT(others));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_date_has_six_zeros_for_its_fraction),
        cmocka_unit_test(nanoseconds_are_kept_where_microseconds_do_not_hold_them),
        cmocka_unit_test(what_has_a_zone_is_shown_in_utc),
        cmocka_unit_test(what_is_no_date_is_a_text_of_another_form),
        cmocka_unit_test(what_can_be_read_as_no_date_at_all_is_refused),
        cmocka_unit_test(years_and_months_have_one_sign),
        cmocka_unit_test(days_and_time_have_one_sign),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
