#include "http/secret.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static const char secret[] = "ab+c/d=e";

/* What a server answers, and what is kept of it. */
static const struct {
    const char *answer;
    const char *kept;
} cases[] = {
    {"token ab+c/d=e is old", "token ******** is old"},
    {"ab+c/d=e ab+c/d=e", "******** ********"},
    {"\"ab+c\\/d=e\"", "\"*********\""},
    {"\"ab\\u002bc\\u002Fd\\u003de\"", "\""
                                       "***********************"
                                       "\""},
    {"?t=ab%2Bc%2fd%3De&x=1", "?t=**************&x=1"},
    {"<b>ab&#43;c&#x2F;d=e</b>", "<b>*****************</b>"},
    {"ab+c\\/d%3De", "***********"},
    {"ab+c/d=", "ab+c/d="},
    {"ab+c/D=e", "ab+c/D=e"},
    {"ab%2", "ab%2"},
    {"ab\\u002", "ab\\u002"},
    {"", ""},
};

static void a_secret_is_masked_in_whatever_notation_it_is_repeated(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct text text = {0};
        text_append_string(&text, cases[i].answer);
        secret_mask_word(&text, span_of(secret));
        assert_string_equal(text_string(&text), cases[i].kept);
        text_free(&text);
    }
}

static void a_short_word_is_no_secret(void **state) {
    (void)state;
    struct text text = {0};
    text_append_string(&text, "12345 and so on");
    secret_mask_word(&text, span_of("12345"));
    assert_string_equal(text_string(&text), "12345 and so on");
    text_free(&text);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_secret_is_masked_in_whatever_notation_it_is_repeated),
        cmocka_unit_test(a_short_word_is_no_secret),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
