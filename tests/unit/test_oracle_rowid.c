/* Rowids as Oracle prints them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "oracle/values.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

static void a_rowid_has_eighteen_characters(void **state) {
    static const struct {
        struct rowid rowid;
        const char *text;
    } cases[] = {
        {{0, 0, 0, 0}, "AAAAAAAAAAAAAAAAAA"},
        {{1, 1, 1, 1}, "AAAAABAABAAAAABAAB"},
        {{0x12D6A, 4, 0x1A3, 7}, "AAAS1qAAEAAAAGjAAH"},
        /* a rowid of the SQL Language Reference */
        {{1704, 19, 6871, 0}, "AAAAaoAATAAABrXAAA"},
        {{UINT32_MAX, UINT16_MAX, UINT32_MAX, UINT16_MAX}, "D/////P//D/////P//"},
        {{62, 63, 25, 26}, "AAAAA+AA/AAAAAZAAa"},
    };
    struct bytes out = {0};

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        bytes_clear(&out);
        rowid_append(&cases[i].rowid, &out);
        assert_string_equal(bytes_text(&out), cases[i].text);
        assert_int_equal(out.length, ROWID_LENGTH);
    }
    bytes_free(&out);
}

struct universal_case {
    size_t length;
    unsigned char bytes[16];
    const char *text;
};

static void a_universal_rowid_has_its_kind(void **state) {
    static const struct universal_case cases[] = {
        {13, {1, 0, 1, 0x2D, 0x6A, 0, 4, 0, 0, 1, 0xA3, 0, 7}, "AAAS1qAAEAAAAGjAAH"},
        {13, {1, 0, 0, 6, 0xA8, 0, 19, 0, 0, 0x1A, 0xD7, 0, 0}, "AAAAaoAATAAABrXAAA"},
        {1, {2}, "*"},
        {2, {2, 'f'}, "*Zg"},
        {3, {2, 'f', 'o'}, "*Zm8"},
        {4, {2, 'f', 'o', 'o'}, "*Zm9v"},
        {5, {2, 'f', 'o', 'o', 'b'}, "*Zm9vYg"},
        {7, {2, 'f', 'o', 'o', 'b', 'a', 'r'}, "*Zm9vYmFy"},
        {4, {2, 0xFB, 0xEF, 0xFF}, "*++//"},
    };
    struct bytes out = {0};

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        bytes_clear(&out);
        assert_true(universal_rowid_append(cases[i].bytes, cases[i].length, &out));
        assert_string_equal(bytes_text(&out), cases[i].text);
    }
    bytes_free(&out);
}

static void a_rowid_of_another_size_is_refused(void **state) {
    static const unsigned char bytes[14] = {1};
    struct bytes out = {0};

    (void)state;
    for (size_t length = 0; length <= sizeof bytes; length++) {
        assert_int_equal(universal_rowid_append(bytes, length, &out), length == 13);
    }
    assert_string_equal(bytes_text(&out), "AAAAAAAAAAAAAAAAAA");
    bytes_free(&out);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_rowid_has_eighteen_characters),
        cmocka_unit_test(a_universal_rowid_has_its_kind),
        cmocka_unit_test(a_rowid_of_another_size_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
