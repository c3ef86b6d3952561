/* Taking back what parts have delivered. */
#define _XOPEN_SOURCE 700 /* mkdtemp */
#include "parts_fixture.h"

static void split_twelve(void) {
    plan_twelve();
    assert_int_equal(hand_out("users", 3), 12);
}

static void copy_file(const char *from, const char *to) {
    char buffer[65536];
    FILE *in = fopen(from, "r");
    FILE *out = fopen(to, "w");
    assert_true(in != NULL && out != NULL);
    for (size_t size; (size = fread(buffer, 1, sizeof buffer, in)) > 0;) {
        assert_int_equal(fwrite(buffer, 1, size, out), size);
    }
    fclose(in);
    assert_int_equal(fclose(out), 0);
}

/* A copy of the part as it is now. */
static const char *keep_copy(int number) {
    static char copy[96];
    snprintf(copy, sizeof copy, "%s/copy.rowpost", folder);
    copy_file(part_path(number), copy);
    return copy;
}

static void outcomes_ids_attempts_and_findings_are_taken(void **state) {
    (void)state;
    split_twelve();
    deliver_part(1, "delivered");
    change_part(1, "UPDATE document SET state = 'different', verdict = 'different' WHERE"
                   " id = (SELECT min(id) FROM document)");
    change_part(1, "INSERT INTO finding (document, found, during, field, planned_value)"
                   " SELECT min(id), 'now', 'apply', 'role', '1' FROM document");
    struct merged merged = merge_number(1);
    assert_int_equal(merged.documents, 4);
    assert_int_equal(merged.taken, 4);
    assert_int_equal(merged.out, 0);
    assert_rows(parent,
                "SELECT state, verdict, count(*), count(target_id) FROM document"
                " WHERE part = 1 GROUP BY state ORDER BY state",
                "delivered|-|3|3\ndifferent|different|1|1");
    assert_rows(parent, "SELECT outcome, count(*) FROM attempt GROUP BY outcome", "delivered|4");
    assert_rows(parent, "SELECT during, field, planned_value FROM finding", "apply|role|1");
    assert_rows(parent, "SELECT DISTINCT state FROM document WHERE part <> 1", "handed out");
}

static void merging_twice_changes_nothing(void **state) {
    (void)state;
    split_twelve();
    deliver_part(1, "delivered");
    merge_number(1);
    struct merged merged = merge_number(1);
    assert_int_equal(merged.taken, 0);
    assert_rows(parent, "SELECT count(*) FROM attempt", "4");
}

static void what_a_part_has_not_ended_stays_handed_out(void **state) {
    (void)state;
    split_twelve();
    deliver_part(2, "unknown");
    struct merged merged = merge_number(2);
    assert_int_equal(merged.out, 4);
    assert_rows(parent, "SELECT state, count(*) FROM document WHERE part = 2 GROUP BY state",
                "handed out|4");
    assert_rows(parent, "SELECT count(*) FROM attempt", "4");
    deliver_part(2, "delivered");
    merged = merge_number(2);
    assert_int_equal(merged.taken, 4);
    assert_int_equal(merged.out, 0);
    assert_rows(parent, "SELECT count(*) FROM attempt", "8");
}

static void an_older_copy_undoes_nothing(void **state) {
    (void)state;
    split_twelve();
    deliver_part(1, "refused");
    const char *old = keep_copy(1);
    deliver_part(1, "delivered");
    merge_number(1);
    struct error error = {0};
    struct merged merged;
    assert_int_equal(merge_part(parent, old, &merged, &error), 0);
    assert_int_equal(merged.taken, 0);
    assert_int_equal(merged.apart, 0);
    merged_free(&merged);
    assert_rows(parent, "SELECT state, count(*) FROM document WHERE part = 1 GROUP BY state",
                "delivered|4");
}

/* A part that continues after a merge: refused there, and then taken by the target. */
static void a_newer_copy_brings_its_outcomes(void **state) {
    (void)state;
    split_twelve();
    deliver_part(1, "refused");
    merge_number(1);
    assert_rows(parent, "SELECT DISTINCT state FROM document WHERE part = 1", "refused");
    deliver_part(1, "delivered");
    assert_int_equal(merge_number(1).taken, 4);
    assert_rows(parent, "SELECT DISTINCT state FROM document WHERE part = 1", "delivered");
}

/* It is running there again: nothing here may send it. */
static void what_a_part_has_begun_again_is_handed_out_again(void **state) {
    (void)state;
    split_twelve();
    deliver_part(1, "refused");
    merge_number(1);
    deliver_part(1, "unknown");
    assert_int_equal(merge_number(1).out, 4);
}

static void what_the_parent_has_done_since_stays(void **state) {
    (void)state;
    split_twelve();
    deliver_part(1, "refused");
    merge_number(1);
    change(parent, "INSERT INTO attempt (document, purpose, started, outcome) SELECT id, 'post',"
                   " 'now', 'delivered' FROM document WHERE part = 1");
    change(parent, "UPDATE document SET state = 'delivered' WHERE part = 1");
    assert_int_equal(merge_number(1).taken, 0);
    deliver_part(1, "refused");
    deliver_part(1, "refused");
    struct merged merged = merge_number(1);
    assert_int_equal(merged.taken, 0);
    assert_int_equal(merged.apart, 4);
    assert_rows(parent, "SELECT DISTINCT state FROM document WHERE part = 1", "delivered");
}

/* Two programs that went on from one part, each with a copy of it. */
static void the_first_of_two_copies_counts(void **state) {
    (void)state;
    split_twelve();
    const char *copy = keep_copy(1);
    deliver_part(1, "delivered");
    merge_number(1);
    copy_file(copy, part_path(1));
    deliver_part(1, "present");
    struct merged merged = merge_number(1);
    assert_int_equal(merged.taken, 0);
    assert_int_equal(merged.apart, 4);
    assert_rows(parent, "SELECT DISTINCT state FROM document WHERE part = 1", "delivered");
}

static void a_part_of_another_workspace_is_refused(void **state) {
    (void)state;
    split_twelve();
    change(parent, "UPDATE part SET token = 'another' WHERE id = 1");
    refuse_merge(part_path(1), ERROR_WORKSPACE, "handed out by another workspace");
}

static void a_workspace_that_is_no_part_is_refused(void **state) {
    (void)state;
    split_twelve();
    refuse_merge(path, ERROR_WORKSPACE, "is not a part of another workspace");
}

static void a_part_of_another_plan_is_refused(void **state) {
    (void)state;
    plan_twelve();
    change(parent, "INSERT INTO setting VALUES ('planned', 'on Monday')");
    hand_out("users", 3);
    change(parent, "UPDATE setting SET value = 'on Tuesday' WHERE name = 'planned'");
    refuse_merge(part_path(1), ERROR_WORKSPACE, "of another plan");
}

static void a_part_that_went_to_another_target_is_refused(void **state) {
    (void)state;
    split_twelve();
    change_part(1, "INSERT INTO setting VALUES ('target', 'http://one')");
    change_part(2, "INSERT INTO setting VALUES ('target', 'http://two')");
    merge_number(1);
    assert_rows(parent, "SELECT value FROM setting WHERE name = 'target'", "http://one");
    refuse_merge(part_path(2), ERROR_WORKSPACE, "another target");
}

static void a_recalled_part_is_refused(void **state) {
    (void)state;
    split_twelve();
    deliver_part(1, "delivered");
    struct error error = {0};
    struct recalled recalled;
    char aside[128];
    assert_int_equal(recall_part(parent, "users", 1, &recalled, &error), 0);
    snprintf(aside, sizeof aside, "%s", text_string(&recalled.set_aside));
    recalled_free(&recalled);
    refuse_merge(aside, ERROR_WORKSPACE, "was recalled");
    assert_rows(parent, "SELECT DISTINCT state FROM document WHERE part = 1", "unknown");
}

/* Only what was not merged is taken back. */
static void what_was_merged_is_not_recalled(void **state) {
    (void)state;
    split_twelve();
    deliver_part(1, "delivered");
    change_part(1, "UPDATE document SET state = 'unknown' WHERE id = (SELECT max(id) FROM"
                   " document)");
    merge_number(1);
    struct error error = {0};
    struct recalled recalled;
    assert_int_equal(recall_part(parent, "users", 1, &recalled, &error), 0);
    recalled_free(&recalled);
    assert_int_equal(recalled.documents, 1);
    assert_rows(parent, "SELECT state, count(*) FROM document WHERE part = 1 GROUP BY state",
                "delivered|3\nunknown|1");
}

static void a_part_that_lacks_a_document_is_refused(void **state) {
    (void)state;
    split_twelve();
    deliver_part(1, "delivered");
    change_part(1, "DELETE FROM document WHERE id = (SELECT min(id) FROM document)");
    refuse_merge(part_path(1), ERROR_BALANCE, "4 documents were handed out in this part; it has 3");
    assert_rows(parent, "SELECT DISTINCT state FROM document", "handed out");
    assert_rows(parent, "SELECT count(*) FROM attempt", "0");
}

/* Refused, retried by the parent in a part of its own: the first part does not count any more. */
static void documents_that_are_in_a_later_part_are_left_alone(void **state) {
    (void)state;
    split_twelve();
    for (int number = 1; number <= 3; number++) {
        deliver_part(number, "refused");
        merge_number(number);
    }
    change(parent, "UPDATE document SET state = 'pending'");
    assert_int_equal(hand_out("users", 2), 12);
    deliver_part(1, "delivered");
    assert_int_equal(merge_number(1).taken, 0);
    assert_rows(parent, "SELECT DISTINCT state FROM document", "handed out");
}

/* A copy of the workspace from before the merge takes the parts as the first did. */
static void attempts_that_were_there_before_the_split_are_not_doubled(void **state) {
    (void)state;
    plan_twelve();
    change(parent, "INSERT INTO attempt (document, purpose, started, outcome) SELECT id, 'post',"
                   " 'before', 'not taken' FROM document");
    hand_out("users", 3);
    deliver_part(3, "delivered");
    assert_int_equal(merge_number(3).taken, 4);
    assert_rows(parent, "SELECT outcome, count(*) FROM attempt GROUP BY outcome",
                "delivered|4\nnot taken|12");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(outcomes_ids_attempts_and_findings_are_taken, close_parent),
        cmocka_unit_test_teardown(merging_twice_changes_nothing, close_parent),
        cmocka_unit_test_teardown(what_a_part_has_not_ended_stays_handed_out, close_parent),
        cmocka_unit_test_teardown(an_older_copy_undoes_nothing, close_parent),
        cmocka_unit_test_teardown(a_newer_copy_brings_its_outcomes, close_parent),
        cmocka_unit_test_teardown(what_a_part_has_begun_again_is_handed_out_again, close_parent),
        cmocka_unit_test_teardown(what_the_parent_has_done_since_stays, close_parent),
        cmocka_unit_test_teardown(the_first_of_two_copies_counts, close_parent),
        cmocka_unit_test_teardown(a_part_of_another_workspace_is_refused, close_parent),
        cmocka_unit_test_teardown(a_workspace_that_is_no_part_is_refused, close_parent),
        cmocka_unit_test_teardown(a_part_of_another_plan_is_refused, close_parent),
        cmocka_unit_test_teardown(a_part_that_went_to_another_target_is_refused, close_parent),
        cmocka_unit_test_teardown(a_recalled_part_is_refused, close_parent),
        cmocka_unit_test_teardown(what_was_merged_is_not_recalled, close_parent),
        cmocka_unit_test_teardown(a_part_that_lacks_a_document_is_refused, close_parent),
        cmocka_unit_test_teardown(documents_that_are_in_a_later_part_are_left_alone, close_parent),
        cmocka_unit_test_teardown(attempts_that_were_there_before_the_split_are_not_doubled,
                                  close_parent),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
