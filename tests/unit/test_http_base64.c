/* Base64: the vectors of RFC 4648, and what is none. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "http/base64.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

static void bytes_are_encoded(void **state) {
    static const char *const cases[][2] = {
        {"", ""},
        {"f", "Zg=="},
        {"fo", "Zm8="},
        {"foo", "Zm9v"},
        {"foob", "Zm9vYg=="},
        {"fooba", "Zm9vYmE="},
        {"foobar", "Zm9vYmFy"},
        {"\xFB\xEF\xFF", "++//"},
        {"Aladdin:open sesame", "QWxhZGRpbjpvcGVuIHNlc2FtZQ=="},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct text out = {0};

        base64_append_encoded(&out, span_of(cases[i][0]));
        assert_string_equal(text_string(&out), cases[i][1]);
        text_free(&out);
    }
}

static void digits_are_decoded(void **state) {
    static const char *const cases[][2] = {
        {"", ""},
        {"Zg", "f"},
        {"Zm8", "fo"},
        {"Zm9v", "foo"},
        {"Zm9vYg", "foob"},
        {"Zm9vYmFy", "foobar"},
        {"--__", "\xFB\xEF\xFF"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct text out = {0};

        assert_int_equal(base64_append_url_decoded(&out, span_of(cases[i][0])), 0);
        assert_string_equal(text_string(&out), cases[i][1]);
        text_free(&out);
    }
}

static void what_is_not_base64url_is_refused(void **state) {
    static const char *const cases[] = {
        "Z",      /* no whole byte */
        "Zm9vY",  /* the same, later */
        "Zh",     /* bits beyond the last byte */
        "Zm9",    /* the same */
        "Zg==",   /* padded */
        "++//",   /* the other alphabet */
        "Zm 9v",  /* a blank */
        "Zm9v\n", /* a line's end */
        "Zm\xC3\xA9",
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct text out = {0};

        assert_int_equal(base64_append_url_decoded(&out, span_of(cases[i])), -1);
        text_free(&out);
    }
    struct text out = {0};
    assert_int_equal(base64_append_url_decoded(&out, (struct span){"Zm\0v", 4}), -1);
    text_free(&out);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bytes_are_encoded),
        cmocka_unit_test(digits_are_decoded),
        cmocka_unit_test(what_is_not_base64url_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
