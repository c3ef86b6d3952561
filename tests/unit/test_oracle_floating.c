/* BINARY_FLOAT and BINARY_DOUBLE as text. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "oracle/values.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

struct floating_case {
    size_t length;
    unsigned char bytes[8];
    const char *text;
};

static void assert_texts(const struct floating_case *cases, size_t count) {
    struct bytes out = {0};

    for (size_t i = 0; i < count; i++) {
        bytes_clear(&out);
        assert_true(floating_append(cases[i].bytes, cases[i].length, &out));
        assert_string_equal(bytes_text(&out), cases[i].text);
        assert_int_equal(out.length, strlen(cases[i].text));
    }
    bytes_free(&out);
}

static void a_double_has_its_shortest_text(void **state) {
    static const struct floating_case cases[] = {
        {8, {0x80, 0, 0, 0, 0, 0, 0, 0}, "0"},
        {8, {0x7F, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF}, "-0"},
        {8, {0xBF, 0xF0, 0, 0, 0, 0, 0, 0}, "1"},
        {8, {0xBF, 0xF8, 0, 0, 0, 0, 0, 0}, "1.5"},
        {8, {0x40, 0x07, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF}, "-1.5"},
        {8, {0x3F, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF}, "-2"},
        {8, {0xBF, 0xB9, 0x99, 0x99, 0x99, 0x99, 0x99, 0x9A}, "0.1"},
        {8, {0xBF, 0xD5, 0x55, 0x55, 0x55, 0x55, 0x55, 0x55}, "0.3333333333333333"},
        {8, {0xC0, 0xFE, 0x24, 0x0C, 0x9F, 0xBE, 0x76, 0xC9}, "123456.789"},
        {8, {0xC3, 0x40, 0, 0, 0, 0, 0, 0}, "9007199254740992"},
        {8, {0x80, 0, 0, 0, 0, 0, 0, 1}, "5e-324"},
        {8, {0xFF, 0xEF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF}, "1.7976931348623157e+308"},
        {8, {0x80, 0x10, 0, 0, 0, 0, 0, 0}, "2.2250738585072014e-308"},
    };

    (void)state;
    assert_texts(cases, COUNT(cases));
}

static void a_float_has_no_more_digits_than_it_needs(void **state) {
    static const struct floating_case cases[] = {
        {4, {0x80, 0, 0, 0}, "0"},
        {4, {0xBF, 0xC0, 0, 0}, "1.5"},
        {4, {0x3F, 0xFF, 0xFF, 0xFF}, "-2"},
        {4, {0xBD, 0xCC, 0xCC, 0xCD}, "0.1"},
        {4, {0xBE, 0xAA, 0xAA, 0xAB}, "0.33333334"},
        {4, {0xCB, 0x80, 0, 0}, "16777216"},
        {4, {0xE0, 0xAD, 0x78, 0xEC}, "1e+20"},
        {4, {0x8E, 0x73, 0x63, 0x90}, "3e-30"},
        {4, {0xFF, 0x7F, 0xFF, 0xFF}, "3.4028235e+38"},
        {4, {0x80, 0, 0, 1}, "1e-45"},
    };

    (void)state;
    assert_texts(cases, COUNT(cases));
}

static void exponents_are_for_very_large_and_very_small_numbers(void **state) {
    static const struct floating_case cases[] = {
        {8, {0xC3, 0x0C, 0x6B, 0xF5, 0x26, 0x34, 0, 0}, "1000000000000000"},
        {8, {0xC3, 0x41, 0xC3, 0x79, 0x37, 0xE0, 0x7F, 0xFF}, "9999999999999998"},
        {8, {0xC3, 0x41, 0xC3, 0x79, 0x37, 0xE0, 0x80, 0x00}, "1e+16"},
        {8, {0xBF, 0x1A, 0x36, 0xE2, 0xEB, 0x1C, 0x43, 0x2D}, "0.0001"},
        {8, {0xBF, 0x20, 0x2E, 0x4B, 0x6C, 0xE5, 0xDC, 0x68}, "0.00012345"},
        {8, {0xBE, 0xE4, 0xF8, 0xB5, 0x88, 0xE3, 0x68, 0xF1}, "1e-05"},
        {8, {0xD4, 0xB2, 0x49, 0xAD, 0x25, 0x94, 0xC3, 0x7D}, "1e+100"},
    };

    (void)state;
    assert_texts(cases, COUNT(cases));
}

static void what_is_not_finite_has_a_name(void **state) {
    static const struct floating_case cases[] = {
        {4, {0xFF, 0x80, 0, 0}, "Inf"},
        {4, {0x00, 0x7F, 0xFF, 0xFF}, "-Inf"},
        {4, {0xFF, 0xC0, 0, 0}, "NaN"},
        {8, {0xFF, 0xF0, 0, 0, 0, 0, 0, 0}, "Inf"},
        {8, {0x00, 0x0F, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF}, "-Inf"},
        {8, {0xFF, 0xF8, 0, 0, 0, 0, 0, 0}, "NaN"},
        {8, {0x00, 0x07, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF}, "NaN"},
    };

    (void)state;
    assert_texts(cases, COUNT(cases));
}

static void any_text_is_read_back_as_the_same_double(void **state) {
    struct bytes out = {0};
    uint64_t bits = 0x9E3779B97F4A7C15U;

    (void)state;
    for (int i = 0; i < 5000; i++) {
        unsigned char bytes[8];
        uint64_t again_bits = 0;

        bits = bits * 6364136223846793005U + 1442695040888963407U;
        uint64_t sortable = (bits >> 63) != 0 ? ~bits : bits ^ UINT64_C(1) << 63;
        if ((bits >> 52 & 0x7FF) == 0x7FF) {
            continue; /* not finite */
        }
        for (int place = 0; place < 8; place++) {
            bytes[place] = (unsigned char)(sortable >> (56 - 8 * place));
        }
        bytes_clear(&out);
        assert_true(floating_append(bytes, sizeof bytes, &out));
        double again = strtod(bytes_text(&out), NULL);
        memcpy(&again_bits, &again, sizeof again_bits);
        if (again_bits != bits) {
            fail_msg("%s is not %016llx", bytes_text(&out), (unsigned long long)bits);
        }
    }
    bytes_free(&out);
}

static void another_length_is_refused(void **state) {
    static const unsigned char bytes[9] = {0x80};
    struct bytes out = {0};

    (void)state;
    for (size_t length = 0; length <= sizeof bytes; length++) {
        assert_int_equal(floating_append(bytes, length, &out), length == 4 || length == 8);
    }
    assert_string_equal(bytes_text(&out), "00");
    bytes_free(&out);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_double_has_its_shortest_text),
        cmocka_unit_test(a_float_has_no_more_digits_than_it_needs),
        cmocka_unit_test(exponents_are_for_very_large_and_very_small_numbers),
        cmocka_unit_test(what_is_not_finite_has_a_name),
        cmocka_unit_test(any_text_is_read_back_as_the_same_double),
        cmocka_unit_test(another_length_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
