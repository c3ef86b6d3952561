#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/shell_word.h"

static void assert_word(const char *word, const char *expected) {
    struct text out = {0};
    shell_word_append(&out, span_of(word));
    assert_string_equal(text_string(&out), expected);
    text_free(&out);
}

static void a_plain_word_stays_as_it_is(void **state) {
    (void)state;
    assert_word("./site/12_5_0-pre2.rowpost", "./site/12_5_0-pre2.rowpost");
    assert_word("https://host:8080/valdb", "https://host:8080/valdb");
}

static void what_a_shell_would_take_for_its_own_is_quoted(void **state) {
    (void)state;
    assert_word("site of 2023.rowpost", "'site of 2023.rowpost'");
    assert_word("$(id)", "'$(id)'");
    assert_word("*.db", "'*.db'");
    assert_word("~me", "'~me'");
    assert_word("", "''");
}

static void a_quote_ends_the_quotes_for_itself(void **state) {
    (void)state;
    assert_word("it's", "'it'\\''s'");
}

static void a_word_with_more_than_its_dash_is_an_option(void **state) {
    (void)state;
    assert_true(shell_word_is_option(span_of("-k")));
    assert_true(shell_word_is_option(span_of("--")));
    assert_false(shell_word_is_option(span_of("-")));
    assert_false(shell_word_is_option(span_of("k-")));
    assert_false(shell_word_is_option(span_of("")));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_plain_word_stays_as_it_is),
        cmocka_unit_test(what_a_shell_would_take_for_its_own_is_quoted),
        cmocka_unit_test(a_quote_ends_the_quotes_for_itself),
        cmocka_unit_test(a_word_with_more_than_its_dash_is_an_option),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
