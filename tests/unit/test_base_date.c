#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/date.h"

static int64_t day_of(const char *text) {
    int64_t day = 0;
    assert_int_equal(date_parse_day(span_of(text), &day), 0);
    return day;
}

/* Reads the text and checks that it is the moment which is written so. */
static void assert_moment(const char *text, const char *expected) {
    int64_t moment = 0;
    char written[DATE_MOMENT_SIZE];
    assert_int_equal(date_parse_moment(span_of(text), &moment), 0);
    date_format_moment(moment, written);
    assert_string_equal(written, expected);
}

static void assert_no_moment(const char *text) {
    int64_t moment = 42;
    if (date_parse_moment(span_of(text), &moment) != -1) {
        fail_msg("\"%s\" was taken for a moment", text);
    }
    assert_int_equal(moment, 42);
}

static void a_day_without_a_time_is_its_midnight(void **state) {
    (void)state;
    assert_moment("2022-03-15", "2022-03-15T00:00:00.000Z");
}

static void a_blank_or_a_t_separates_date_and_time(void **state) {
    (void)state;
    assert_moment("2022-03-15 10:20", "2022-03-15T10:20:00.000Z");
    assert_moment("2022-03-15T10:20:30", "2022-03-15T10:20:30.000Z");
    assert_moment("2022-03-15T10:20:30Z", "2022-03-15T10:20:30.000Z");
    assert_moment(" \t2022-03-15 10:20:30\r\n", "2022-03-15T10:20:30.000Z");
}

static void fractions_are_cut_to_microseconds(void **state) {
    (void)state;
    int64_t moment = 0;
    assert_int_equal(date_parse_moment(span_of("1970-01-01 00:00:00.1234569876543"), &moment), 0);
    assert_int_equal(moment, 123456);
    assert_int_equal(date_parse_moment(span_of("1970-01-01 00:00:01.5"), &moment), 0);
    assert_int_equal(moment, 1500000);
    assert_no_moment("2022-03-15 10:20:30.");
    assert_no_moment("2022-03-15 10:20.5");
}

static void zone_offsets_are_applied(void **state) {
    (void)state;
    assert_moment("2022-03-15 10:20:30+01:00", "2022-03-15T09:20:30.000Z");
    assert_moment("2022-03-15 10:20:30-0530", "2022-03-15T15:50:30.000Z");
    assert_moment("2022-03-15 10:20+02", "2022-03-15T08:20:00.000Z");
    assert_moment("2022-01-01T00:30:00+01:00", "2021-12-31T23:30:00.000Z");
    assert_no_moment("2022-03-15 10:20:30+1");
    assert_no_moment("2022-03-15 10:20:30+01:");
    assert_no_moment("2022-03-15 10:20:30+24:00");
    assert_no_moment("2022-03-15 10:20:30+01:60");
    assert_no_moment("2022-03-15+01:00");
}

static void a_leap_second_counts_as_the_second_before_it(void **state) {
    (void)state;
    assert_moment("2016-12-31 23:59:60", "2016-12-31T23:59:59.000Z");
    assert_no_moment("2016-12-31 23:59:61");
}

static void only_leap_years_have_a_29th_of_february(void **state) {
    (void)state;
    assert_moment("2020-02-29", "2020-02-29T00:00:00.000Z");
    assert_moment("2000-02-29", "2000-02-29T00:00:00.000Z");
    assert_no_moment("2021-02-29");
    assert_no_moment("1900-02-29");
}

static void what_no_calendar_or_clock_shows_is_refused(void **state) {
    (void)state;
    static const char *const bad[] = {
        "",
        "2022",
        "2022-3-15",
        "22-03-15",
        "2022-00-10",
        "2022-13-10",
        "2022-04-31",
        "2022-04-00",
        "0000-01-01",
        "-2022-01-01",
        "2022-03-15 24:00",
        "2022-03-15 10:60",
        "2022-03-15 1:00",
        "2022-03-15  10:00",
        "2022-03-15 ,",
        "2022-03-15T",
        "2022-03-15 10:00:00 UTC",
        "2022-03-15x",
        "2022/03/15",
        "15-MAR-22",
        "0001-01-01 00:00:00+01:00",
        "9999-12-31 23:59:59-01:00",
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_no_moment(bad[i]);
    }
    int64_t moment = 0;
    assert_int_equal(date_parse_moment((struct span){NULL, 0}, &moment), -1);
}

static void a_day_is_a_day_and_nothing_else(void **state) {
    (void)state;
    int64_t day = 0;
    assert_int_equal(date_parse_day(span_of("1970-01-02"), &day), 0);
    assert_int_equal(day, 1);
    assert_int_equal(date_parse_day(span_of("1970-01-02 "), &day), -1);
    assert_int_equal(date_parse_day(span_of("1970-01-02 00:00"), &day), -1);
    assert_int_equal(date_parse_day(span_of("1970-02-30"), &day), -1);
}

static void every_day_of_four_centuries_is_written_and_read_back(void **state) {
    (void)state;
    for (int64_t day = day_of("1800-01-01"); day <= day_of("2200-12-31"); day++) {
        char written[DATE_DAY_SIZE];
        date_format_day(day, written);
        assert_int_equal(day_of(written), day);
    }
}

static void the_range_is_the_years_1_to_9999(void **state) {
    (void)state;
    int64_t moment = 0;
    assert_moment("0001-01-01", "0001-01-01T00:00:00.000Z");
    assert_moment("9999-12-31 23:59:59.999", "9999-12-31T23:59:59.999Z");
    assert_int_equal(date_moment_from_seconds(INT64_C(-62135596800), &moment), 0);
    assert_int_equal(date_moment_from_seconds(INT64_C(-62135596801), &moment), -1);
    assert_int_equal(date_moment_from_seconds(INT64_C(253402300799), &moment), 0);
    assert_int_equal(date_moment_from_seconds(INT64_C(253402300800), &moment), -1);
    assert_int_equal(date_moment_from_seconds(INT64_MIN, &moment), -1);
    assert_int_equal(date_moment_from_seconds(INT64_MAX, &moment), -1);
}

static void seconds_before_1970_fall_on_the_day_they_belong_to(void **state) {
    (void)state;
    int64_t moment = 0;
    char written[DATE_MOMENT_SIZE];
    assert_int_equal(date_moment_from_seconds(-1, &moment), 0);
    assert_int_equal(date_day_of(moment), -1);
    date_format_moment(moment, written);
    assert_string_equal(written, "1969-12-31T23:59:59.000Z");
    assert_int_equal(date_moment_from_seconds(-86400, &moment), 0);
    assert_int_equal(date_day_of(moment), -1);
    assert_int_equal(date_day_of(0), 0);
}

static void now_is_after_the_program_was_written(void **state) {
    (void)state;
    assert_true(date_day_of(date_now()) > day_of("2022-01-01"));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_day_without_a_time_is_its_midnight),
        cmocka_unit_test(a_blank_or_a_t_separates_date_and_time),
        cmocka_unit_test(fractions_are_cut_to_microseconds),
        cmocka_unit_test(zone_offsets_are_applied),
        cmocka_unit_test(a_leap_second_counts_as_the_second_before_it),
        cmocka_unit_test(only_leap_years_have_a_29th_of_february),
        cmocka_unit_test(what_no_calendar_or_clock_shows_is_refused),
        cmocka_unit_test(a_day_is_a_day_and_nothing_else),
        cmocka_unit_test(every_day_of_four_centuries_is_written_and_read_back),
        cmocka_unit_test(the_range_is_the_years_1_to_9999),
        cmocka_unit_test(seconds_before_1970_fall_on_the_day_they_belong_to),
        cmocka_unit_test(now_is_after_the_program_was_written),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
