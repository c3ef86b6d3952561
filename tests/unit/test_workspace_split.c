/* Handing documents out in parts, and recalling a part. */
#define _XOPEN_SOURCE 700 /* mkdtemp */
#include "parts_fixture.h"

#include <sys/stat.h>

#include "workspace/parts.h"

/* What the part has, as assert_rows() writes it. */
static void assert_part_rows(int number, const char *sql, const char *expected) {
    struct error error = {0};
    struct workspace *part = workspace_open_for_reading(part_path(number), &error);
    if (part == NULL) {
        fail_msg("%s", error.message);
    }
    assert_rows(part, sql, expected);
    workspace_close(part);
}

static void refuse_split(const char *kind, int64_t parts, const char *words) {
    struct error error = {0};
    struct split_result result;
    const struct split_order order = {.kind = kind, .parts = parts, .folder = folder};
    assert_int_equal(split_hand_out(parent, &order, &result, &error), -1);
    split_result_free(&result);
    if (strstr(error.message, words) == NULL) {
        fail_msg("\"%s\" does not say \"%s\"", error.message, words);
    }
}

static void every_document_is_in_one_part_with_its_body(void **state) {
    (void)state;
    plan_twelve();
    assert_int_equal(hand_out("users", 3), 12);
    assert_rows(parent, "SELECT count(*), sum(documents) FROM part", "3|12");
    assert_rows(parent, "SELECT DISTINCT state FROM document", "handed out");
    char sql[512];
    for (int number = 1; number <= 3; number++) {
        snprintf(sql, sizeof sql, "ATTACH '%s' AS part", part_path(number));
        change(parent, sql);
        snprintf(sql, sizeof sql,
                 "SELECT count(*) FROM (SELECT id, key FROM main.document WHERE part = %d"
                 " EXCEPT SELECT d.id, d.key FROM part.document d JOIN part.body p"
                 "  ON p.document = d.id JOIN main.body b USING (document, body)"
                 "  WHERE d.state = 'pending' AND d.part IS NULL)",
                 number);
        assert_rows(parent, sql, "0");
        snprintf(sql, sizeof sql,
                 "SELECT (SELECT documents FROM main.part WHERE id = %d) ="
                 " (SELECT count(*) FROM part.document)",
                 number);
        assert_rows(parent, sql, "1");
        change(parent, "DETACH part");
    }
}

static void a_part_knows_its_number_and_its_parent(void **state) {
    (void)state;
    plan_twelve();
    hand_out("users", 3);
    assert_part_rows(2, "SELECT part, number, parts, length(token) FROM parent", "2|2|3|32");
    char real[4096];
    assert_non_null(realpath(path, real));
    assert_part_rows(2, "SELECT file FROM parent", real);
    assert_rows(parent, "SELECT count(DISTINCT token) FROM part", "3");
    assert_part_rows(2, "SELECT name FROM kind ORDER BY position", "users\ncampaigns");
}

static void a_part_can_be_read_by_its_owner_only(void **state) {
    (void)state;
    plan_twelve();
    hand_out("users", 3);
    struct stat file;
    assert_int_equal(stat(part_path(1), &file), 0);
    assert_int_equal(file.st_mode & 0777, 0600);
}

/* The same key is in the same part, whatever else there is. */
static void the_part_follows_from_the_key(void **state) {
    (void)state;
    plan_twelve();
    change(parent, "UPDATE document SET state = 'delivered' WHERE key < 'g'");
    hand_out("users", 3);
    assert_rows(parent, "SELECT key, part FROM document WHERE key IN ('g', 'i', 'l')",
                "g|1\ni|3\nl|2");
}

static void only_what_is_to_be_delivered_is_handed_out(void **state) {
    (void)state;
    plan_twelve();
    change(parent, "UPDATE document SET state = CASE key WHEN 'a' THEN 'delivered' WHEN 'b' THEN"
                   " 'refused' WHEN 'c' THEN 'different' WHEN 'd' THEN 'present'"
                   " ELSE state END, change = iif(key = 'e', 'gone', NULL)");
    assert_int_equal(hand_out("users", 3), 7);
    assert_rows(parent, "SELECT key, state FROM document WHERE part IS NULL",
                "a|delivered\nb|refused\nc|different\nd|present\ne|pending");
}

/* It is the part that looks them up. */
static void what_may_have_arrived_is_unknown_in_its_part(void **state) {
    (void)state;
    plan_twelve();
    change(parent, "UPDATE document SET state = 'sending' WHERE key = 'd'");
    change(parent, "UPDATE document SET state = 'unknown' WHERE key = 'e'");
    change(parent, "INSERT INTO attempt (document, purpose, outcome) VALUES (5, 'post', 'lost')");
    hand_out("users", 3);
    assert_part_rows(1,
                     "SELECT key, state, (SELECT group_concat(outcome) FROM attempt"
                     " WHERE document = d.id) FROM document d WHERE key IN ('d', 'e')",
                     "d|unknown|interrupted\ne|unknown|lost");
}

static void without_a_kind_the_first_that_is_not_delivered_is_handed_out(void **state) {
    (void)state;
    plan_twelve();
    change(parent, "UPDATE document SET kind = 1 WHERE key > 'd'");
    assert_int_equal(hand_out(NULL, 3), 4);
    assert_int_equal(hand_out(NULL, 3), 0); /* the first kind is out, and comes before the second */
    change(parent, "UPDATE document SET state = 'delivered' WHERE kind = 0");
    assert_int_equal(hand_out(NULL, 2), 8);
}

static void more_parts_than_documents_leave_some_empty(void **state) {
    (void)state;
    plan_twelve();
    change(parent, "UPDATE document SET state = 'delivered' WHERE key <> 'b'");
    assert_int_equal(hand_out("users", 3), 1);
    assert_rows(parent,
                "SELECT group_concat(documents) FROM (SELECT * FROM part ORDER BY"
                " documents)",
                "0,0,1");
    for (int number = 1; number <= 3; number++) {
        assert_int_equal(access(part_path(number), F_OK), 0);
    }
}

static void more_parts_than_are_written_at_once_are_made(void **state) {
    (void)state;
    plan_twelve();
    assert_int_equal(hand_out("users", 30), 12);
    assert_rows(parent, "SELECT count(*), sum(documents) FROM part", "30|12");
}

/* As a script that is run again does. */
static void splitting_again_hands_nothing_out_twice(void **state) {
    (void)state;
    plan_twelve();
    assert_int_equal(hand_out("users", 3), 12);
    assert_int_equal(hand_out("users", 3), 0);
    assert_rows(parent, "SELECT count(*) FROM part", "3");
}

static void a_file_that_is_there_is_not_replaced(void **state) {
    (void)state;
    plan_twelve();
    FILE *file = fopen(part_path(2), "w");
    assert_non_null(file);
    fclose(file);
    refuse_split("users", 3, "is there already");
    assert_rows(parent, "SELECT DISTINCT state FROM document", "pending");
    assert_int_equal(access(part_path(1), F_OK), -1);
}

/* What a crash before the parent's commit has left is of no value. */
static void a_draft_that_nobody_knows_of_is_replaced(void **state) {
    (void)state;
    plan_twelve();
    char draft[128];
    snprintf(draft, sizeof draft, "%s.new", part_path(2));
    FILE *file = fopen(draft, "w");
    assert_non_null(file);
    fputs("half a file", file);
    fclose(file);
    assert_int_equal(hand_out("users", 3), 12);
    assert_int_equal(access(draft, F_OK), -1);
}

/* A crash after the parent's commit leaves drafts that are the parts. */
static void drafts_of_a_split_that_ended_early_get_their_names(void **state) {
    (void)state;
    plan_twelve();
    hand_out("users", 3);
    char draft[128];
    snprintf(draft, sizeof draft, "%s.new", part_path(2));
    assert_int_equal(rename(part_path(2), draft), 0);
    struct error error = {0};
    int64_t finished = 0;
    assert_int_equal(split_finish(parent, &finished, &error), 0);
    assert_int_equal(finished, 1);
    assert_int_equal(access(part_path(2), F_OK), 0);
    assert_int_equal(access(draft, F_OK), -1);
}

static void beside_parts_that_are_out_no_others_are_made(void **state) {
    (void)state;
    plan_twelve();
    hand_out("users", 3);
    change(parent, "UPDATE document SET state = 'pending', part = NULL WHERE key = 'a'");
    refuse_split("users", 2, "merge the parts first");
}

static void a_part_is_neither_split_nor_planned(void **state) {
    (void)state;
    plan_twelve();
    hand_out("users", 3);
    workspace_close(parent);
    struct error error = {0};
    parent = workspace_open(part_path(1), "split", &error);
    assert_non_null(parent);
    refuse_split("users", 2, "is part 1 of 3 of");
    assert_null(planning_begin(parent, hand_kinds, 2, &error));
    assert_int_equal(error.code, ERROR_USAGE);
}

static void what_is_handed_out_is_not_planned_anew(void **state) {
    (void)state;
    plan_twelve();
    hand_out("users", 3);
    struct error error = {0};
    assert_null(planning_begin(parent, hand_kinds, 2, &error));
    assert_int_equal(error.code, ERROR_USAGE);
    change(parent, "UPDATE document SET state = 'delivered'");
    struct planning *planning = planning_begin(parent, hand_kinds, 2, &error);
    assert_non_null(planning);
    planning_abandon(planning);
}

static int64_t recall(const char *kind, int64_t number, char *set_aside) {
    struct error error = {0};
    struct recalled recalled;
    if (recall_part(parent, kind, number, &recalled, &error) != 0) {
        fail_msg("%s", error.message);
    }
    if (set_aside != NULL) {
        snprintf(set_aside, 128, "%s", text_string(&recalled.set_aside));
    }
    recalled_free(&recalled);
    return recalled.documents;
}

static void refuse_recall(const char *kind, int64_t number, const char *words) {
    struct error error = {0};
    struct recalled recalled;
    assert_int_equal(recall_part(parent, kind, number, &recalled, &error), -1);
    recalled_free(&recalled);
    if (strstr(error.message, words) == NULL) {
        fail_msg("\"%s\" does not say \"%s\"", error.message, words);
    }
}

static void what_was_in_a_lost_part_is_looked_up(void **state) {
    (void)state;
    plan_twelve();
    hand_out("users", 3);
    assert_int_equal(unlink(part_path(1)), 0);
    assert_int_equal(recall("users", 1, NULL), 4);
    assert_rows(parent, "SELECT part, state, count(*) FROM document GROUP BY part, state",
                "1|unknown|4\n2|handed out|4\n3|handed out|4");
    assert_rows(parent, "SELECT count(*) FROM attempt WHERE outcome = 'interrupted'", "4");
    refuse_recall("users", 1, "no documents of users are handed out as part 1");
}

static void a_recalled_part_is_put_aside(void **state) {
    (void)state;
    char aside[128];
    plan_twelve();
    hand_out("users", 3);
    recall(NULL, 2, aside);
    assert_int_equal(access(aside, F_OK), 0);
    assert_int_equal(access(part_path(2), F_OK), -1);
}

static void a_part_at_work_is_not_recalled(void **state) {
    (void)state;
    plan_twelve();
    hand_out("users", 3);
    struct error error = {0};
    struct workspace *part = workspace_open(part_path(2), "apply", &error);
    assert_non_null(part);
    refuse_recall("users", 2, "in use by process");
    workspace_close(part);
    assert_rows(parent, "SELECT DISTINCT state FROM document", "handed out");
    assert_int_equal(access(part_path(2), F_OK), 0);
}

static void a_number_that_two_kinds_have_needs_the_kind(void **state) {
    (void)state;
    plan_twelve();
    change(parent, "UPDATE document SET kind = 1 WHERE key > 'd'");
    hand_out("users", 2);
    hand_out("campaigns", 2);
    refuse_recall(NULL, 1, "name one with --kind");
    assert_int_equal(recall("campaigns", 1, NULL) + recall("campaigns", 2, NULL), 8);
}

/* What was recalled may go out again, in parts of its own. */
static void what_was_recalled_is_handed_out_again(void **state) {
    (void)state;
    plan_twelve();
    hand_out("users", 3);
    recall(NULL, 1, NULL);
    refuse_split("users", 2, "merge the parts first");
    recall(NULL, 2, NULL);
    recall(NULL, 3, NULL);
    assert_int_equal(hand_out("users", 2), 12);
    assert_rows(parent, "SELECT part, count(*) FROM document GROUP BY part", "4|6\n5|6");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(every_document_is_in_one_part_with_its_body, close_parent),
        cmocka_unit_test_teardown(a_part_knows_its_number_and_its_parent, close_parent),
        cmocka_unit_test_teardown(a_part_can_be_read_by_its_owner_only, close_parent),
        cmocka_unit_test_teardown(the_part_follows_from_the_key, close_parent),
        cmocka_unit_test_teardown(only_what_is_to_be_delivered_is_handed_out, close_parent),
        cmocka_unit_test_teardown(what_may_have_arrived_is_unknown_in_its_part, close_parent),
        cmocka_unit_test_teardown(without_a_kind_the_first_that_is_not_delivered_is_handed_out,
                                  close_parent),
        cmocka_unit_test_teardown(more_parts_than_documents_leave_some_empty, close_parent),
        cmocka_unit_test_teardown(more_parts_than_are_written_at_once_are_made, close_parent),
        cmocka_unit_test_teardown(splitting_again_hands_nothing_out_twice, close_parent),
        cmocka_unit_test_teardown(a_file_that_is_there_is_not_replaced, close_parent),
        cmocka_unit_test_teardown(a_draft_that_nobody_knows_of_is_replaced, close_parent),
        cmocka_unit_test_teardown(drafts_of_a_split_that_ended_early_get_their_names, close_parent),
        cmocka_unit_test_teardown(beside_parts_that_are_out_no_others_are_made, close_parent),
        cmocka_unit_test_teardown(a_part_is_neither_split_nor_planned, close_parent),
        cmocka_unit_test_teardown(what_is_handed_out_is_not_planned_anew, close_parent),
        cmocka_unit_test_teardown(what_was_in_a_lost_part_is_looked_up, close_parent),
        cmocka_unit_test_teardown(a_recalled_part_is_put_aside, close_parent),
        cmocka_unit_test_teardown(a_part_at_work_is_not_recalled, close_parent),
        cmocka_unit_test_teardown(a_number_that_two_kinds_have_needs_the_kind, close_parent),
        cmocka_unit_test_teardown(what_was_recalled_is_handed_out_again, close_parent),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
