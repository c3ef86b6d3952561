/* The words that a workspace stores. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "workspace/state.h"

static void every_state_has_its_word(void **state) {
    (void)state;
    static const char *const words[STATE_COUNT] = {
        "pending",   "sending", "unknown",   "delivered",  "present",
        "different", "refused", "duplicate", "handed out", "waiting"};
    for (enum state one = 0; one < STATE_COUNT; one++) {
        assert_string_equal(state_name(one), words[one]);
        assert_int_equal(state_of(span_of(words[one])), one);
    }
}

static void every_verdict_has_its_word(void **state) {
    (void)state;
    static const char *const words[VERDICT_COUNT] = {NULL,        "equal",   "not compared",
                                                     "different", "missing", "duplicate"};
    assert_null(verdict_name(VERDICT_NONE));
    for (enum verdict one = 0; one < VERDICT_COUNT; one++) {
        assert_int_equal(verdict_of(span_of(words[one])), one);
    }
    assert_string_equal(verdict_name(VERDICT_EQUAL), "equal");
    assert_string_equal(verdict_name(VERDICT_DIFFERENT), "different");
    assert_string_equal(verdict_name(VERDICT_MISSING), "missing");
}

static void every_change_has_its_word(void **state) {
    (void)state;
    assert_null(change_name(CHANGE_NONE));
    assert_string_equal(change_name(CHANGE_CHANGED), "changed");
    assert_string_equal(change_name(CHANGE_GONE), "gone");
    assert_int_equal(change_of((struct span){0}), CHANGE_NONE);
    assert_int_equal(change_of(span_of("changed")), CHANGE_CHANGED);
    assert_int_equal(change_of(span_of("gone")), CHANGE_GONE);
}

/* Each word of an enum is its own, and is read back. */
#define assert_words(type, count, name, of)                                                        \
    for (type one = 0; one < (count); one++) {                                                     \
        assert_non_null(name(one));                                                                \
        assert_int_equal(of(span_of(name(one))), one);                                             \
    }                                                                                              \
    assert_int_equal(of(span_of("nonsense")), (count))

static void the_words_of_attempts_rows_and_persons_are_read_back(void **state) {
    (void)state;
    assert_words(enum purpose, PURPOSE_COUNT, purpose_name, purpose_of);
    assert_words(enum attempt_outcome, ATTEMPT_OUTCOME_COUNT, attempt_outcome_name,
                 attempt_outcome_of);
    assert_words(enum row_outcome, OUTCOME_COUNT, row_outcome_name, row_outcome_of);
    assert_words(enum person_outcome, PERSON_OUTCOME_COUNT, person_outcome_name, person_outcome_of);
    assert_string_equal(purpose_name(PURPOSE_LOOK_UP), "look up");
    assert_string_equal(attempt_outcome_name(ATTEMPT_NOT_API), "not the API");
    assert_string_equal(row_outcome_name(OUTCOME_REJECTED), "rejected");
    assert_string_equal(person_outcome_name(PERSON_OF_ADDRESSES), "several addresses");
}

static void another_word_is_none_of_them(void **state) {
    (void)state;
    assert_int_equal(state_of(span_of("Pending")), STATE_COUNT);
    assert_int_equal(state_of((struct span){0}), STATE_COUNT);
    assert_int_equal(verdict_of(span_of("")), VERDICT_COUNT);
    assert_int_equal(change_of(span_of("new")), CHANGE_COUNT);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_state_has_its_word),
        cmocka_unit_test(every_verdict_has_its_word),
        cmocka_unit_test(every_change_has_its_word),
        cmocka_unit_test(the_words_of_attempts_rows_and_persons_are_read_back),
        cmocka_unit_test(another_word_is_none_of_them),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
