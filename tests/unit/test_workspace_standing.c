/* What a document's state, verdict and change amount to. */
#define _XOPEN_SOURCE 700 /* mkdtemp */
#include "workspace_fixture.h"

#include "workspace/standing.h"

static void assert_standing(enum state state, enum verdict verdict, enum change change,
                            enum standing expected) {
    enum standing found = standing_of(state, verdict, change);
    if (found != expected) {
        fail_msg("state %d, verdict %d, change %d is %s, not %s", (int)state, (int)verdict,
                 (int)change, standing_meanings[found].name, standing_meanings[expected].name);
    }
}

static void what_was_not_sent_is_open(void **state) {
    (void)state;
    assert_standing(STATE_PENDING, VERDICT_NONE, CHANGE_NONE, STANDING_PENDING);
    assert_int_equal(standing_class_of(STATE_PENDING, VERDICT_NONE, CHANGE_NONE), CLASS_OPEN);
}

/* Open, but not this workspace's to send. */
static void what_is_handed_out_is_open_and_not_due(void **state) {
    (void)state;
    assert_standing(STATE_HANDED_OUT, VERDICT_NONE, CHANGE_NONE, STANDING_HANDED_OUT);
    assert_standing(STATE_HANDED_OUT, VERDICT_EQUAL, CHANGE_CHANGED, STANDING_HANDED_OUT);
    assert_int_equal(standing_meanings[STANDING_HANDED_OUT].class, CLASS_OPEN);
    for (enum standing one = 0; one < STANDING_COUNT; one++) {
        assert_int_equal(standing_meanings[one].is_due, one == STANDING_PENDING ||
                                                            one == STANDING_WAITING ||
                                                            one == STANDING_UNCLEAR);
    }
}

static void what_waits_for_a_record_is_tried_again_and_shown(void **state) {
    (void)state;
    assert_standing(STATE_WAITING, VERDICT_NONE, CHANGE_NONE, STANDING_WAITING);
    assert_standing(STATE_WAITING, VERDICT_NONE, CHANGE_GONE, STANDING_LEFT_OUT);
    assert_int_equal(standing_meanings[STANDING_WAITING].class, CLASS_OPEN);
    assert_true(standing_meanings[STANDING_WAITING].wants_attention);
}

static void what_is_on_its_way_is_unclear(void **state) {
    (void)state;
    static const enum state states[] = {STATE_SENDING, STATE_UNKNOWN, STATE_COUNT};
    for (size_t i = 0; i < sizeof states / sizeof *states; i++) {
        assert_standing(states[i], VERDICT_NONE, CHANGE_NONE, STANDING_UNCLEAR);
        assert_int_equal(standing_class_of(states[i], VERDICT_EQUAL, CHANGE_NONE), CLASS_UNCLEAR);
    }
}

static void what_a_person_has_to_look_at_is_bad(void **state) {
    (void)state;
    assert_standing(STATE_REFUSED, VERDICT_NONE, CHANGE_NONE, STANDING_REFUSED);
    assert_standing(STATE_DIFFERENT, VERDICT_NONE, CHANGE_NONE, STANDING_DIFFERENT);
    assert_standing(STATE_DELIVERED, VERDICT_DIFFERENT, CHANGE_NONE, STANDING_ALTERED);
    assert_standing(STATE_DELIVERED, VERDICT_DUPLICATE, CHANGE_NONE, STANDING_DUPLICATE);
    assert_standing(STATE_DUPLICATE, VERDICT_NONE, CHANGE_NONE, STANDING_DUPLICATE);
    assert_standing(STATE_PRESENT, VERDICT_MISSING, CHANGE_NONE, STANDING_MISSING);
    for (enum standing one = STANDING_REFUSED; one <= STANDING_MISSING; one++) {
        assert_int_equal(standing_meanings[one].class, CLASS_BAD);
        assert_true(standing_meanings[one].wants_attention);
    }
}

static void what_the_target_has_as_planned_is_well(void **state) {
    (void)state;
    assert_standing(STATE_DELIVERED, VERDICT_NONE, CHANGE_NONE, STANDING_UNREAD);
    assert_standing(STATE_PRESENT, VERDICT_EQUAL, CHANGE_NONE, STANDING_EQUAL);
    assert_int_equal(standing_class_of(STATE_DELIVERED, VERDICT_NONE, CHANGE_NONE), CLASS_WELL);
    assert_int_equal(standing_class_of(STATE_PRESENT, VERDICT_EQUAL, CHANGE_NONE), CLASS_WELL);
}

/* A verdict is about the record that the target had; what is not there any more has none. */
static void a_verdict_counts_only_for_what_the_target_has(void **state) {
    (void)state;
    assert_standing(STATE_PENDING, VERDICT_MISSING, CHANGE_NONE, STANDING_PENDING);
    assert_standing(STATE_REFUSED, VERDICT_EQUAL, CHANGE_NONE, STANDING_REFUSED);
    assert_standing(STATE_UNKNOWN, VERDICT_DIFFERENT, CHANGE_NONE, STANDING_UNCLEAR);
}

static void a_duplicate_is_over_once_it_was_read_back_alone(void **state) {
    (void)state;
    assert_standing(STATE_DUPLICATE, VERDICT_EQUAL, CHANGE_NONE, STANDING_EQUAL);
    assert_standing(STATE_DUPLICATE, VERDICT_DIFFERENT, CHANGE_NONE, STANDING_ALTERED);
    assert_standing(STATE_DUPLICATE, VERDICT_EQUAL, CHANGE_GONE, STANDING_STRANDED);
}

static void another_plan_changes_only_what_is_as_it_was_sent(void **state) {
    (void)state;
    assert_standing(STATE_DELIVERED, VERDICT_EQUAL, CHANGE_CHANGED, STANDING_CHANGED);
    assert_standing(STATE_PRESENT, VERDICT_NONE, CHANGE_CHANGED, STANDING_CHANGED);
    assert_standing(STATE_DELIVERED, VERDICT_MISSING, CHANGE_CHANGED, STANDING_MISSING);
    assert_standing(STATE_DIFFERENT, VERDICT_NONE, CHANGE_CHANGED, STANDING_DIFFERENT);
    assert_standing(STATE_PENDING, VERDICT_NONE, CHANGE_CHANGED, STANDING_PENDING);
}

static void what_is_planned_no_more_is_stranded_where_the_target_may_have_it(void **state) {
    (void)state;
    assert_standing(STATE_DELIVERED, VERDICT_MISSING, CHANGE_GONE, STANDING_STRANDED);
    assert_standing(STATE_SENDING, VERDICT_NONE, CHANGE_GONE, STANDING_STRANDED);
    assert_standing(STATE_UNKNOWN, VERDICT_NONE, CHANGE_GONE, STANDING_STRANDED);
    assert_standing(STATE_PENDING, VERDICT_NONE, CHANGE_GONE, STANDING_LEFT_OUT);
    assert_standing(STATE_REFUSED, VERDICT_NONE, CHANGE_GONE, STANDING_LEFT_OUT);
    assert_standing(STATE_PRESENT, VERDICT_NONE, CHANGE_GONE, STANDING_LEFT_OUT);
}

/* Every word that a file can hold, those that the program does not know included. */
static void the_function_of_sql_says_the_same(void **state) {
    (void)state;
    struct workspace *workspace = open_it();
    for (enum state one = 0; one <= STATE_COUNT; one++) {
        for (enum verdict verdict = 0; verdict <= VERDICT_COUNT; verdict++) {
            for (enum change change_of_it = 0; change_of_it <= CHANGE_COUNT; change_of_it++) {
                enum standing standing = standing_of(one, verdict, change_of_it);
                struct statement statement;
                struct error error = {0};
                assert_int_equal(statement_prepare(&statement, workspace_database(workspace),
                                                   "SELECT standing(?1, ?2, ?3),"
                                                   " is_sent(?1, ?2, ?3)",
                                                   &error),
                                 0);
                statement_bind_string(&statement, 1, one == STATE_COUNT ? "?" : state_name(one));
                statement_bind_string(&statement, 2,
                                      verdict == VERDICT_COUNT ? "?" : verdict_name(verdict));
                statement_bind_string(
                    &statement, 3, change_of_it == CHANGE_COUNT ? "?" : change_name(change_of_it));
                assert_int_equal(statement_step(&statement, &error), 1);
                assert_int_equal(statement_integer(&statement, 0), standing);
                assert_int_equal(statement_integer(&statement, 1),
                                 standing_meanings[standing].is_sent);
                statement_finalize(&statement);
            }
        }
    }
    workspace_close(workspace);
}

static void what_is_there_and_not_compared_is_not_equal(void **state) {
    (void)state;
    assert_standing(STATE_DELIVERED, VERDICT_NOT_COMPARED, CHANGE_NONE, STANDING_NOT_COMPARED);
    assert_standing(STATE_DUPLICATE, VERDICT_NOT_COMPARED, CHANGE_NONE, STANDING_NOT_COMPARED);
    assert_int_equal(standing_meanings[STANDING_NOT_COMPARED].class, CLASS_WELL);
    assert_true(standing_meanings[STANDING_NOT_COMPARED].is_sent);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_there_and_not_compared_is_not_equal),
        cmocka_unit_test(what_was_not_sent_is_open),
        cmocka_unit_test(what_is_handed_out_is_open_and_not_due),
        cmocka_unit_test(what_waits_for_a_record_is_tried_again_and_shown),
        cmocka_unit_test(what_is_on_its_way_is_unclear),
        cmocka_unit_test(what_a_person_has_to_look_at_is_bad),
        cmocka_unit_test(what_the_target_has_as_planned_is_well),
        cmocka_unit_test(a_verdict_counts_only_for_what_the_target_has),
        cmocka_unit_test(a_duplicate_is_over_once_it_was_read_back_alone),
        cmocka_unit_test(another_plan_changes_only_what_is_as_it_was_sent),
        cmocka_unit_test(what_is_planned_no_more_is_stranded_where_the_target_may_have_it),
        cmocka_unit_test_teardown(the_function_of_sql_says_the_same, empty_folder),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
