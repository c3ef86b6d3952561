/* The plan's writer: what is noted in one thread stands in the workspace in that order. */
#define _XOPEN_SOURCE 700 /* mkdtemp */
#include "workspace_fixture.h"

#include "delivery/plan_writer.h"

/* Commands that fill many batches. */
enum { MANY_DOCUMENTS = 3000, ROWS_OF_EACH = 3 };

enum { HUGE_BODY = 5 * 1024 * 1024 };

static struct plan_writer *start(struct planning *planning) {
    struct error error = {0};
    struct plan_writer *writer = plan_writer_start(planning, &error);
    if (writer == NULL) {
        fail_msg("%s", error.message);
    }
    return writer;
}

static int begin_rows(struct plan_writer *writer) {
    struct error error = {0};
    int query = 0;
    assert_int_equal(plan_writer_begin_query(writer, 0, "rows", "SELECT 1", &query, &error), 0);
    return query;
}

static int add(struct plan_writer *writer, const char *key, struct span body, int64_t *handle,
               struct error *error) {
    struct document document = {.kind = 0, .key = span_of(key), .body = body};
    return plan_writer_add_document(writer, &document, handle, error);
}

/* Ends the query, the writer and the planning, all of which have to succeed. */
static void finish(struct plan_writer *writer, struct planning *planning, int query, int64_t rows) {
    struct error error = {0};
    assert_int_equal(plan_writer_end_query(writer, query, rows, &error), 0);
    if (plan_writer_finish(writer, &error) != 0 || planning_finish(planning, &error) != 0) {
        fail_msg("%s", error.message);
    }
}

/* The buffers are overwritten by the next document while the writer is still behind. */
static void the_order_is_kept_across_many_batches(void **state) {
    (void)state;
    struct error error = {0};
    struct workspace *workspace = open_it();
    struct planning *planning = begin_plan(workspace);
    struct plan_writer *writer = start(planning);
    int query = begin_rows(writer);
    char key[32];
    char body[512];
    for (int i = 1; i <= MANY_DOCUMENTS; i++) {
        int64_t handle = 0;
        snprintf(key, sizeof key, "key %d", i);
        snprintf(body, sizeof body, "{\"padding\":\"%0400d\"}", i);
        assert_int_equal(add(writer, key, span_of(body), &handle, &error), 0);
        assert_int_equal(handle, i);
        for (int row = 0; row < ROWS_OF_EACH; row++) {
            struct row_reference reference = {.query = query, .row = span_of(key)};
            assert_int_equal(plan_writer_use_row(writer, reference, handle, &error), 0);
        }
    }
    finish(writer, planning, query, MANY_DOCUMENTS * ROWS_OF_EACH);
    assert_rows(workspace,
                "SELECT count(*), sum(key = 'key ' || id),"
                " sum(body = printf('{\"padding\":\"%0400d\"}', id))"
                " FROM document JOIN body ON document = id",
                "3000|3000|3000");
    assert_rows(workspace,
                "SELECT count(*), sum(row = 'key ' || document), sum((rowid + 2) / 3 = document)"
                " FROM source_row",
                "9000|9000|9000");
    workspace_close(workspace);
}

static void every_kind_of_note_arrives(void **state) {
    (void)state;
    struct error error = {0};
    struct workspace *workspace = open_it();
    struct planning *planning = begin_plan(workspace);
    struct plan_writer *writer = start(planning);
    int rows = begin_rows(writer);
    int more = 0;
    assert_int_equal(plan_writer_begin_query(writer, 1, "more", "SELECT 2", &more, &error), 0);
    assert_int_equal(more, rows + 1);
    struct row_reference skipped = {.query = rows, .row = span_of("11")};
    struct row_reference rejected = {.query = more, .row = (struct span){0}};
    assert_int_equal(plan_writer_drop_row(writer, skipped, FATE_SKIPPED, span_of("no-role"),
                                          span_of("{11}"), &error),
                     0);
    assert_int_equal(plan_writer_drop_row(writer, rejected, FATE_REJECTED, span_of("no kind"),
                                          span_of(""), &error),
                     0);
    assert_int_equal(plan_writer_count_correction(writer, 1, "tracker-kept", 2, &error), 0);
    assert_int_equal(plan_writer_count_correction(writer, 1, "tracker-kept", 3, &error), 0);
    assert_int_equal(
        plan_writer_add_warning(writer, 1, span_of("a campaign"), span_of("w"), &error), 0);
    assert_int_equal(plan_writer_end_query(writer, more, 1, &error), 0);
    finish(writer, planning, rows, 1);
    assert_rows(workspace, "SELECT query, row, fate, document, because, content FROM source_row",
                "1|11|skipped|-|no-role|{11}\n"
                "2|-|rejected|-|no kind|");
    assert_rows(workspace, "SELECT id, kind, name, sql, rows_read FROM query",
                "1|0|rows|SELECT 1|1\n"
                "2|1|more|SELECT 2|1");
    assert_rows(workspace, "SELECT kind, id, times FROM correction", "1|tracker-kept|5");
    assert_rows(workspace, "SELECT kind, key, text FROM warning", "1|a campaign|w");
    workspace_close(workspace);
}

static void expect_first_plan(struct workspace *workspace) {
    assert_rows(workspace,
                "SELECT key, state, change, body FROM document JOIN body ON document = id",
                "anna|pending|-|{1}");
    assert_rows(workspace, "SELECT row FROM source_row", "anna");
}

/* The key stands twice; the calls go on until one of them tells it. */
static void an_error_in_the_middle_stops_the_calls_and_nothing_is_kept(void **state) {
    (void)state;
    struct error error = {0};
    struct error again = {0};
    int64_t handle = 0;
    struct workspace *workspace = open_it();
    plan_documents(workspace, (struct hand_document[]){{"anna", "{1}"}, {0}});
    struct planning *planning = begin_plan(workspace);
    struct plan_writer *writer = start(planning);
    begin_rows(writer);
    assert_int_equal(add(writer, "bert", span_of("{2}"), &handle, &error), 0);
    assert_int_equal(add(writer, "bert", span_of("{3}"), &handle, &error), 0);
    int rc = 0;
    for (int i = 0; i < 1000000 && rc == 0; i++) {
        char key[32];
        snprintf(key, sizeof key, "key %d", i);
        rc = add(writer, key, span_of("{4}"), &handle, &error);
    }
    assert_int_equal(rc, -1);
    assert_int_equal(error.code, ERROR_INTERNAL);
    assert_non_null(strstr(error.message, "\"bert\""));
    assert_int_equal(add(writer, "carl", span_of("{5}"), &handle, &again), -1);
    assert_string_equal(again.message, error.message);
    plan_writer_abandon(writer);
    planning_abandon(planning);
    expect_first_plan(workspace);
    workspace_close(workspace);
}

static void an_error_in_the_last_batch_is_told_at_the_end(void **state) {
    (void)state;
    struct error error = {0};
    int64_t handle = 0;
    struct workspace *workspace = open_it();
    plan_documents(workspace, (struct hand_document[]){{"anna", "{1}"}, {0}});
    struct planning *planning = begin_plan(workspace);
    struct plan_writer *writer = start(planning);
    assert_int_equal(add(writer, "bert", span_of("{2}"), &handle, &error), 0);
    assert_int_equal(add(writer, "bert", span_of("{3}"), &handle, &error), 0);
    assert_int_equal(plan_writer_finish(writer, &error), -1);
    assert_int_equal(error.code, ERROR_INTERNAL);
    assert_non_null(strstr(error.message, "\"bert\""));
    planning_abandon(planning);
    expect_first_plan(workspace);
    workspace_close(workspace);
}

static void a_row_is_used_for_the_last_document_only(void **state) {
    (void)state;
    struct error error = {0};
    int64_t first = 0;
    int64_t last = 0;
    struct workspace *workspace = open_it();
    struct planning *planning = begin_plan(workspace);
    struct plan_writer *writer = start(planning);
    struct row_reference row = {.query = begin_rows(writer), .row = span_of("11")};
    assert_int_equal(add(writer, "anna", span_of("{1}"), &first, &error), 0);
    assert_int_equal(add(writer, "bert", span_of("{2}"), &last, &error), 0);
    assert_int_equal(plan_writer_use_row(writer, row, last, &error), 0);
    assert_int_equal(plan_writer_use_row(writer, row, first, &error), 0);
    assert_int_equal(plan_writer_finish(writer, &error), -1);
    assert_int_equal(error.code, ERROR_INTERNAL);
    assert_non_null(strstr(error.message, "\"11\""));
    planning_abandon(planning);
    workspace_close(workspace);
}

static void queries_that_were_there_before_are_found_out(void **state) {
    (void)state;
    struct error error = {0};
    int query = 0;
    struct workspace *workspace = open_it();
    struct planning *planning = begin_plan(workspace);
    assert_int_equal(planning_begin_query(planning, 0, "first", "SELECT 1", &query, &error), 0);
    struct plan_writer *writer = start(planning);
    begin_rows(writer);
    assert_int_equal(plan_writer_finish(writer, &error), -1);
    assert_int_equal(error.code, ERROR_INTERNAL);
    planning_abandon(planning);
    workspace_close(workspace);
}

static void a_huge_body_goes_through(void **state) {
    (void)state;
    struct error error = {0};
    struct workspace *workspace = open_it();
    struct planning *planning = begin_plan(workspace);
    struct plan_writer *writer = start(planning);
    int query = begin_rows(writer);
    char *body = malloc(HUGE_BODY);
    assert_non_null(body);
    for (int i = 1; i <= 5; i++) {
        int64_t handle = 0;
        char key[32];
        snprintf(key, sizeof key, "key %d", i);
        memset(body, 'a' + i, HUGE_BODY);
        assert_int_equal(add(writer, key, (struct span){body, HUGE_BODY}, &handle, &error), 0);
    }
    free(body);
    finish(writer, planning, query, 0);
    assert_rows(workspace,
                "SELECT key, length(body), substr(body, -3) FROM document JOIN body ON"
                " document = id",
                "key 1|5242880|bbb\n"
                "key 2|5242880|ccc\n"
                "key 3|5242880|ddd\n"
                "key 4|5242880|eee\n"
                "key 5|5242880|fff");
    workspace_close(workspace);
}

static void nothing_noted_is_nothing_written(void **state) {
    (void)state;
    struct error error = {0};
    struct workspace *workspace = open_it();
    struct planning *planning = begin_plan(workspace);
    assert_int_equal(plan_writer_finish(start(planning), &error), 0);
    assert_int_equal(planning_finish(planning, &error), 0);
    assert_rows(workspace, "SELECT count(*) FROM document", "0");
    workspace_close(workspace);
}

static void an_abandoned_writer_leaves_the_plan_before(void **state) {
    (void)state;
    struct error error = {0};
    int64_t handle = 0;
    struct workspace *workspace = open_it();
    plan_documents(workspace, (struct hand_document[]){{"anna", "{1}"}, {0}});
    struct planning *planning = begin_plan(workspace);
    struct plan_writer *writer = start(planning);
    for (int i = 0; i < MANY_DOCUMENTS; i++) {
        char key[32];
        snprintf(key, sizeof key, "key %d", i);
        assert_int_equal(add(writer, key, span_of("{}"), &handle, &error), 0);
    }
    plan_writer_abandon(writer);
    planning_abandon(planning);
    expect_first_plan(workspace);
    workspace_close(workspace);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(the_order_is_kept_across_many_batches, empty_folder),
        cmocka_unit_test_teardown(every_kind_of_note_arrives, empty_folder),
        cmocka_unit_test_teardown(an_error_in_the_middle_stops_the_calls_and_nothing_is_kept,
                                  empty_folder),
        cmocka_unit_test_teardown(an_error_in_the_last_batch_is_told_at_the_end, empty_folder),
        cmocka_unit_test_teardown(a_row_is_used_for_the_last_document_only, empty_folder),
        cmocka_unit_test_teardown(queries_that_were_there_before_are_found_out, empty_folder),
        cmocka_unit_test_teardown(a_huge_body_goes_through, empty_folder),
        cmocka_unit_test_teardown(nothing_noted_is_nothing_written, empty_folder),
        cmocka_unit_test_teardown(an_abandoned_writer_leaves_the_plan_before, empty_folder),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
