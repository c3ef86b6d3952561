/* The account's figures, read from a workspace. */
#define _XOPEN_SOURCE 700 /* mkdtemp */
#include "workspace_fixture.h"

#include "workspace/account.h"

static struct account load(struct workspace *workspace) {
    struct account account;
    struct error error = {0};
    if (account_load(workspace, &account, &error) != 0) {
        fail_msg("%s", error.message);
    }
    return account;
}

static void assert_span(struct span span, const char *expected) {
    assert_true(span_equal_string(span, expected));
}

static void lose(struct planning *planning, int query, enum fate fate, const char *because,
                 int times) {
    struct error error = {0};
    for (int i = 0; i < times; i++) {
        assert_int_equal(planning_add_row(planning, query, span_of("1"), fate, 0, span_of(because),
                                          span_of("{}"), &error),
                         0);
    }
}

static void an_empty_workspace_has_an_empty_account(void **state) {
    (void)state;
    struct workspace *workspace = open_it();
    struct account account = load(workspace);
    assert_int_equal(account.kind_count, 0);
    assert_int_equal(account.query_count, 0);
    assert_int_equal(account.correction_count, 0);
    assert_int_equal(account.warning_count, 0);
    assert_int_equal(account_rows_rejected(&account), 0);
    account_free(&account);
    workspace_close(workspace);
}

static void rows_are_counted_by_query_and_fate(void **state) {
    (void)state;
    struct error error = {0};
    struct workspace *workspace = open_it();
    struct planning *planning = begin_plan(workspace);
    int query = add_documents(planning, (struct hand_document[]){{"anna", "{1}"}, {0}});
    lose(planning, query, FATE_SKIPPED, "summary-right", 2);
    lose(planning, query, FATE_SKIPPED, "login-length", 3);
    lose(planning, query, FATE_REJECTED, "no kind", 4);
    planning_end_query(planning, query, 10);
    assert_int_equal(planning_finish(planning, &error), 0);
    struct account account = load(workspace);
    assert_int_equal(account.query_count, 1);
    const struct account_query *rows = &account.queries[0];
    assert_span(rows->name, "rows");
    assert_int_equal(rows->rows_read, 10);
    assert_int_equal(rows->used, 1);
    assert_int_equal(rows->skipped, 5);
    assert_int_equal(rows->rejected, 4);
    assert_int_equal(account_rows_rejected(&account), 4);
    account_free(&account);
    workspace_close(workspace);
}

static void reasons_stand_the_commonest_first(void **state) {
    (void)state;
    struct error error = {0};
    struct workspace *workspace = open_it();
    struct planning *planning = begin_plan(workspace);
    int query = add_documents(planning, (struct hand_document[]){{0}});
    lose(planning, query, FATE_SKIPPED, "once", 1);
    lose(planning, query, FATE_SKIPPED, "thrice", 3);
    lose(planning, query, FATE_SKIPPED, "twice", 2);
    lose(planning, query, FATE_REJECTED, "because", 1);
    planning_end_query(planning, query, 7);
    assert_int_equal(planning_finish(planning, &error), 0);
    struct account account = load(workspace);
    const struct account_query *rows = &account.queries[0];
    assert_int_equal(rows->skip_count, 3);
    assert_span(rows->skips[0].because, "thrice");
    assert_int_equal(rows->skips[0].rows, 3);
    assert_span(rows->skips[1].because, "twice");
    assert_span(rows->skips[2].because, "once");
    assert_int_equal(rows->reject_count, 1);
    assert_span(rows->rejects[0].because, "because");
    account_free(&account);
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
    struct account account = load(workspace);
    assert_int_equal(account.kind_count, 2);
    assert_span(account.kinds[0].name, "users");
    assert_span(account.kinds[1].name, "campaigns");
    assert_int_equal(account.kinds[0].documents, 4);
    assert_int_equal(account.kinds[0].states[STATE_DELIVERED], 2);
    assert_int_equal(account.kinds[0].states[STATE_REFUSED], 1);
    assert_int_equal(account.kinds[0].states[STATE_PENDING], 1);
    assert_int_equal(account.kinds[0].verdicts[VERDICT_EQUAL], 1);
    assert_int_equal(account_documents_open(&account.kinds[0]), 1);
    assert_int_equal(account_documents_sent(&account.kinds[0]), 2);
    assert_int_equal(account.kinds[1].documents, 0);
    assert_int_equal(account_documents_in(&account, STATE_DELIVERED), 2);
    assert_int_equal(account_documents_with(&account, VERDICT_MISSING), 1);
    account_free(&account);
    workspace_close(workspace);
}

static void what_is_gone_counts_apart(void **state) {
    (void)state;
    struct workspace *workspace = open_it();
    plan_documents(workspace, (struct hand_document[]){{"a", "{1}"}, {"b", "{1}"}, {0}});
    change(workspace, "UPDATE document SET state = 'delivered'");
    plan_documents(workspace, (struct hand_document[]){{"b", "{2}"}, {"c", "{1}"}, {0}});
    struct account account = load(workspace);
    assert_int_equal(account.kinds[0].documents, 2);
    assert_int_equal(account.kinds[0].gone, 1);
    assert_int_equal(account.kinds[0].changed, 1);
    assert_int_equal(account_documents_in(&account, STATE_DELIVERED), 1);
    assert_int_equal(account_documents_ever_in(&account, STATE_DELIVERED), 2);
    assert_int_equal(account.kinds[0].ever[STATE_DELIVERED], 2);
    account_free(&account);
    workspace_close(workspace);
}

static void corrections_and_warnings_stand_in_the_account(void **state) {
    (void)state;
    struct error error = {0};
    struct workspace *workspace = open_it();
    struct planning *planning = begin_plan(workspace);
    assert_int_equal(planning_count_correction(planning, 1, "tracker-kept", 7, &error), 0);
    assert_int_equal(planning_add_warning(planning, 1, span_of("k"), span_of("w"), &error), 0);
    assert_int_equal(planning_finish(planning, &error), 0);
    struct account account = load(workspace);
    assert_int_equal(account.correction_count, 1);
    assert_int_equal(account.corrections[0].kind, 1);
    assert_span(account.corrections[0].id, "tracker-kept");
    assert_int_equal(account.corrections[0].times, 7);
    assert_int_equal(account.warning_count, 1);
    assert_span(account.warnings[0].key, "k");
    assert_span(account.warnings[0].text, "w");
    account_free(&account);
    workspace_close(workspace);
}

#define folder_test(test) cmocka_unit_test_teardown(test, empty_folder)

int main(void) {
    const struct CMUnitTest tests[] = {
        folder_test(an_empty_workspace_has_an_empty_account),
        folder_test(rows_are_counted_by_query_and_fate),
        folder_test(reasons_stand_the_commonest_first),
        folder_test(documents_are_counted_by_kind_state_and_verdict),
        folder_test(what_is_gone_counts_apart),
        folder_test(corrections_and_warnings_stand_in_the_account),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
