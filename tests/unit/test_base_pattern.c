#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/pattern.h"

static pcre2_code *compile(const char *expression) {
    int problem;
    PCRE2_SIZE offset;
    pcre2_code *code =
        pcre2_compile((PCRE2_SPTR)expression, PCRE2_ZERO_TERMINATED, 0, &problem, &offset, NULL);
    assert_non_null(code);
    pcre2_jit_compile(code, PCRE2_JIT_COMPLETE);
    return code;
}

static enum match look_for(const char *expression, struct span text, pcre2_match_context *limits) {
    pcre2_code *code = compile(expression);
    pcre2_match_data *match = pcre2_match_data_create(1, NULL);
    enum match result = pattern_match(code, text, 0, 0, match, limits);
    pcre2_match_data_free(match);
    pcre2_code_free(code);
    return result;
}

static void what_is_there_is_found(void **state) {
    (void)state;
    assert_int_equal(look_for("b+", span_of("abbc"), NULL), MATCH_FOUND);
    assert_int_equal(look_for("d", span_of("abbc"), NULL), MATCH_ABSENT);
}

/* Each `ab` of the group needs a place on the stack of the compiled code, which has 32 KiB. */
static void a_text_too_long_for_the_stack_of_compiled_code_is_found(void **state) {
    (void)state;
    enum { PAIRS = 100000 };
    char *text = malloc(2 * PAIRS + 1);
    assert_non_null(text);
    for (size_t i = 0; i < PAIRS; i++) {
        memcpy(text + 2 * i, "ab", 2);
    }
    text[(size_t)2 * PAIRS] = 'c';
    assert_int_equal(look_for("^(a|b|ab)+c$", (struct span){text, 2 * PAIRS + 1}, NULL),
                     MATCH_FOUND);
    free(text);
}

static void too_many_steps_are_not_absence(void **state) {
    (void)state;
    pcre2_match_context *limits = pcre2_match_context_create(NULL);
    assert_non_null(limits);
    pcre2_set_match_limit(limits, 100);
    assert_int_equal(look_for("^(a+)+$", span_of("aaaaaaaaaaaaaaaaaaaaaaaaaaab"), limits),
                     MATCH_TOO_LONG);
    pcre2_match_context_free(limits);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_there_is_found),
        cmocka_unit_test(a_text_too_long_for_the_stack_of_compiled_code_is_found),
        cmocka_unit_test(too_many_steps_are_not_absence),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
