/* Kinds whose documents are looked up before they are sent, since no answer shows who made the
 * record (migration/kind.h): also where they have to be sent in order, or refer to each other. */
#define _XOPEN_SOURCE 700 /* mkdtemp */
#include "delivery_fixture.h"

/* The target shows no time of creation, so that its clock is never known. */
static int apply_looking_first(const struct apply_settings *settings, struct error *error) {
    struct migration_kind kinds[2];
    struct migration migration = hand_migration;
    struct session *session = open_target();
    memcpy(kinds, hand_migration_kinds, sizeof kinds);
    kinds[TICKETS].answers_with_old = true;
    kinds[COMMENTS].answers_with_old = true;
    migration.kinds = kinds;
    int rc = apply_run(&migration, settings, session, workspace, error);
    session_close(session);
    return rc;
}

static void apply_all_looking_first(void) {
    struct error error = {0};
    const struct apply_settings settings = {
        .loop = {.jobs = 4, .give_up_after = 60 * CLOCK_SECOND, .settle = 300 * CLOCK_MILLISECOND}};
    if (apply_looking_first(&settings, &error) != 0) {
        fail_msg("%s", error.message);
    }
}

/* Comments a0, a1 ... of one ordering key. */
static void plan_one_order(int count) {
    struct error error = {0};
    static const struct planning_kind kinds[] = {{"tickets", "/"}, {"comments", "/"}};
    struct planning *planning = planning_begin(workspace, kinds, 2, &error);
    for (int i = 0; i < count; i++) {
        char key[8];
        char body[32];
        snprintf(key, sizeof key, "a%d", i);
        snprintf(body, sizeof body, "{\"key\":\"%s\"}", key);
        put(planning, (struct plan_entry){.kind = PLAN_DOCUMENT,
                                          .document = {.kind = COMMENTS,
                                                       .key = span_of(key),
                                                       .body = span_of(body),
                                                       .ordering_key = span_of("a")}});
    }
    assert_int_equal(planning_finish(planning, &error), 0);
}

static void each_document_of_an_order_is_looked_up_in_its_turn(void **state) {
    (void)state;
    begin_delivery(NULL);
    plan_one_order(3);
    apply_all_looking_first();
    assert_rows(workspace,
                "SELECT d.key, a.method, a.outcome FROM attempt a JOIN document d"
                " ON d.id = a.document ORDER BY a.id",
                "a0|GET|missing\na0|POST|delivered\na1|GET|missing\na1|POST|delivered\n"
                "a2|GET|missing\na2|POST|delivered");
    assert_rows(workspace, "SELECT DISTINCT state, evidence FROM document", "delivered|answer");
}

static void what_the_target_has_is_not_sent_and_what_follows_is(void **state) {
    (void)state;
    begin_delivery(NULL);
    plan_one_order(3);
    target_store(&target, "comments", "a1", "{\"key\":\"a1\"}");
    apply_all_looking_first();
    assert_string_equal(text_string(&target.keys), "a0 a2 ");
    assert_rows(workspace, "SELECT state, evidence FROM document WHERE key = 'a1'", "present|-");
    assert_rows(workspace, "SELECT count(*) FROM document WHERE state = 'delivered'", "2");
}

static void plan_comments(struct planning *planning, char group, int count, const char *members) {
    for (int i = 0; i < count; i++) {
        char key[8];
        char body[96];
        snprintf(key, sizeof key, "%c%03d", group, i);
        snprintf(body, sizeof body, "{\"key\":\"%s\"%s}", key, members);
        put(planning, document_entry(COMMENTS, key, body, 0));
    }
}

/* More are freed than at once, so that the next ones are fed again; y001 is still being looked up
 * then. */
static void each_is_sent_once_though_it_is_fed_again(void **state) {
    (void)state;
    struct error error = {0};
    static const struct planning_kind kinds[] = {{"tickets", "/"}, {"comments", "/"}};
    begin_delivery(NULL);
    struct planning *planning = planning_begin(workspace, kinds, 2, &error);
    plan_comments(planning, 'r', 300, ",\"to\":{\"$new\":[\"comments\",\"y000\"]}");
    plan_comments(planning, 'y', 2, "");
    target.busy = "y001";
    target.busy_times = 4;
    assert_int_equal(planning_finish(planning, &error), 0);
    apply_all_looking_first();
    assert_int_equal(target.count, 302);
    assert_rows(workspace, "SELECT state, count(*) FROM document GROUP BY 1", "delivered|302");
    assert_rows(workspace, "SELECT method, count(*) FROM attempt GROUP BY 1", "GET|306\nPOST|302");
}

static void what_waits_for_a_record_is_not_looked_up(void **state) {
    (void)state;
    begin_delivery(NULL);
    plan_hand((struct plan_document[]){
        DOCUMENT(TICKETS, "t", "{\"key\":\"t\",\"of\":{\"$new\":[\"queues\",\"none\"]}}"), {0}});
    apply_all_looking_first();
    assert_rows(workspace, "SELECT state FROM document", "waiting");
    assert_rows(workspace, "SELECT count(*) FROM attempt", "0");
}

static void what_was_only_looked_up_when_it_stops_is_pending(void **state) {
    (void)state;
    struct error error = {0};
    begin_delivery((struct target_rule[]){{"a1", RULE_SIGN_OUT, 1}, {0}});
    plan_one_order(4);
    const struct apply_settings settings = {
        .loop = {.jobs = 1, .give_up_after = 60 * CLOCK_SECOND}};
    assert_int_equal(apply_looking_first(&settings, &error), -1);
    assert_int_equal(error.code, ERROR_SESSION);
    assert_rows(workspace, "SELECT state, count(*) FROM document GROUP BY 1",
                "delivered|1\npending|3");
}

#define TEST(name) cmocka_unit_test_teardown(name, end_delivery)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(each_document_of_an_order_is_looked_up_in_its_turn),
        TEST(what_the_target_has_is_not_sent_and_what_follows_is),
        TEST(each_is_sent_once_though_it_is_fed_again),
        TEST(what_waits_for_a_record_is_not_looked_up),
        TEST(what_was_only_looked_up_when_it_stops_is_pending),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
