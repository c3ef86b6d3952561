#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/fold.h"

static void assert_case(const char *input, const char *expected) {
    struct text out = {0};
    fold_case(span_of(input), &out);
    assert_string_equal(text_string(&out), expected);
    text_free(&out);
}

static void assert_blanks(const char *input, const char *expected) {
    struct text out = {0};
    fold_blanks(span_of(input), &out);
    assert_string_equal(text_string(&out), expected);
    text_free(&out);
}

static void ascii_letters_become_lower_case(void **state) {
    (void)state;
    assert_case("@AZ[`az{09_", "@az[`az{09_");
}

static void letters_of_every_alphabet_become_lower_case(void **state) {
    (void)state;
    assert_case("\xC3\x89\xC3\x96\xC3\x98", "\xC3\xA9\xC3\xB6\xC3\xB8"); /* Latin-1 */
    assert_case("\xC5\x81\xC5\x9E\xC5\xB8", "\xC5\x82\xC5\x9F\xC3\xBF"); /* Latin A */
    assert_case("\xCE\xA3\xCE\x8F", "\xCF\x83\xCF\x8E");                 /* Greek */
    assert_case("\xD0\x81\xD0\x96", "\xD1\x91\xD0\xB6");                 /* Cyrillic */
    assert_case("\xF0\x90\x90\x80", "\xF0\x90\x90\xA8");                 /* Deseret */
    assert_case("\xE1\xBA\x9E", "\xC3\x9F");                             /* sharp s */
}

static void what_has_no_case_stays(void **state) {
    (void)state;
    assert_case("\xC3\x97 \xE4\xBD\xA0\xF0\x9F\x98\x80", "\xC3\x97 \xE4\xBD\xA0\xF0\x9F\x98\x80");
    assert_case("A\xFF\xC3", "a\xFF\xC3");
}

static void runs_of_white_space_become_one_blank(void **state) {
    (void)state;
    assert_blanks("  First9 \t\xC2\xA0 LAST9\r\n", "First9 LAST9");
    assert_blanks("one", "one");
    assert_blanks(" \n ", "");
    assert_blanks("", "");
}

static void folding_appends(void **state) {
    (void)state;
    struct text out = {0};
    text_append_string(&out, "name=");
    fold_case(span_of("A"), &out);
    fold_blanks(span_of(" b "), &out);
    assert_string_equal(text_string(&out), "name=ab");
    text_free(&out);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ascii_letters_become_lower_case),
        cmocka_unit_test(letters_of_every_alphabet_become_lower_case),
        cmocka_unit_test(what_has_no_case_stays),
        cmocka_unit_test(runs_of_white_space_become_one_blank),
        cmocka_unit_test(folding_appends),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
