/* Parts of a workspace whose documents refer to others, or have an order. */
#define _XOPEN_SOURCE 700 /* mkdtemp */
#include "delivery_fixture.h"

#include "workspace/merge.h"
#include "workspace/split.h"

#define COMMENT(key, to)                                                                           \
    DOCUMENT(COMMENTS, key, "{\"key\":\"" key "\",\"of\":{\"$new\":[\"tickets\",\"" to "\"]}}")

static void plan_comments(void) {
    plan_hand((struct plan_document[]){DOCUMENT(TICKETS, "t1", "{\"key\":\"t1\"}"),
                                       DOCUMENT(TICKETS, "t2", "{\"key\":\"t2\"}"),
                                       COMMENT("c1", "t1"),
                                       COMMENT("c2", "t2"),
                                       COMMENT("c3", "t1"),
                                       COMMENT("c4", "t2"),
                                       {0}});
}

/* Hands the kind out in two parts; the message where that is refused. */
static enum error_code hand_out(const char *kind, struct error *error) {
    struct split_result result;
    const struct split_order order = {.kind = kind, .parts = 2, .folder = folder};
    *error = (struct error){0};
    int rc = split_hand_out(workspace, &order, &result, error);
    split_result_free(&result);
    return rc == 0 ? ERROR_NONE : error->code;
}

static const char *part_path(int number) {
    static char paths[3][96];
    snprintf(paths[number], sizeof paths[number], "%s/comments-%d-of-2.rowpost", folder, number);
    return paths[number];
}

/* Delivers the part, and merges it. */
static void deliver_and_merge(int number) {
    struct error error = {0};
    struct merged merged;
    struct workspace *parent = workspace;
    workspace = workspace_open(part_path(number), "apply", &error);
    assert_non_null(workspace);
    apply_all();
    workspace_close(workspace);
    workspace = parent;
    if (merge_part(workspace, part_path(number), &merged, &error) != 0) {
        fail_msg("%s", error.message);
    }
    merged_free(&merged);
}

static void what_refers_to_pending_documents_is_not_handed_out(void **state) {
    (void)state;
    struct error error;
    begin_delivery(NULL);
    plan_comments();
    assert_int_equal(hand_out("comments", &error), ERROR_USAGE);
    assert_non_null(strstr(error.message, "document \"c1\" refers to tickets \"t1\", which is not "
                                          "delivered"));
    assert_rows(workspace, "SELECT DISTINCT state FROM document", "pending");
}

static void a_part_delivers_with_the_ids_that_its_parent_knows(void **state) {
    (void)state;
    struct error error;
    begin_delivery(NULL);
    plan_comments();
    apply_with(&(struct apply_settings){.loop = {.jobs = 1, .give_up_after = 60 * CLOCK_SECOND},
                                        .choice = {.only = "tickets"}});
    assert_int_equal(hand_out("comments", &error), ERROR_NONE);
    deliver_and_merge(1);
    deliver_and_merge(2);
    assert_logged("{\"key\":\"c1\",\"of\":100}");
    assert_logged("{\"key\":\"c4\",\"of\":101}");
    assert_rows(workspace, "SELECT DISTINCT state, typeof(target_id) FROM document",
                "delivered|integer");
    assert_rows(workspace, "SELECT count(*) FROM reference", "4");
}

static void documents_of_one_order_are_in_one_part(void **state) {
    (void)state;
    struct error error;
    struct plan_document documents[13] = {{0}};
    char keys[12][8];
    begin_delivery(NULL);
    for (int i = 0; i < 12; i++) {
        snprintf(keys[i], sizeof keys[i], "k%d", i);
        documents[i] = (struct plan_document){.kind = COMMENTS,
                                              .key = span_of(keys[i]),
                                              .body = SPAN("{}"),
                                              .ordering_key = span_of(i % 2 == 0 ? "x" : "y")};
    }
    plan_hand(documents);
    assert_int_equal(hand_out("comments", &error), ERROR_NONE);
    assert_rows(workspace,
                "SELECT ordering_key, count(DISTINCT part), count(*) FROM document GROUP BY 1",
                "x|1|6\ny|1|6");
}

/* A reply and what it answers are in one part, where they are delivered in turn. */
static void replies_in_one_order_are_handed_out_together(void **state) {
    (void)state;
    struct error error;
    struct plan_document comment = DOCUMENT(COMMENTS, "c1", "{\"key\":\"c1\"}");
    struct plan_document reply =
        DOCUMENT(COMMENTS, "c2", "{\"key\":\"c2\",\"to\":{\"$new\":[\"comments\",\"c1\"]}}");
    comment.ordering_key = span_of("t1");
    reply.ordering_key = span_of("t1");
    begin_delivery(NULL);
    plan_hand((struct plan_document[]){comment, reply, {0}});
    assert_int_equal(hand_out("comments", &error), ERROR_NONE);
    deliver_and_merge(1);
    deliver_and_merge(2);
    assert_states("c1|delivered|100\nc2|delivered|101");
}

/* It is the part's to send, as long as it may. */
static void what_waits_in_a_part_stays_handed_out(void **state) {
    (void)state;
    struct error error;
    begin_delivery(NULL);
    plan_hand((struct plan_document[]){
        DOCUMENT(COMMENTS, "c1", "{\"key\":\"c1\",\"in\":{\"$new\":[\"projects\",\"help\"]}}"),
        {0}});
    assert_int_equal(hand_out("comments", &error), ERROR_NONE);
    deliver_and_merge(1);
    deliver_and_merge(2);
    assert_states("c1|handed out|-");
}

#define TEST(name) cmocka_unit_test_teardown(name, end_delivery)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(what_refers_to_pending_documents_is_not_handed_out),
        TEST(a_part_delivers_with_the_ids_that_its_parent_knows),
        TEST(documents_of_one_order_are_in_one_part),
        TEST(replies_in_one_order_are_handed_out_together),
        TEST(what_waits_in_a_part_stays_handed_out),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
