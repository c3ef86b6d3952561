/* UTF-16 as UTF-8. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "oracle/values.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))
#define HALF "\xEF\xBF\xBD" /* U+FFFD */

struct national_case {
    size_t length;
    unsigned char bytes[16];
    const char *text;
};

static void assert_texts(const struct national_case *cases, size_t count) {
    struct bytes out = {0};

    for (size_t i = 0; i < count; i++) {
        bytes_clear(&out);
        assert_true(national_append(cases[i].bytes, cases[i].length, &out));
        assert_string_equal(bytes_text(&out), cases[i].text);
        assert_int_equal(out.length, strlen(cases[i].text));
    }
    bytes_free(&out);
}

static void each_range_has_its_number_of_bytes(void **state) {
    static const struct national_case cases[] = {
        {0, {0}, ""},
        {2, {0x00, 0x61}, "a"},
        {2, {0x00, 0x7F}, "\x7F"},
        {2, {0x00, 0x80}, "\xC2\x80"},
        {2, {0x00, 0xFC}, "ü"},
        {2, {0x07, 0xFF}, "\xDF\xBF"},
        {2, {0x08, 0x00}, "\xE0\xA0\x80"},
        {6, {0x65, 0xE5, 0x67, 0x2C, 0x8A, 0x9E}, "日本語"},
        {2, {0xD7, 0xFF}, "\xED\x9F\xBF"},
        {2, {0xE0, 0x00}, "\xEE\x80\x80"},
        {2, {0xFF, 0xFF}, "\xEF\xBF\xBF"},
        {6, {0x00, 0x61, 0x20, 0xAC, 0x00, 0x62}, "a€b"},
    };

    (void)state;
    assert_texts(cases, COUNT(cases));
}

static void a_surrogate_pair_is_one_character(void **state) {
    static const struct national_case cases[] = {
        {4, {0xD8, 0x00, 0xDC, 0x00}, "\xF0\x90\x80\x80"},
        {4, {0xD8, 0x34, 0xDD, 0x1E}, "𝄞"},
        {4, {0xD8, 0x3C, 0xDF, 0x89}, "🎉"},
        {4, {0xDB, 0xFF, 0xDF, 0xFF}, "\xF4\x8F\xBF\xBF"},
        {8, {0xD8, 0x34, 0xDD, 0x1E, 0xD8, 0x34, 0xDD, 0x1E}, "𝄞𝄞"},
    };

    (void)state;
    assert_texts(cases, COUNT(cases));
}

static void half_a_surrogate_pair_is_replaced(void **state) {
    static const struct national_case cases[] = {
        {2, {0xD8, 0x34}, HALF},
        {2, {0xDD, 0x1E}, HALF},
        {4, {0xD8, 0x34, 0x00, 0x61}, HALF "a"},
        {4, {0xDD, 0x1E, 0xD8, 0x34}, HALF HALF},
        {6, {0xD8, 0x34, 0xD8, 0x34, 0xDD, 0x1E}, HALF "𝄞"},
        {6, {0x00, 0x61, 0xDC, 0x00, 0x00, 0x62}, "a" HALF "b"},
    };

    (void)state;
    assert_texts(cases, COUNT(cases));
}

static void a_nul_is_a_character(void **state) {
    static const unsigned char bytes[] = {0x00, 0x61, 0x00, 0x00, 0x00, 0x62};
    struct bytes out = {0};

    (void)state;
    assert_true(national_append(bytes, sizeof bytes, &out));
    assert_int_equal(out.length, 3);
    assert_memory_equal(out.data, "a\0b", 3);
    bytes_free(&out);
}

static void half_a_unit_is_refused(void **state) {
    static const unsigned char bytes[] = {0x00, 0x61, 0x00};
    struct bytes out = {0};

    (void)state;
    assert_false(national_append(bytes, 1, &out));
    assert_false(national_append(bytes, 3, &out));
    assert_int_equal(out.length, 0);
    bytes_free(&out);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_range_has_its_number_of_bytes),
        cmocka_unit_test(a_surrogate_pair_is_one_character),
        cmocka_unit_test(half_a_surrogate_pair_is_replaced),
        cmocka_unit_test(a_nul_is_a_character),
        cmocka_unit_test(half_a_unit_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
