#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/nearest.h"

static const char *const verbs[] = {"plan", "apply", "verify", "people", "report", "rejects", NULL};

/* The verb that is offered for what was typed, or NULL. */
static const char *offered_for(const char *typed) {
    struct nearest nearest = nearest_to(span_of(typed));
    for (const char *const *verb = verbs; *verb != NULL; verb++) {
        nearest_offer(&nearest, *verb);
    }
    return nearest.word;
}

static void one_slip_is_one_step(void **state) {
    (void)state;
    assert_int_equal(nearest_distance(span_of("apply"), span_of("apply")), 0);
    assert_int_equal(nearest_distance(span_of("aply"), span_of("apply")), 1);
    assert_int_equal(nearest_distance(span_of("appply"), span_of("apply")), 1);
    assert_int_equal(nearest_distance(span_of("abply"), span_of("apply")), 1);
    assert_int_equal(nearest_distance(span_of("palpy"), span_of("apply")), 2);
    assert_int_equal(nearest_distance(span_of("aplpy"), span_of("apply")), 1);
}

static void case_is_no_slip(void **state) {
    (void)state;
    assert_int_equal(nearest_distance(span_of("APPLY"), span_of("apply")), 0);
}

static void what_is_longer_than_any_word_is_far(void **state) {
    (void)state;
    char word[NEAREST_FAR + 2];
    memset(word, 'a', sizeof word - 1);
    word[sizeof word - 1] = '\0';
    assert_int_equal(nearest_distance(span_of(word), span_of("a")), NEAREST_FAR);
    assert_null(offered_for(word));
}

static void the_nearest_word_is_offered(void **state) {
    (void)state;
    assert_string_equal(offered_for("verfiy"), "verify");
    assert_string_equal(offered_for("poeple"), "people");
}

static void a_word_that_was_cut_short_is_offered(void **state) {
    (void)state;
    assert_string_equal(offered_for("rep"), "report");
    assert_null(offered_for("r"));
}

static void nothing_is_offered_where_nothing_is_near(void **state) {
    (void)state;
    assert_null(offered_for("deliver"));
    assert_null(offered_for(""));
}

static void the_question_is_empty_where_nothing_is_near(void **state) {
    (void)state;
    struct text out = {0};
    struct nearest nearest = nearest_to(span_of("fomr"));
    nearest_append(&nearest, "--", &out);
    assert_int_equal(out.length, 0);
    nearest_offer(&nearest, "form");
    nearest_append(&nearest, "--", &out);
    assert_string_equal(text_string(&out), "; did you mean --form?");
    text_free(&out);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_slip_is_one_step),
        cmocka_unit_test(case_is_no_slip),
        cmocka_unit_test(what_is_longer_than_any_word_is_far),
        cmocka_unit_test(the_nearest_word_is_offered),
        cmocka_unit_test(a_word_that_was_cut_short_is_offered),
        cmocka_unit_test(nothing_is_offered_where_nothing_is_near),
        cmocka_unit_test(the_question_is_empty_where_nothing_is_near),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
