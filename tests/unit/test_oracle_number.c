/* NUMBER as decimal text. The bytes are what Oracle's DUMP() shows for such numbers. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "oracle/values.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))
#define ZEROS_10 "0000000000"
#define ZEROS_50 ZEROS_10 ZEROS_10 ZEROS_10 ZEROS_10 ZEROS_10
#define ZEROS_120 ZEROS_50 ZEROS_50 ZEROS_10 ZEROS_10

struct number_case {
    size_t length;
    unsigned char bytes[24];
    const char *text;
};

static void assert_texts(const struct number_case *cases, size_t count) {
    struct bytes out = {0};

    for (size_t i = 0; i < count; i++) {
        bytes_clear(&out);
        assert_true(number_append(cases[i].bytes, cases[i].length, &out));
        assert_string_equal(bytes_text(&out), cases[i].text);
        assert_int_equal(out.length, strlen(cases[i].text));
    }
    bytes_free(&out);
}

static void whole_numbers_have_no_point(void **state) {
    static const struct number_case cases[] = {
        {1, {128}, "0"},
        {2, {193, 2}, "1"},
        {2, {193, 11}, "10"},
        {2, {193, 100}, "99"},
        {2, {194, 2}, "100"},
        {3, {194, 2, 2}, "101"},
        {2, {194, 11}, "1000"},
        {3, {194, 13, 35}, "1234"},
        {3, {195, 2, 24}, "12300"},
        {2, {196, 2}, "1000000"},
        {9, {200, 91, 8, 20, 93, 55, 75, 10, 94}, "9007199254740993"},
        {2, {255, 11}, "100000" ZEROS_120},
    };

    (void)state;
    assert_texts(cases, COUNT(cases));
}

static void fractions_begin_with_a_zero_and_end_with_none(void **state) {
    static const struct number_case cases[] = {
        {2, {192, 11}, "0.1"},
        {2, {192, 51}, "0.5"},
        {2, {192, 2}, "0.01"},
        {2, {192, 13}, "0.12"},
        {2, {191, 11}, "0.001"},
        {3, {191, 2, 21}, "0.00012"},
        {4, {194, 2, 24, 46}, "123.45"},
        {3, {193, 2, 51}, "1.5"},
        {3, {193, 13, 6}, "12.05"},
        {4, {194, 2, 1, 11}, "100.1"},
        {2, {128, 2}, "0." ZEROS_120 "0000000001"},
    };

    (void)state;
    assert_texts(cases, COUNT(cases));
}

static void negative_numbers_are_complemented(void **state) {
    static const struct number_case cases[] = {
        {3, {62, 100, 102}, "-1"},
        {3, {62, 2, 102}, "-99"},
        {3, {61, 100, 102}, "-100"},
        {4, {62, 89, 51, 102}, "-12.5"},
        {5, {61, 100, 78, 56, 102}, "-123.45"},
        {3, {63, 91, 102}, "-0.1"},
        {3, {64, 100, 102}, "-0.0001"},
        {3, {0, 91, 102}, "-100000" ZEROS_120},
        {3, {127, 100, 102}, "-0." ZEROS_120 "0000000001"},
        {2, {62, 100}, "-1"}, /* what ends it is left out by some programs */
    };

    (void)state;
    assert_texts(cases, COUNT(cases));
}

static void every_digit_is_kept(void **state) {
    static const struct number_case cases[] = {
        {20,
         {211, 100, 100, 100, 100, 100, 100, 100, 100, 100,
          100, 100, 100, 100, 100, 100, 100, 100, 100, 100},
         "99999999999999999999999999999999999999"},
        {21,
         {192, 2, 13, 24, 35, 46, 57, 68, 79, 90, 2, 13, 24, 35, 46, 57, 68, 79, 90, 2, 13},
         "0.0112233445566778890112233445566778890112"},
        /* 20 digits to the base 100 leave no room for the end of a negative number */
        {21,
         {62, 98, 87, 86, 9, 36, 66, 12, 22, 69, 63, 55, 75, 58, 63, 69, 22, 51, 73, 17, 82},
         "-3.14159265358979323846264338327950288419"},
    };

    (void)state;
    assert_texts(cases, COUNT(cases));
}

static void the_infinities_are_tildes(void **state) {
    static const struct number_case cases[] = {
        {2, {255, 101}, "~"},
        {1, {0}, "-~"},
    };

    (void)state;
    assert_texts(cases, COUNT(cases));
}

static void superfluous_zeros_are_passed_over(void **state) {
    static const struct number_case cases[] = {
        {2, {193, 1}, "0"},    {3, {62, 101, 102}, "0"},   {3, {194, 1, 2}, "1"},
        {3, {193, 2, 1}, "1"}, {4, {194, 2, 1, 1}, "100"}, {4, {61, 101, 100, 102}, "-1"},
    };

    (void)state;
    assert_texts(cases, COUNT(cases));
}

static void what_is_no_number_is_refused(void **state) {
    static const struct number_case cases[] = {
        {0, {0}, "no byte"},
        {1, {193}, "an exponent without digits"},
        {1, {62}, "the same of a negative number"},
        {2, {62, 102}, "the same with its end"},
        {2, {193, 0}, "below the least digit"},
        {2, {193, 101}, "above the greatest digit"},
        {3, {62, 1, 102}, "above the greatest digit of a negative number"},
        {3, {62, 103, 102}, "below the least digit of a negative number"},
        {4, {62, 102, 100, 102}, "an end before the end"},
        {22,
         {193, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2},
         "too many digits"},
    };
    struct bytes out = {0};

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        if (number_append(cases[i].bytes, cases[i].length, &out)) {
            fail_msg("taken: %s, as %s", cases[i].text, bytes_text(&out));
        }
        assert_int_equal(out.length, 0);
    }
    bytes_free(&out);
}

static void a_number_is_appended(void **state) {
    static const unsigned char bytes[] = {193, 2};
    struct bytes out = {0};

    (void)state;
    bytes_append_text(&out, "n=");
    assert_true(number_append(bytes, sizeof bytes, &out));
    assert_string_equal(bytes_text(&out), "n=1");
    bytes_free(&out);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(whole_numbers_have_no_point),
        cmocka_unit_test(fractions_begin_with_a_zero_and_end_with_none),
        cmocka_unit_test(negative_numbers_are_complemented),
        cmocka_unit_test(every_digit_is_kept),
        cmocka_unit_test(the_infinities_are_tildes),
        cmocka_unit_test(superfluous_zeros_are_passed_over),
        cmocka_unit_test(what_is_no_number_is_refused),
        cmocka_unit_test(a_number_is_appended),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
