/* Writing a plan into a workspace, and planning again into one that has a plan already. */
#define _XOPEN_SOURCE 700 /* mkdtemp */
#include "workspace_fixture.h"

#define STATES                                                                                     \
    "SELECT key, state, change, body, changed_body FROM document JOIN body ON document = id"       \
    " ORDER BY key"

static void a_document_that_is_planned_is_pending(void **state) {
    (void)state;
    struct workspace *workspace = open_it();
    plan_documents(workspace, (struct hand_document[]){{"anna", "{1}"}, {"bert", "{2}"}, {0}});
    assert_rows(workspace, STATES,
                "anna|pending|-|{1}|-\n"
                "bert|pending|-|{2}|-");
    assert_rows(workspace, "SELECT position, name, post_path FROM kind",
                "0|users|/api/users/\n"
                "1|campaigns|/api/campaigns/");
    workspace_close(workspace);
}

static void a_plan_is_durable_when_it_is_finished(void **state) {
    (void)state;
    struct workspace *workspace = open_it();
    plan_documents(workspace, (struct hand_document[]){{"anna", "{1}"}, {0}});
    workspace_close(workspace);
    workspace = open_it();
    assert_rows(workspace, STATES, "anna|pending|-|{1}|-");
    workspace_close(workspace);
}

static void every_row_keeps_its_fate(void **state) {
    (void)state;
    struct error error = {0};
    struct workspace *workspace = open_it();
    struct planning *planning = begin_plan(workspace);
    int query = add_documents(planning, (struct hand_document[]){{"anna", "{1}"}, {0}});
    assert_int_equal(planning_add_row(planning, query, span_of("11"), FATE_SKIPPED, 0,
                                      span_of("login-length"), span_of("{\"ID\":11}"), &error),
                     0);
    assert_int_equal(planning_add_row(planning, query, span_of("12"), FATE_REJECTED, 0,
                                      span_of("no kind"), span_of("{\"ID\":12}"), &error),
                     0);
    planning_end_query(planning, query, 3);
    assert_int_equal(planning_finish(planning, &error), 0);
    assert_rows(workspace,
                "SELECT row, fate, document IS NOT NULL, because, content FROM source_row",
                "anna|used|1|-|-\n"
                "11|skipped|0|login-length|{\"ID\":11}\n"
                "12|rejected|0|no kind|{\"ID\":12}");
    assert_rows(workspace, "SELECT name, rows_read, used, skipped, rejected FROM query",
                "rows|3|1|1|1");
    workspace_close(workspace);
}

/* Used rows are written many at a time; a long id and a row of another fate come in between. */
static void rows_stand_in_the_order_in_which_they_came(void **state) {
    (void)state;
    enum { COUNT = 95 };
    static const char long_id[] =
        "an id that is longer than any that a table of rows has had so far";
    struct error error = {0};
    struct workspace *workspace = open_it();
    struct planning *planning = begin_plan(workspace);
    int query = add_documents(planning, (struct hand_document[]){{"anna", "{1}"}, {0}});
    struct text expected = {0};
    text_append_string(&expected, "anna|used|1");
    for (int i = 1; i <= COUNT; i++) {
        enum fate fate = i == 30 ? FATE_SKIPPED : FATE_USED;
        char id[80];
        snprintf(id, sizeof id, "%d", i);
        const char *given = i == 50 ? long_id : id;
        assert_int_equal(planning_add_row(planning, query, span_of(given), fate, i,
                                          (struct span){0}, (struct span){0}, &error),
                         0);
        text_append_format(&expected, "\n%s|%s|", given, i == 30 ? "skipped" : "used");
        if (fate == FATE_USED) {
            text_append_integer(&expected, i);
        } else {
            text_append_char(&expected, '-');
        }
    }
    planning_end_query(planning, query, COUNT + 1);
    assert_int_equal(planning_finish(planning, &error), 0);
    assert_rows(workspace, "SELECT row, fate, document FROM source_row ORDER BY rowid",
                text_string(&expected));
    text_free(&expected);
    workspace_close(workspace);
}

/* Finishing has to fail with these words, and to keep the first plan. */
static void expect_unbalanced(struct workspace *workspace, struct planning *planning,
                              const char *words) {
    struct error error = {0};
    assert_int_equal(planning_finish(planning, &error), -1);
    assert_int_equal(error.code, ERROR_BALANCE);
    if (strstr(error.message, words) == NULL) {
        fail_msg("\"%s\" does not say \"%s\"", error.message, words);
    }
    assert_rows(workspace, STATES, "anna|pending|-|{1}|-");
    assert_rows(workspace, "SELECT row FROM source_row", "anna");
}

static void an_account_that_does_not_balance_is_refused_and_nothing_is_kept(void **state) {
    (void)state;
    struct workspace *workspace = open_it();
    plan_documents(workspace, (struct hand_document[]){{"anna", "{1}"}, {0}});
    struct planning *planning = begin_plan(workspace);
    int query = add_documents(planning, (struct hand_document[]){{"bert", "{2}"}, {0}});
    planning_end_query(planning, query, 2);
    expect_unbalanced(workspace, planning, "query rows read 2 rows; 1 used, 0 skipped, 0 rejected");
    workspace_close(workspace);
}

static void a_query_that_has_not_ended_does_not_balance(void **state) {
    (void)state;
    struct error error = {0};
    int query = 0;
    struct workspace *workspace = open_it();
    plan_documents(workspace, (struct hand_document[]){{"anna", "{1}"}, {0}});
    struct planning *planning = begin_plan(workspace);
    assert_int_equal(planning_begin_query(planning, 0, "open", "SELECT 1", &query, &error), 0);
    expect_unbalanced(workspace, planning, "query open");
    workspace_close(workspace);
}

static void two_queries_do_not_make_up_for_each_other(void **state) {
    (void)state;
    struct error error = {0};
    int query = 0;
    struct workspace *workspace = open_it();
    plan_documents(workspace, (struct hand_document[]){{"anna", "{1}"}, {0}});
    struct planning *planning = begin_plan(workspace);
    int rows = add_documents(planning, (struct hand_document[]){{"bert", "{2}"}, {0}});
    planning_end_query(planning, rows, 0);
    assert_int_equal(planning_begin_query(planning, 0, "more", "SELECT 1", &query, &error), 0);
    planning_end_query(planning, query, 1);
    expect_unbalanced(workspace, planning, "query rows");
    workspace_close(workspace);
}

static void a_plan_that_is_abandoned_leaves_the_workspace_as_it_was(void **state) {
    (void)state;
    struct workspace *workspace = open_it();
    plan_documents(workspace, (struct hand_document[]){{"anna", "{1}"}, {0}});
    struct planning *planning = begin_plan(workspace);
    add_documents(planning, (struct hand_document[]){{"anna", "{9}"}, {"bert", "{2}"}, {0}});
    planning_abandon(planning);
    assert_rows(workspace, STATES, "anna|pending|-|{1}|-");
    workspace_close(workspace);
}

static void a_key_stands_once_in_its_kind(void **state) {
    (void)state;
    int64_t id = 0;
    struct error error = {0};
    struct workspace *workspace = open_it();
    struct planning *planning = begin_plan(workspace);
    add_documents(planning, (struct hand_document[]){{"anna", "{1}"}, {0}});
    assert_int_equal(planning_add_document(planning, 1, span_of("anna"), span_of("{2}"),
                                           span_of("a list"), &id, &error),
                     0);
    assert_int_equal(planning_add_document(planning, 0, span_of("anna"), span_of("{3}"),
                                           (struct span){0}, &id, &error),
                     -1);
    assert_int_equal(error.code, ERROR_INTERNAL);
    assert_non_null(strstr(error.message, "anna"));
    planning_abandon(planning);
    workspace_close(workspace);
}

static void corrections_and_warnings_are_those_of_the_last_plan(void **state) {
    (void)state;
    struct error error = {0};
    struct workspace *workspace = open_it();
    for (int i = 0; i < 2; i++) {
        struct planning *planning = begin_plan(workspace);
        assert_int_equal(planning_count_correction(planning, 1, "tracker-kept", 2, &error), 0);
        assert_int_equal(planning_count_correction(planning, 1, "tracker-kept", 3, &error), 0);
        assert_int_equal(
            planning_add_warning(planning, 1, span_of("HLT.FastSim"), span_of("w"), &error), 0);
        assert_int_equal(planning_finish(planning, &error), 0);
    }
    assert_rows(workspace, "SELECT kind, id, times FROM correction", "1|tracker-kept|5");
    assert_rows(workspace, "SELECT kind, key, text FROM warning", "1|HLT.FastSim|w");
    workspace_close(workspace);
}

/* Plans anna as {1}, puts her into that state, plans `second`, and expects these documents. */
static void expect_second_plan(const char *delivery_state, const struct hand_document *second,
                               const char *expected) {
    char sql[128];
    struct workspace *workspace = open_it();
    plan_documents(workspace, (struct hand_document[]){{"anna", "{1}"}, {0}});
    snprintf(sql, sizeof sql, "UPDATE document SET state = '%s'", delivery_state);
    change(workspace, sql);
    plan_documents(workspace, second);
    assert_rows(workspace, STATES, expected);
    workspace_close(workspace);
    assert_int_equal(empty_folder(NULL), 0);
}

static const struct hand_document same[] = {{"anna", "{1}"}, {0}};
static const struct hand_document changed[] = {{"anna", "{9}"}, {0}};
static const struct hand_document gone[] = {{"bert", "{2}"}, {0}};

static void a_document_that_is_the_same_keeps_its_state(void **state) {
    (void)state;
    expect_second_plan("pending", same, "anna|pending|-|{1}|-");
    expect_second_plan("delivered", same, "anna|delivered|-|{1}|-");
    expect_second_plan("refused", same, "anna|refused|-|{1}|-");
    expect_second_plan("present", same, "anna|present|-|{1}|-");
    expect_second_plan("unknown", same, "anna|unknown|-|{1}|-");
}

static void a_pending_document_that_changed_is_replaced(void **state) {
    (void)state;
    expect_second_plan("pending", changed, "anna|pending|-|{9}|-");
}

static void a_refused_document_that_changed_is_pending_again(void **state) {
    (void)state;
    expect_second_plan("refused", changed, "anna|pending|-|{9}|-");
}

static void a_delivered_document_that_changed_keeps_its_body_and_is_marked(void **state) {
    (void)state;
    expect_second_plan("delivered", changed, "anna|delivered|changed|{1}|{9}");
    expect_second_plan("present", changed, "anna|present|changed|{1}|{9}");
    expect_second_plan("different", changed, "anna|different|changed|{1}|{9}");
}

static void a_document_of_which_nobody_knows_keeps_the_body_that_may_have_arrived(void **state) {
    (void)state;
    expect_second_plan("sending", changed, "anna|sending|changed|{1}|{9}");
    expect_second_plan("unknown", changed, "anna|unknown|changed|{1}|{9}");
}

static void a_document_that_is_no_longer_planned_is_marked(void **state) {
    (void)state;
    expect_second_plan("pending", gone, "anna|pending|gone|{1}|-\nbert|pending|-|{2}|-");
    expect_second_plan("delivered", gone, "anna|delivered|gone|{1}|-\nbert|pending|-|{2}|-");
}

static void everything_is_gone_when_the_second_plan_is_empty(void **state) {
    (void)state;
    expect_second_plan("delivered", (struct hand_document[]){{0}}, "anna|delivered|gone|{1}|-");
}

static void a_mark_is_taken_back_when_the_document_is_planned_as_before(void **state) {
    (void)state;
    struct workspace *workspace = open_it();
    plan_documents(workspace, same);
    change(workspace, "UPDATE document SET state = 'delivered'");
    plan_documents(workspace, changed);
    plan_documents(workspace, same);
    assert_rows(workspace, STATES, "anna|delivered|-|{1}|-");
    plan_documents(workspace, gone);
    plan_documents(workspace, same);
    assert_rows(workspace, STATES, "anna|delivered|-|{1}|-\nbert|pending|gone|{2}|-");
    workspace_close(workspace);
}

static void a_verdict_falls_with_the_body_that_it_judged(void **state) {
    (void)state;
    struct workspace *workspace = open_it();
    plan_documents(workspace, same);
    change(workspace, "UPDATE document SET state = 'refused', verdict = 'missing'");
    plan_documents(workspace, changed);
    assert_rows(workspace, "SELECT verdict FROM document", "-");
    change(workspace, "UPDATE document SET state = 'delivered', verdict = 'equal'");
    plan_documents(workspace, changed);
    assert_rows(workspace, "SELECT verdict FROM document", "equal");
    workspace_close(workspace);
}

#define folder_test(test) cmocka_unit_test_teardown(test, empty_folder)

int main(void) {
    const struct CMUnitTest tests[] = {
        folder_test(a_document_that_is_planned_is_pending),
        folder_test(a_plan_is_durable_when_it_is_finished),
        folder_test(every_row_keeps_its_fate),
        folder_test(rows_stand_in_the_order_in_which_they_came),
        folder_test(an_account_that_does_not_balance_is_refused_and_nothing_is_kept),
        folder_test(a_query_that_has_not_ended_does_not_balance),
        folder_test(two_queries_do_not_make_up_for_each_other),
        folder_test(a_plan_that_is_abandoned_leaves_the_workspace_as_it_was),
        folder_test(a_key_stands_once_in_its_kind),
        folder_test(corrections_and_warnings_are_those_of_the_last_plan),
        folder_test(a_document_that_is_the_same_keeps_its_state),
        folder_test(a_pending_document_that_changed_is_replaced),
        folder_test(a_refused_document_that_changed_is_pending_again),
        folder_test(a_delivered_document_that_changed_keeps_its_body_and_is_marked),
        folder_test(a_document_of_which_nobody_knows_keeps_the_body_that_may_have_arrived),
        folder_test(a_document_that_is_no_longer_planned_is_marked),
        folder_test(everything_is_gone_when_the_second_plan_is_empty),
        folder_test(a_mark_is_taken_back_when_the_document_is_planned_as_before),
        folder_test(a_verdict_falls_with_the_body_that_it_judged),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
