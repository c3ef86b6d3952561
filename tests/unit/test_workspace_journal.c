/* What a delivery is handed from a workspace, what is marked as being sent, and what is noted of
 * the attempts and of what was delivered. */
#define _XOPEN_SOURCE 700 /* mkdtemp */
#include "workspace/journal.h"

#include "workspace_fixture.h"

static struct workspace *workspace;
static struct journal *journal;
static struct text taken;

static void open_journal(void) {
    struct error error = {0};
    journal = journal_open(workspace, &error);
    assert_non_null(journal);
}

/* A plan with the users a to e, of which b was refused. */
static void plan_five(void) {
    workspace = open_it();
    plan_documents(workspace,
                   (struct hand_document[]){
                       {"a", "{1}"}, {"b", "{2}"}, {"c", "{3}"}, {"d", "{4}"}, {"e", "{5}"}, {0}});
    change(workspace, "UPDATE document SET state = 'refused' WHERE key = 'b'");
    open_journal();
}

static int close_journal(void **state) {
    journal_close(journal);
    workspace_close(workspace);
    text_free(&taken);
    return empty_folder(state);
}

/* Notes `id key body`, with a dash for a body that does not come along. */
static int take(void *context, const struct selected_document *document, struct error *error) {
    struct span body = document->body;
    (void)context;
    (void)error;
    text_append_format(&taken, "%s%lld ", taken.length == 0 ? "" : "\n", (long long)document->id);
    text_append(&taken, document->key);
    text_append_char(&taken, ' ');
    if (body.length > 10) {
        text_append_format(&taken, "%zu bytes", body.length);
    } else {
        text_append(&taken, span_is_null(body) ? span_of("-") : body);
    }
    return 0;
}

static const struct selection pending = {
    .rule = SELECT_PLANNED, .state = STATE_PENDING, .bodies = 1000};

static void assert_taken(struct selection selection, size_t limit, int count,
                         const char *expected) {
    struct error error = {0};
    text_clear(&taken);
    assert_int_equal(journal_select(journal, &selection, limit, take, NULL, &error), count);
    assert_string_equal(text_string(&taken), expected);
}

static void pending_documents_come_in_their_order_with_key_and_body(void **state) {
    (void)state;
    plan_five();
    assert_taken(pending, 9, 4, "1 a {1}\n3 c {3}\n4 d {4}\n5 e {5}");
}

static void a_selection_goes_on_behind_the_last_document(void **state) {
    (void)state;
    plan_five();
    struct selection rest = pending;
    assert_taken(rest, 2, 2, "1 a {1}\n3 c {3}");
    rest.after = 3;
    assert_taken(rest, 2, 2, "4 d {4}\n5 e {5}");
    rest.after = 5;
    assert_taken(rest, 2, 0, "");
}

static void a_key_selects_only_its_document(void **state) {
    (void)state;
    plan_five();
    struct selection one = pending;
    one.key = span_of("d");
    assert_taken(one, 9, 1, "4 d {4}");
    one.key = span_of("b");
    assert_taken(one, 9, 0, "");
}

static void documents_of_another_kind_are_left_out(void **state) {
    (void)state;
    plan_five();
    change(workspace, "UPDATE document SET kind = 1 WHERE key < 'd'");
    struct selection campaigns = pending;
    campaigns.kind = 1;
    assert_taken(pending, 9, 2, "4 d {4}\n5 e {5}");
    assert_taken(campaigns, 9, 2, "1 a {1}\n3 c {3}");
}

static void what_is_gone_is_selected_only_by_ever(void **state) {
    (void)state;
    plan_five();
    change(workspace, "UPDATE document SET change = 'gone' WHERE key = 'c'");
    struct selection ever = pending;
    ever.rule = SELECT_EVER;
    assert_taken(pending, 9, 3, "1 a {1}\n4 d {4}\n5 e {5}");
    assert_taken(ever, 9, 4, "1 a {1}\n3 c {3}\n4 d {4}\n5 e {5}");
}

static void what_the_target_should_have_is_what_was_sent(void **state) {
    (void)state;
    plan_five();
    change(workspace, "UPDATE document SET state = 'delivered' WHERE key IN ('a', 'e');"
                      "UPDATE document SET state = 'present' WHERE key = 'c';"
                      "UPDATE document SET state = 'different' WHERE key = 'd';"
                      "UPDATE document SET change = 'gone' WHERE key = 'e'");
    assert_taken((struct selection){.rule = SELECT_SENT, .bodies = 9}, 9, 3,
                 "1 a {1}\n3 c {3}\n4 d {4}");
}

static int take_one(void *context, const struct selected_document *document, struct error *error) {
    int *calls = context;
    (void)document;
    (*calls)++;
    return *calls == 2 ? error_set(error, ERROR_MEMORY, "no more") : 0;
}

static void the_receiver_of_documents_can_end_it_with_an_error(void **state) {
    (void)state;
    struct error error = {0};
    int calls = 0;
    plan_five();
    assert_int_equal(journal_select(journal, &pending, 9, take_one, &calls, &error), -1);
    assert_int_equal(calls, 2);
    assert_string_equal(error.message, "no more");
    assert_taken(pending, 1, 1, "1 a {1}");
}

static void bodies_come_along_until_they_are_enough(void **state) {
    (void)state;
    plan_five();
    change(workspace, "UPDATE body SET body = printf('%.*c', 700, 'x') WHERE document IN (3, 4)");
    assert_taken(pending, 9, 4, "1 a {1}\n3 c 700 bytes\n4 d 700 bytes\n5 e -");
    struct selection bare = pending;
    bare.bodies = 0;
    assert_taken(bare, 9, 4, "1 a -\n3 c -\n4 d -\n5 e -");
    struct error error = {0};
    struct text key = {0};
    struct text body = {0};
    struct text none = {0};
    const struct document_texts texts = {&key, &body, &none, &none};
    assert_int_equal(journal_load(journal, 5, VERSION_DELIVERED, &texts, &error), 0);
    assert_string_equal(text_string(&key), "e");
    assert_string_equal(text_string(&body), "{5}");
    assert_int_equal(none.length, 0);
    text_free(&key);
    text_free(&body);
}

static void a_document_that_has_lost_its_body_is_not_passed_over(void **state) {
    (void)state;
    plan_five();
    change(workspace, "DELETE FROM body WHERE document = 3");
    assert_taken(pending, 2, 2, "1 a {1}\n3 c -");
    struct error error = {0};
    struct text key = {0};
    struct text body = {0};
    const struct document_texts texts = {&key, &body, &key, &body};
    assert_int_equal(journal_load(journal, 3, VERSION_DELIVERED, &texts, &error), -1);
    assert_int_equal(error.code, ERROR_WORKSPACE);
}

static void assert_marked(struct selection selection, int64_t last, int count,
                          const char *expected) {
    struct error error = {0};
    assert_int_equal(journal_mark_sending(journal, &selection, last, count, &error), 0);
    assert_rows(workspace, "SELECT key, state FROM document ORDER BY id", expected);
}

static void exactly_the_documents_that_were_taken_are_marked(void **state) {
    (void)state;
    plan_five();
    change(workspace, "UPDATE document SET change = 'gone' WHERE key = 'c'");
    assert_taken(pending, 2, 2, "1 a {1}\n4 d {4}");
    assert_marked(pending, 4, 2, "a|sending\nb|refused\nc|pending\nd|sending\ne|pending");
    struct selection rest = pending;
    rest.after = 4;
    assert_taken(rest, 2, 1, "5 e {5}");
    assert_marked(rest, 5, 1, "a|sending\nb|refused\nc|pending\nd|sending\ne|sending");
}

static void a_key_marks_only_its_document(void **state) {
    (void)state;
    plan_five();
    struct selection one = pending;
    one.key = span_of("d");
    assert_marked(one, 4, 1, "a|pending\nb|refused\nc|pending\nd|sending\ne|pending");
}

static void another_kind_is_not_marked(void **state) {
    (void)state;
    plan_five();
    change(workspace, "UPDATE document SET kind = 1 WHERE key = 'c'");
    assert_marked(pending, 5, 3, "a|sending\nb|refused\nc|pending\nd|sending\ne|sending");
}

static void a_mark_on_more_or_fewer_than_were_taken_is_an_error(void **state) {
    (void)state;
    struct error error = {0};
    plan_five();
    assert_int_equal(journal_mark_sending(journal, &pending, 4, 2, &error), -1);
    assert_int_equal(error.code, ERROR_INTERNAL);
    assert_string_equal(error.message, "2 documents were to be sent and 3 were marked");
}

static void what_is_pending_again_is_what_the_last_plan_has(void **state) {
    (void)state;
    struct error error = {0};
    plan_five();
    change(workspace, "UPDATE document SET state = 'delivered', change = 'changed' WHERE key = 'a';"
                      "UPDATE body SET changed_body = '{9}' WHERE document = 1;"
                      "UPDATE document SET state = 'delivered', change = 'gone' WHERE key = 'c'");
    for (int64_t document = 1; document <= 3; document += 2) {
        assert_int_equal(journal_set_pending_again(journal, document, &error), 0);
    }
    assert_rows(workspace,
                "SELECT key, state, change, body, changed_body FROM document"
                " JOIN body ON document = id WHERE id IN (1, 3)",
                "a|pending|-|{9}|-\nc|pending|gone|{3}|-");
    journal_close(journal);
    plan_documents(workspace, (struct hand_document[]){{"a", "{9}"}, {0}});
    open_journal();
    assert_rows(workspace, "SELECT state, change, sha256 IS NULL FROM document WHERE id = 1",
                "pending|-|0");
}

static void begin(void) {
    struct error error = {0};
    assert_int_equal(workspace_begin(workspace, &error), 0);
}

static void commit(void) {
    struct error error = {0};
    assert_int_equal(journal_commit(journal, &error), 0);
}

/* Attempts that took 1, 2, 3 ... microseconds; their texts are gone when it returns. */
static void add_attempts(int64_t first, int64_t last) {
    struct error error = {0};
    for (int64_t i = first; i <= last; i++) {
        char path_of_one[32];
        char excerpt[32];
        snprintf(path_of_one, sizeof path_of_one, "/api/%lld/", (long long)i);
        snprintf(excerpt, sizeof excerpt, "answer %lld", (long long)i);
        const struct attempt attempt = {.document = 1,
                                        .purpose = PURPOSE_POST,
                                        .started = i * 1000,
                                        .duration = i,
                                        .method = "POST",
                                        .path = path_of_one,
                                        .status = 200,
                                        .outcome = ATTEMPT_DELIVERED,
                                        .excerpt = span_of(excerpt)};
        assert_int_equal(journal_add_attempt(journal, &attempt, &error), 0);
    }
}

static void deliver(int64_t document, const char *name) {
    struct error error = {0};
    char copy[32];
    snprintf(copy, sizeof copy, "%s", name == NULL ? "" : name);
    const struct record_id target_id = {span_of(name == NULL ? NULL : copy), false};
    assert_int_equal(journal_set_delivered(journal, document, target_id, &error), 0);
}

static void an_attempt_is_written_as_it_was(void **state) {
    (void)state;
    struct error error = {0};
    plan_five();
    begin();
    add_attempts(7, 7);
    const struct attempt lost = {.document = 3,
                                 .purpose = PURPOSE_LOOK_UP,
                                 .duration = -1,
                                 .method = "GET",
                                 .path = "/api/c/",
                                 .outcome = ATTEMPT_UNCERTAIN};
    assert_int_equal(journal_add_attempt(journal, &lost, &error), 0);
    commit();
    assert_rows(workspace, "SELECT * FROM attempt ORDER BY id",
                "1|1|post|1970-01-01T00:00:00.007Z|7|POST|/api/7/|200|delivered|answer 7\n"
                "2|3|look up|1970-01-01T00:00:00.000Z|-|GET|/api/c/|-|uncertain|-");
}

/* However many there are between two commits: fewer than are written together, as many, more. */
static void every_attempt_is_written_once_and_in_order(void **state) {
    (void)state;
    static const int64_t ends[] = {1, 3, 18, 19, 35, 68, 100};
    int64_t first = 1;
    plan_five();
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        char count[32];
        begin();
        add_attempts(first, ends[i]);
        commit();
        snprintf(count, sizeof count, "%lld|0", (long long)ends[i]);
        assert_rows(workspace,
                    "SELECT count(*), sum(duration_us <> id OR path <> '/api/' || id || '/'"
                    " OR excerpt <> 'answer ' || id) FROM attempt",
                    count);
        first = ends[i] + 1;
    }
}

static void what_is_not_committed_is_not_there(void **state) {
    (void)state;
    plan_five();
    begin();
    add_attempts(1, 5);
    commit();
    begin();
    add_attempts(6, 25);
    deliver(1, "1a");
    workspace_roll_back(workspace);
    journal_close(journal);
    assert_rows(workspace, "SELECT count(*) FROM attempt", "5");
    open_journal();
    begin();
    commit();
    assert_rows(workspace, "SELECT count(*) FROM attempt", "5");
    assert_rows(workspace, "SELECT state FROM document WHERE id = 1", "pending");
}

static void a_delivered_document_has_the_name_that_the_target_gave(void **state) {
    (void)state;
    plan_five();
    begin();
    deliver(3, "3c");
    deliver(1, NULL);
    deliver(5, "");
    commit();
    assert_rows(workspace, "SELECT key, state, target_id FROM document ORDER BY id",
                "a|delivered|-\nb|refused|-\nc|delivered|3c\nd|pending|-\ne|delivered|");
}

/* Neighbours, gaps that are skipped, gaps that are not; more than are written together, and in an
 * order that jumps. */
static void exactly_the_delivered_documents_are_noted(void **state) {
    (void)state;
    static const int64_t steps[] = {1, 2, 5, 8, 20, 400};
    plan_five();
    change(workspace, "WITH RECURSIVE more (id) AS (SELECT 6 UNION ALL SELECT id + 1 FROM more"
                      " WHERE id < 2000) INSERT INTO document (id, kind, key) SELECT id, 0, id"
                      " FROM more");
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        change(workspace, "UPDATE document SET state = 'sending', target_id = NULL");
        begin();
        for (int64_t place = 0; place < 2000; place++) {
            int64_t document = place * 7919 % 2000 + 1;
            char name[32];
            snprintf(name, sizeof name, "name %lld", (long long)document);
            if (document % steps[i] == 0) {
                deliver(document, name);
            }
        }
        commit();
        char sql[200];
        char expected[32];
        snprintf(sql, sizeof sql,
                 "SELECT sum(id %% %lld = 0 AND state = 'delivered' AND target_id = 'name ' || id),"
                 " sum(state = 'sending' AND target_id IS NULL) FROM document",
                 (long long)steps[i]);
        snprintf(expected, sizeof expected, "%lld|%lld", (long long)(2000 / steps[i]),
                 (long long)(2000 - 2000 / steps[i]));
        assert_rows(workspace, sql, expected);
    }
}

static void a_delivered_document_that_is_not_there_is_an_error(void **state) {
    (void)state;
    struct error error = {0};
    plan_five();
    begin();
    deliver(5, "5e");
    deliver(6, "6f");
    assert_int_equal(journal_commit(journal, &error), -1);
    assert_int_equal(error.code, ERROR_INTERNAL);
    assert_string_equal(error.message, "2 documents were delivered and 1 were noted");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(pending_documents_come_in_their_order_with_key_and_body,
                                  close_journal),
        cmocka_unit_test_teardown(a_selection_goes_on_behind_the_last_document, close_journal),
        cmocka_unit_test_teardown(a_key_selects_only_its_document, close_journal),
        cmocka_unit_test_teardown(documents_of_another_kind_are_left_out, close_journal),
        cmocka_unit_test_teardown(what_is_gone_is_selected_only_by_ever, close_journal),
        cmocka_unit_test_teardown(what_the_target_should_have_is_what_was_sent, close_journal),
        cmocka_unit_test_teardown(the_receiver_of_documents_can_end_it_with_an_error,
                                  close_journal),
        cmocka_unit_test_teardown(bodies_come_along_until_they_are_enough, close_journal),
        cmocka_unit_test_teardown(a_document_that_has_lost_its_body_is_not_passed_over,
                                  close_journal),
        cmocka_unit_test_teardown(exactly_the_documents_that_were_taken_are_marked, close_journal),
        cmocka_unit_test_teardown(a_key_marks_only_its_document, close_journal),
        cmocka_unit_test_teardown(another_kind_is_not_marked, close_journal),
        cmocka_unit_test_teardown(a_mark_on_more_or_fewer_than_were_taken_is_an_error,
                                  close_journal),
        cmocka_unit_test_teardown(what_is_pending_again_is_what_the_last_plan_has, close_journal),
        cmocka_unit_test_teardown(an_attempt_is_written_as_it_was, close_journal),
        cmocka_unit_test_teardown(every_attempt_is_written_once_and_in_order, close_journal),
        cmocka_unit_test_teardown(a_delivered_document_has_the_name_that_the_target_gave,
                                  close_journal),
        cmocka_unit_test_teardown(exactly_the_delivered_documents_are_noted, close_journal),
        cmocka_unit_test_teardown(a_delivered_document_that_is_not_there_is_an_error,
                                  close_journal),
        cmocka_unit_test_teardown(what_is_not_committed_is_not_there, close_journal),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
