/* The summary of a workspace. */
#define _XOPEN_SOURCE 700 /* mkdtemp */
#include "workspace_fixture.h"

#include "workspace/summary.h"

static struct summary load(struct workspace *workspace) {
    struct summary summary;
    struct error error = {0};
    if (summary_load(workspace, &summary, &error) != 0) {
        fail_msg("%s", error.message);
    }
    return summary;
}

static void assert_span(struct span span, const char *expected) {
    assert_true(span_equal_string(span, expected));
}

static void lose(struct planning *planning, size_t table, enum row_outcome outcome,
                 const char *because, int times) {
    for (int i = 0; i < times; i++) {
        put(planning, unused_row(table, "1", outcome, because));
    }
}

static void finish(struct planning *planning) {
    struct error error = {0};
    if (planning_finish(planning, &error) != 0) {
        fail_msg("%s", error.message);
    }
}

static void an_empty_workspace_has_an_empty_summary(void **state) {
    (void)state;
    struct workspace *workspace = open_it();
    struct summary summary = load(workspace);
    assert_int_equal(summary.kind_count, 0);
    assert_int_equal(summary.table_count, 0);
    assert_int_equal(summary.correction_count, 0);
    assert_int_equal(summary.warning_count, 0);
    assert_int_equal(summary_count_rows(&summary, OUTCOME_REJECTED), 0);
    summary_free(&summary);
    workspace_close(workspace);
}

static void rows_are_counted_by_table_and_outcome(void **state) {
    (void)state;
    struct workspace *workspace = open_it();
    struct planning *planning = begin_plan(workspace);
    put(planning, table_entry("users", 9));
    put(planning, table_entry("rights", 1));
    put(planning, document_entry(0, "anna", "{}", 1));
    put(planning, used_row(1, "7"));
    lose(planning, 0, OUTCOME_SKIPPED, "summary-right", 2);
    lose(planning, 0, OUTCOME_SKIPPED, "login-length", 3);
    lose(planning, 0, OUTCOME_REJECTED, "no kind", 4);
    finish(planning);
    struct summary summary = load(workspace);
    assert_int_equal(summary.table_count, 2);
    const struct summary_table *users = &summary.tables[0];
    assert_span(users->name, "users");
    assert_int_equal(users->rows, 9);
    assert_int_equal(users->outcomes[OUTCOME_USED], 0);
    assert_int_equal(users->outcomes[OUTCOME_SKIPPED], 5);
    assert_int_equal(users->outcomes[OUTCOME_REJECTED], 4);
    assert_span(summary.tables[1].name, "rights");
    assert_int_equal(summary.tables[1].outcomes[OUTCOME_USED], 1);
    assert_int_equal(summary_count_rows(&summary, OUTCOME_REJECTED), 4);
    summary_free(&summary);
    workspace_close(workspace);
}

static void reasons_are_in_their_table_the_most_frequent_first(void **state) {
    (void)state;
    struct workspace *workspace = open_it();
    struct planning *planning = begin_plan(workspace);
    put(planning, table_entry("users", 0));
    put(planning, table_entry("rights", 7));
    lose(planning, 1, OUTCOME_SKIPPED, "once", 1);
    lose(planning, 1, OUTCOME_SKIPPED, "thrice", 3);
    lose(planning, 1, OUTCOME_SKIPPED, "twice", 2);
    lose(planning, 1, OUTCOME_REJECTED, "because", 1);
    finish(planning);
    struct summary summary = load(workspace);
    const struct summary_reasons *skips = &summary.tables[1].reasons[OUTCOME_SKIPPED];
    const struct summary_reasons *rejects = &summary.tables[1].reasons[OUTCOME_REJECTED];
    assert_int_equal(skips->count, 3);
    assert_span(skips->items[0].because, "thrice");
    assert_int_equal(skips->items[0].rows, 3);
    assert_span(skips->items[1].because, "twice");
    assert_span(skips->items[2].because, "once");
    assert_int_equal(rejects->count, 1);
    assert_span(rejects->items[0].because, "because");
    assert_int_equal(summary.tables[0].reasons[OUTCOME_SKIPPED].count, 0);
    summary_free(&summary);
    workspace_close(workspace);
}

static void documents_are_counted_by_kind_state_and_verdict(void **state) {
    (void)state;
    struct workspace *workspace = open_it();
    plan_documents(workspace, (struct hand_document[]){
                                  {"a", "{1}"}, {"b", "{1}"}, {"c", "{1}"}, {"d", "{1}"}, {0}});
    change(workspace, "UPDATE document SET state = 'delivered', verdict = 'equal' WHERE key < 'c';"
                      "UPDATE document SET state = 'refused' WHERE key = 'c';"
                      "UPDATE document SET verdict = 'missing' WHERE key = 'b'");
    struct summary summary = load(workspace);
    assert_int_equal(summary.kind_count, 2);
    assert_span(summary.kinds[0].name, "users");
    assert_span(summary.kinds[1].name, "campaigns");
    assert_int_equal(summary.kinds[0].documents, 4);
    assert_int_equal(summary.kinds[0].states[STATE_DELIVERED], 2);
    assert_int_equal(summary.kinds[0].states[STATE_REFUSED], 1);
    assert_int_equal(summary.kinds[0].states[STATE_PENDING], 1);
    assert_int_equal(summary.kinds[0].verdicts[VERDICT_EQUAL], 1);
    assert_int_equal(summary_count_open(&summary.kinds[0]), 1);
    assert_int_equal(summary_count_sent(&summary.kinds[0]), 2);
    assert_int_equal(summary.kinds[1].documents, 0);
    assert_int_equal(summary_count_class(&summary, CLASS_BAD), 2);
    assert_int_equal(summary_count_standing(&summary, STANDING_MISSING), 1);
    summary_free(&summary);
    workspace_close(workspace);
}

static void what_is_gone_counts_apart(void **state) {
    (void)state;
    struct workspace *workspace = open_it();
    plan_documents(workspace, (struct hand_document[]){{"a", "{1}"}, {"b", "{1}"}, {0}});
    change(workspace, "UPDATE document SET state = 'delivered'");
    plan_documents(workspace, (struct hand_document[]){{"b", "{2}"}, {"c", "{1}"}, {0}});
    struct summary summary = load(workspace);
    assert_int_equal(summary.kinds[0].documents, 2);
    assert_int_equal(summary.kinds[0].gone, 1);
    assert_int_equal(summary.kinds[0].changed, 1);
    assert_int_equal(summary.kinds[0].states[STATE_DELIVERED], 1);
    assert_int_equal(summary_count_standing(&summary, STANDING_STRANDED), 1);
    assert_int_equal(summary_count_ever(&summary, STATE_DELIVERED), 2);
    assert_int_equal(summary.kinds[0].ever[STATE_DELIVERED], 2);
    summary_free(&summary);
    workspace_close(workspace);
}

static void corrections_and_warnings_are_in_the_summary(void **state) {
    (void)state;
    struct workspace *workspace = open_it();
    struct planning *planning = begin_plan(workspace);
    put(planning, correction_entry(1, "tracker-kept", 7));
    put(planning, warning_entry(1, "k", "w"));
    finish(planning);
    struct summary summary = load(workspace);
    assert_int_equal(summary.correction_count, 1);
    assert_int_equal(summary.corrections[0].kind, 1);
    assert_span(summary.corrections[0].id, "tracker-kept");
    assert_int_equal(summary.corrections[0].times, 7);
    assert_int_equal(summary.warning_count, 1);
    assert_span(summary.warnings[0].key, "k");
    assert_span(summary.warnings[0].text, "w");
    summary_free(&summary);
    workspace_close(workspace);
}

static void a_table_that_is_not_there_is_refused_with_those_that_are(void **state) {
    (void)state;
    struct error error = {0};
    struct workspace *workspace = open_it();
    struct planning *planning = begin_plan(workspace);
    put(planning, table_entry("users", 0));
    put(planning, table_entry("rights", 0));
    finish(planning);
    assert_int_equal(summary_find_table(workspace, "rights", &error), 0);
    assert_int_equal(summary_find_table(workspace, "right", &error), -1);
    assert_int_equal(error.code, ERROR_USAGE);
    assert_string_equal(
        error.message,
        "the plan has no table \"right\"; it has: users, rights; did you mean rights?");
    workspace_close(workspace);
}

#define folder_test(test) cmocka_unit_test_teardown(test, empty_folder)

int main(void) {
    const struct CMUnitTest tests[] = {
        folder_test(an_empty_workspace_has_an_empty_summary),
        folder_test(rows_are_counted_by_table_and_outcome),
        folder_test(reasons_are_in_their_table_the_most_frequent_first),
        folder_test(documents_are_counted_by_kind_state_and_verdict),
        folder_test(what_is_gone_counts_apart),
        folder_test(corrections_and_warnings_are_in_the_summary),
        folder_test(a_table_that_is_not_there_is_refused_with_those_that_are),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
