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

static void every_row_keeps_its_outcome(void **state) {
    (void)state;
    struct error error = {0};
    struct workspace *workspace = open_it();
    struct planning *planning = begin_plan(workspace);
    add_documents(planning, (struct hand_document[]){{"anna", "{1}"}, {0}}, 2);
    put(planning, unused_row(0, "11", OUTCOME_SKIPPED, "login-length"));
    put(planning, unused_row(0, "12", OUTCOME_REJECTED, "no kind"));
    assert_int_equal(planning_finish(planning, &error), 0);
    assert_rows(workspace,
                "SELECT row, outcome, document IS NOT NULL, because, content FROM source_row",
                "anna|used|1|-|-\n"
                "11|skipped|0|login-length|{}\n"
                "12|rejected|0|no kind|{}");
    assert_rows(workspace, "SELECT id, name, rows, used, skipped, rejected FROM source_table",
                "0|rows|3|1|1|1");
    workspace_close(workspace);
}

static void rows_keep_their_tables(void **state) {
    (void)state;
    struct error error = {0};
    struct workspace *workspace = open_it();
    struct planning *planning = begin_plan(workspace);
    put(planning, table_entry("users", 1));
    put(planning, table_entry("rights", 2));
    put(planning, document_entry(0, "anna", "{}", 2));
    put(planning, used_row(0, "anna"));
    put(planning, used_row(1, "7"));
    put(planning, unused_row(1, "8", OUTCOME_SKIPPED, "right-of-nobody"));
    assert_int_equal(planning_finish(planning, &error), 0);
    assert_rows(workspace,
                "SELECT name, row, document FROM source_row JOIN source_table ON id = source_table",
                "users|anna|1\nrights|7|1\nrights|8|-");
    assert_rows(workspace, "SELECT key, rows FROM document", "anna|2");
    workspace_close(workspace);
}

/* Used rows are written many at a time; a long id and a row of another outcome come in between. */
static void rows_are_in_the_order_in_which_they_came(void **state) {
    (void)state;
    enum { COUNT = 95 };
    static const char long_id[] =
        "an id that is longer than any that a table of rows has had so far";
    struct error error = {0};
    struct workspace *workspace = open_it();
    struct planning *planning = begin_plan(workspace);
    struct text expected = {0};
    put(planning, table_entry("rows", 2 * COUNT + 1));
    for (int document = 1; document <= 2; document++) {
        char key[16];
        snprintf(key, sizeof key, "key %d", document);
        put(planning, document_entry(0, key, "{}", COUNT));
        for (int i = 1; i <= COUNT; i++) {
            char id[80];
            snprintf(id, sizeof id, "%d", i);
            const char *given = i == 50 ? long_id : id;
            put(planning, used_row(0, given));
            text_append_format(&expected, "%s%s|used|%d", expected.length == 0 ? "" : "\n", given,
                               document);
        }
        if (document == 1) {
            put(planning, unused_row(0, "between", OUTCOME_SKIPPED, "rule"));
            text_append_string(&expected, "\nbetween|skipped|-");
        }
    }
    assert_int_equal(planning_finish(planning, &error), 0);
    assert_rows(workspace, "SELECT row, outcome, document FROM source_row ORDER BY rowid",
                text_string(&expected));
    text_free(&expected);
    workspace_close(workspace);
}

static void assert_first_plan(struct workspace *workspace) {
    assert_rows(workspace, STATES, "anna|pending|-|{1}|-");
    assert_rows(workspace, "SELECT row FROM source_row", "anna");
}

/* A planning over a first plan, of which every check has to leave the first one. */
static struct planning *begin_second_plan(struct workspace **workspace) {
    *workspace = open_it();
    plan_documents(*workspace, (struct hand_document[]){{"anna", "{1}"}, {0}});
    return begin_plan(*workspace);
}

static void assert_unbalanced(struct workspace *workspace, struct planning *planning,
                              const char *words) {
    struct error error = {0};
    assert_int_equal(planning_finish(planning, &error), -1);
    assert_int_equal(error.code, ERROR_BALANCE);
    if (strstr(error.message, words) == NULL) {
        fail_msg("\"%s\" does not say \"%s\"", error.message, words);
    }
    assert_first_plan(workspace);
    workspace_close(workspace);
}

static void a_table_with_more_rows_than_came_is_refused_and_nothing_is_kept(void **state) {
    (void)state;
    struct workspace *workspace;
    struct planning *planning = begin_second_plan(&workspace);
    add_documents(planning, (struct hand_document[]){{"bert", "{2}"}, {0}}, 1);
    assert_unbalanced(workspace, planning, "table rows has 2 rows; 1 used, 0 skipped, 0 rejected");
}

static void a_table_with_fewer_rows_than_came_is_refused(void **state) {
    (void)state;
    struct workspace *workspace;
    struct planning *planning = begin_second_plan(&workspace);
    put(planning, table_entry("rows", 1));
    put(planning, unused_row(0, "1", OUTCOME_SKIPPED, "rule"));
    put(planning, unused_row(0, "2", OUTCOME_REJECTED, "reason"));
    assert_unbalanced(workspace, planning, "table rows has 1 rows; 0 used, 1 skipped, 1 rejected");
}

static void two_tables_do_not_make_up_for_each_other(void **state) {
    (void)state;
    struct workspace *workspace;
    struct planning *planning = begin_second_plan(&workspace);
    put(planning, table_entry("rows", 0));
    put(planning, table_entry("more", 2));
    put(planning, unused_row(0, "1", OUTCOME_SKIPPED, "rule"));
    put(planning, unused_row(1, "1", OUTCOME_SKIPPED, "rule"));
    assert_unbalanced(workspace, planning, "table rows has 0 rows");
}

static void a_document_with_fewer_rows_than_it_states_is_refused(void **state) {
    (void)state;
    struct workspace *workspace;
    struct planning *planning = begin_second_plan(&workspace);
    put(planning, table_entry("rows", 1));
    put(planning, document_entry(0, "bert", "{2}", 2));
    put(planning, used_row(0, "1"));
    assert_unbalanced(workspace, planning,
                      "document \"bert\" of users states 2 rows, and 1 are used in it");
}

static void abandon(struct workspace *workspace, struct planning *planning) {
    planning_abandon(planning);
    assert_first_plan(workspace);
    workspace_close(workspace);
}

static void the_next_document_finds_out_rows_that_lack(void **state) {
    (void)state;
    struct workspace *workspace;
    struct planning *planning = begin_second_plan(&workspace);
    put(planning, table_entry("rows", 2));
    put(planning, document_entry(0, "bert", "{2}", 1));
    refuse(planning, document_entry(0, "carl", "{3}", 1), ERROR_BALANCE, "\"bert\" of users");
    abandon(workspace, planning);
}

static void the_next_document_finds_out_rows_too_many(void **state) {
    (void)state;
    struct workspace *workspace;
    struct planning *planning = begin_second_plan(&workspace);
    put(planning, table_entry("rows", 2));
    put(planning, document_entry(0, "bert", "{2}", 1));
    put(planning, used_row(0, "1"));
    put(planning, used_row(0, "2"));
    refuse(planning, document_entry(0, "carl", "{3}", 0), ERROR_BALANCE,
           "states 1 rows, and 2 are used in it");
    abandon(workspace, planning);
}

static void a_row_that_is_used_follows_its_document_at_once(void **state) {
    (void)state;
    struct workspace *workspace;
    struct planning *planning = begin_second_plan(&workspace);
    put(planning, table_entry("rows", 2));
    refuse(planning, used_row(0, "1"), ERROR_BALANCE, "no document is before it");
    put(planning, document_entry(0, "bert", "{2}", 1));
    refuse(planning, unused_row(0, "2", OUTCOME_SKIPPED, "rule"), ERROR_BALANCE, "\"bert\"");
    abandon(workspace, planning);
}

static void every_table_comes_before_the_documents(void **state) {
    (void)state;
    struct workspace *workspace;
    struct planning *planning = begin_second_plan(&workspace);
    put(planning, document_entry(0, "bert", "{2}", 0));
    refuse(planning, table_entry("late", 0), ERROR_BALANCE, "table late");
    abandon(workspace, planning);
}

static void a_row_of_a_table_that_is_not_declared_is_refused(void **state) {
    (void)state;
    struct workspace *workspace;
    struct planning *planning = begin_second_plan(&workspace);
    put(planning, table_entry("rows", 1));
    refuse(planning, unused_row(1, "7", OUTCOME_SKIPPED, "rule"), ERROR_BALANCE,
           "row \"7\" is of table 1, and 1 tables are declared");
    abandon(workspace, planning);
}

static void a_document_may_be_made_of_no_row(void **state) {
    (void)state;
    struct error error = {0};
    struct workspace *workspace = open_it();
    struct planning *planning = begin_plan(workspace);
    struct plan_entry listed = document_entry(0, "anna", "{1}", 0);
    listed.document.origin = span_of("people.csv, line 2");
    put(planning, listed);
    assert_int_equal(planning_finish(planning, &error), 0);
    assert_rows(workspace, "SELECT key, rows, origin FROM document", "anna|0|people.csv, line 2");
    workspace_close(workspace);
}

static void a_plan_that_is_abandoned_leaves_the_workspace_as_it_was(void **state) {
    (void)state;
    struct workspace *workspace = open_it();
    plan_documents(workspace, (struct hand_document[]){{"anna", "{1}"}, {0}});
    struct planning *planning = begin_plan(workspace);
    add_documents(planning, (struct hand_document[]){{"anna", "{9}"}, {"bert", "{2}"}, {0}}, 0);
    planning_abandon(planning);
    assert_rows(workspace, STATES, "anna|pending|-|{1}|-");
    workspace_close(workspace);
}

static void a_key_is_there_once_in_its_kind(void **state) {
    (void)state;
    struct workspace *workspace = open_it();
    struct planning *planning = begin_plan(workspace);
    put(planning, document_entry(0, "anna", "{1}", 0));
    put(planning, document_entry(1, "anna", "{2}", 0));
    refuse(planning, document_entry(0, "anna", "{3}", 0), ERROR_INTERNAL, "\"anna\"");
    refuse(planning, document_entry(2, "bert", "{3}", 0), ERROR_INTERNAL, "of kind 2 of 2");
    planning_abandon(planning);
    workspace_close(workspace);
}

static void corrections_warnings_and_persons_are_those_of_the_last_plan(void **state) {
    (void)state;
    struct error error = {0};
    struct workspace *workspace = open_it();
    for (int i = 0; i < 2; i++) {
        struct planning *planning = begin_plan(workspace);
        put(planning, correction_entry(1, "tracker-kept", 2));
        put(planning, correction_entry(1, "tracker-kept", 3));
        put(planning, warning_entry(1, "HLT.FastSim", "w"));
        put(planning, (struct plan_entry){.kind = PLAN_PERSON,
                                          .person = {.kind = 1,
                                                     .name = span_of("Anna"),
                                                     .outcome = PERSON_NOBODY,
                                                     .uses = 4}});
        assert_int_equal(planning_finish(planning, &error), 0);
    }
    assert_rows(workspace, "SELECT kind, id, times FROM correction", "1|tracker-kept|5");
    assert_rows(workspace, "SELECT kind, key, text FROM warning", "1|HLT.FastSim|w");
    assert_rows(workspace, "SELECT * FROM lookup", "1|Anna|nobody|4|-");
    workspace_close(workspace);
}

static void the_last_answer_of_a_directory_is_kept_from_plan_to_plan(void **state) {
    (void)state;
    struct error error = {0};
    struct workspace *workspace = open_it();
    static const char *const answers[] = {"{1}", "{2}"};
    for (size_t i = 0; i < 2; i++) {
        struct planning *planning = begin_plan(workspace);
        put(planning, (struct plan_entry){.kind = PLAN_ANSWER,
                                          .answer = {.directory = span_of("ldap://host/"),
                                                     .name = span_of("anna"),
                                                     .answer = span_of(answers[i])}});
        assert_int_equal(planning_finish(planning, &error), 0);
    }
    plan_documents(workspace, (struct hand_document[]){{0}});
    assert_rows(workspace, "SELECT * FROM directory_answer", "ldap://host/|anna|{2}");
    workspace_close(workspace);
}

/* More than is written at a time; the buffers are overwritten by the next entry. */
static void entries_are_copied(void **state) {
    (void)state;
    enum { COUNT = 300 };
    struct error error = {0};
    struct workspace *workspace = open_it();
    struct planning *planning = begin_plan(workspace);
    char key[32];
    char body[512];
    put(planning, table_entry("rows", COUNT));
    for (int i = 1; i <= COUNT; i++) {
        snprintf(key, sizeof key, "key %d", i);
        snprintf(body, sizeof body, "{\"padding\":\"%0400d\"}", i);
        put(planning, document_entry(0, key, body, 1));
        put(planning, used_row(0, key));
    }
    assert_int_equal(planning_finish(planning, &error), 0);
    assert_rows(workspace,
                "SELECT count(*), sum(key = 'key ' || id AND row = key AND"
                " body = printf('{\"padding\":\"%0400d\"}', id)) FROM document d"
                " JOIN body b ON b.document = d.id JOIN source_row s ON s.document = d.id",
                "300|300");
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
        folder_test(every_row_keeps_its_outcome),
        folder_test(rows_keep_their_tables),
        folder_test(rows_are_in_the_order_in_which_they_came),
        folder_test(a_table_with_more_rows_than_came_is_refused_and_nothing_is_kept),
        folder_test(a_table_with_fewer_rows_than_came_is_refused),
        folder_test(two_tables_do_not_make_up_for_each_other),
        folder_test(a_document_with_fewer_rows_than_it_states_is_refused),
        folder_test(the_next_document_finds_out_rows_that_lack),
        folder_test(the_next_document_finds_out_rows_too_many),
        folder_test(a_row_that_is_used_follows_its_document_at_once),
        folder_test(every_table_comes_before_the_documents),
        folder_test(a_row_of_a_table_that_is_not_declared_is_refused),
        folder_test(a_document_may_be_made_of_no_row),
        folder_test(a_plan_that_is_abandoned_leaves_the_workspace_as_it_was),
        folder_test(a_key_is_there_once_in_its_kind),
        folder_test(corrections_warnings_and_persons_are_those_of_the_last_plan),
        folder_test(the_last_answer_of_a_directory_is_kept_from_plan_to_plan),
        folder_test(entries_are_copied),
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
