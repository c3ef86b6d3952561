#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

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

static void assert_folds(void (*fold)(struct span, struct text *), const char *input,
                         const char *expected) {
    struct text out = {0};
    fold(span_of(input), &out);
    assert_string_equal(text_string(&out), expected);
    text_free(&out);
}

/* Every way in which one login is written, between and around its letters. */
static void nothing_invisible_blank_or_upper_case_is_in_a_key(void **state) {
    (void)state;
    static const char *const unseen[] = {
        "\xE2\x80\x8B", "\xE2\x80\x8C", "\xE2\x80\x8D", "\xE2\x81\xA0", "\xEF\xBB\xBF",
        "\xC2\xAD",     "\xE2\x80\x8E", "\xE2\x80\xAE", "\xEF\xB8\x8F", "\xE1\xA0\x8E"};
    static const char *const blanks[] = {
        " ",        "  ",           "\t",           "\r\n",         "\xC2\xA0",
        "\xC2\x85", "\xE2\x80\x83", "\xE2\x80\xAF", "\xE3\x80\x80", "\xE2\x80\x8B \xE2\x80\x8B"};
    char text[64];
    for (size_t i = 0; i < sizeof unseen / sizeof *unseen; i++) {
        for (size_t j = 0; j < sizeof blanks / sizeof *blanks; j++) {
            snprintf(text, sizeof text, "%s%sJs%sMith%s%s", unseen[i], blanks[j], unseen[i],
                     blanks[j], unseen[i]);
            assert_folds(fold_key, text, "jsmith");
            assert_folds(fold_spelling, text, "JsMith");
            snprintf(text, sizeof text, "J.%s%sSmith", unseen[i], blanks[j]);
            assert_folds(fold_key, text, "j. smith");
        }
    }
}

static void equivalent_spellings_have_one_key(void **state) {
    (void)state;
    assert_folds(fold_key, "JOSE\xCC\x81", "jos\xC3\xA9"); /* E, acute */
    assert_folds(fold_key, "Jos\xC3\x89", "jos\xC3\xA9");  /* one character */
    assert_folds(fold_key, "J\xCC\x8C", "\xC7\xB0");       /* composed only in lower case */
    assert_folds(fold_key, "\xE2\x84\xAA", "k");           /* Kelvin sign */
    assert_folds(fold_key, "\xCE\xA3\xCF\x82", "\xCF\x83\xCF\x83"); /* both small sigmas */
    assert_folds(fold_key,
                 "Stra\xC3\x9F"
                 "e",
                 "strasse");
    assert_folds(fold_spelling, "Jose\xCC\x81", "Jos\xC3\xA9");
}

static void a_key_keeps_accents_and_punctuation(void **state) {
    (void)state;
    assert_folds(fold_key, "Zo\xC3\xAB-Anna O'Neil_2", "zo\xC3\xAB-anna o'neil_2");
}

static void a_text_of_nothing_that_is_seen_has_the_empty_key(void **state) {
    (void)state;
    assert_folds(fold_key, "", "");
    assert_folds(fold_key, " \xC2\xA0\xE2\x80\x8B\t", "");
}

static void a_text_that_is_not_utf8_has_its_own_key(void **state) {
    (void)state;
    assert_folds(fold_key, " A\xFF  b ", "a\xFF b");
    assert_folds(fold_spelling, " A\xFF  b ", "A\xFF b");
    assert_folds(fold_likeness, "A\xFF", "");
}

static void what_is_nearly_equal_has_one_likeness(void **state) {
    (void)state;
    static const char *const near[] = {
        "jsmith",
        "J. Smith",
        "j_smith",
        "j-s.m'i,th",
        "js\xE2\x80\x8Bmith",
        "js m\xC3\xADth",    /* an acute */
        "\xEF\xBC\xAAsmith", /* full width */
        "j\xD1\x95mith",     /* Cyrillic dze */
        "jsm\xC4\xB1th",     /* dotless i */
        "\xD0\x88SMITH",     /* Cyrillic je */
        "jsm\x07ith",
    };
    for (size_t i = 0; i < sizeof near / sizeof *near; i++) {
        assert_folds(fold_likeness, near[i], "jsmith");
    }
    assert_folds(fold_likeness, "jsmith2", "jsmith2");
    assert_folds(fold_likeness, "...", "");
}

static void what_cannot_be_seen_is_known(void **state) {
    (void)state;
    static const char *const unseen[] = {"a\xE2\x80\x8B",
                                         "\xC2\xA0"
                                         "a",
                                         "a\x07",
                                         "\xEF\xBB\xBF"
                                         "a",
                                         "a\xC2\xAD"
                                         "b",
                                         "a\x7F"};
    static const char *const seen[] = {"a b",       " a\t",     "a\r\nb",           "Zo\xC3\xAB",
                                       "e\xCC\x81", "\xD0\xBE", "\xF0\x9F\x98\x80", "\xFF",
                                       ""};
    for (size_t i = 0; i < sizeof unseen / sizeof *unseen; i++) {
        assert_true(fold_has_unseen(span_of(unseen[i])));
    }
    for (size_t i = 0; i < sizeof seen / sizeof *seen; i++) {
        assert_false(fold_has_unseen(span_of(seen[i])));
    }
}

static void an_odd_character_is_shown_by_its_number(void **state) {
    (void)state;
    assert_folds(fold_append_visible, "js\xE2\x80\x8Bmith", "\"js<U+200B>mith\"");
    assert_folds(fold_append_visible,
                 "\xC2\xA0"
                 "boss ",
                 "\"<U+00A0>boss \"");
    assert_folds(fold_append_visible, "a\tb\nc", "\"a<U+0009>b<U+000A>c\"");
    assert_folds(fold_append_visible, "b\xD0\xBEss", "\"b<U+043E>ss\"");
    assert_folds(fold_append_visible, "\xD0\x98\xD0\xBE", "\"\xD0\x98\xD0\xBE\"");
    assert_folds(fold_append_visible, "Zo\xC3\xAB \xC5\x81", "\"Zo\xC3\xAB \xC5\x81\"");
    assert_folds(fold_append_visible, "a\xFF\xC3", "\"a<0xFF><0xC3>\"");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ascii_letters_become_lower_case),
        cmocka_unit_test(letters_of_every_alphabet_become_lower_case),
        cmocka_unit_test(what_has_no_case_stays),
        cmocka_unit_test(runs_of_white_space_become_one_blank),
        cmocka_unit_test(folding_appends),
        cmocka_unit_test(nothing_invisible_blank_or_upper_case_is_in_a_key),
        cmocka_unit_test(equivalent_spellings_have_one_key),
        cmocka_unit_test(a_key_keeps_accents_and_punctuation),
        cmocka_unit_test(a_text_of_nothing_that_is_seen_has_the_empty_key),
        cmocka_unit_test(a_text_that_is_not_utf8_has_its_own_key),
        cmocka_unit_test(what_is_nearly_equal_has_one_likeness),
        cmocka_unit_test(what_cannot_be_seen_is_known),
        cmocka_unit_test(an_odd_character_is_shown_by_its_number),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
