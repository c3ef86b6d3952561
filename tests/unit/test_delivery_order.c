/* Documents that have to be sent in order: those of one ordering key one at a time, others at the
 * same time. */
#define _XOPEN_SOURCE 700 /* mkdtemp */
#include "delivery_fixture.h"

/* `count` comments under each of the ordering keys a, b ..., with keys such as a01; the plan has
 * the first of each, then the second of each, or one key after the other. */
static void plan_ordered(int groups, int count, bool by_group) {
    struct error error = {0};
    static const struct planning_kind kinds[] = {{"tickets", "/"}, {"comments", "/"}};
    struct planning *planning = planning_begin(workspace, kinds, 2, &error);
    for (int i = 0; i < groups * count; i++) {
        int group = by_group ? i / count : i % groups;
        int number = by_group ? i % count : i / groups;
        char key[8];
        char body[32];
        char order[2] = {(char)('a' + group), '\0'};
        snprintf(key, sizeof key, "%c%02d", 'a' + group, number);
        snprintf(body, sizeof body, "{\"key\":\"%s\"}", key);
        put(planning, (struct plan_entry){.kind = PLAN_DOCUMENT,
                                          .document = {.kind = COMMENTS,
                                                       .key = span_of(key),
                                                       .body = span_of(body),
                                                       .ordering_key = span_of(order)}});
    }
    assert_int_equal(planning_finish(planning, &error), 0);
}

/* The keys of that group, in the order in which they were posted. */
static void assert_posted(char group, const char *expected) {
    struct text found = {0};
    for (const char *key = text_string(&target.keys); *key != '\0'; key += 4) {
        if (*key == group) {
            text_append(&found, (struct span){key, 4});
        }
    }
    assert_string_equal(text_string(&found), expected);
    text_free(&found);
}

static size_t place_of(const char *key) {
    const char *found = strstr(text_string(&target.keys), key);
    assert_non_null(found);
    return (size_t)(found - text_string(&target.keys));
}

static void documents_of_one_key_leave_one_at_a_time_and_in_order(void **state) {
    (void)state;
    begin_delivery(NULL);
    plan_ordered(4, 12, false);
    apply_all();
    for (char group = 'a'; group <= 'd'; group++) {
        struct text expected = {0};
        for (int i = 0; i < 12; i++) {
            text_append_format(&expected, "%c%02d ", group, i);
        }
        assert_posted(group, text_string(&expected));
        text_free(&expected);
    }
    assert_false(target.has_overlapped);
    assert_rows(workspace, "SELECT state, count(*) FROM document GROUP BY 1", "delivered|48");
}

/* A look-ahead that stops at the long key would send b only when a is over. */
static void a_long_key_does_not_hold_up_the_others(void **state) {
    (void)state;
    begin_delivery(NULL);
    plan_ordered(2, 60, true);
    apply_all();
    assert_false(target.has_overlapped);
    assert_true(place_of("b00") < place_of("a10"));
}

static void a_lost_answer_stops_its_key_and_no_other(void **state) {
    (void)state;
    begin_delivery((struct target_rule[]){{"a00", RULE_DROP, 1}, {0}});
    plan_ordered(2, 4, false);
    apply_with(&(struct apply_settings){
        .loop = {.jobs = 4, .give_up_after = 60 * CLOCK_SECOND, .settle = 5 * CLOCK_SECOND}});
    assert_posted('a', "a00 a00 a01 a02 a03 ");
    assert_posted('b', "b00 b01 b02 b03 ");
    const char *again = strstr(text_string(&target.keys) + place_of("a00") + 1, "a00");
    assert_true(place_of("b03") < (size_t)(again - text_string(&target.keys)));
    assert_rows(workspace, "SELECT state, count(*) FROM document GROUP BY 1", "delivered|8");
}

static void a_refused_document_does_not_stop_its_key(void **state) {
    (void)state;
    begin_delivery((struct target_rule[]){{"a01", RULE_REFUSE, 1}, {0}});
    plan_ordered(1, 4, false);
    apply_all();
    assert_posted('a', "a00 a01 a02 a03 ");
    assert_rows(workspace, "SELECT key, state FROM document",
                "a00|delivered\na01|refused\na02|delivered\na03|delivered");
}

#define ORDERED(name, order, text)                                                                 \
    { .kind = COMMENTS, .key = SPAN(name), .body = SPAN(text), .ordering_key = SPAN(order) }

static void a_document_that_waits_is_not_overtaken_under_its_key(void **state) {
    (void)state;
    begin_delivery(NULL);
    plan_hand((struct plan_document[]){
        ORDERED("a00", "a", "{\"key\":\"a00\"}"),
        ORDERED("a01", "a", "{\"key\":\"a01\",\"in\":{\"$new\":[\"projects\",\"help\"]}}"),
        ORDERED("a02", "a", "{\"key\":\"a02\"}"),
        ORDERED("a03", "a", "{\"key\":\"a03\"}"),
        ORDERED("b00", "b", "{\"key\":\"b00\"}"),
        {0}});
    apply_all();
    assert_rows(workspace, "SELECT key, state FROM document",
                "a00|delivered\na01|waiting\na02|waiting\na03|waiting\nb00|delivered");
    assert_rows(workspace, "SELECT field FROM finding ORDER BY document",
                "waits for projects help, which the target does not have\n"
                "waits for comments a01, before it under its ordering key, which waits itself\n"
                "waits for comments a01, before it under its ordering key, which waits itself");
    put_existing("projects", "help", (struct record_id){span_of("7"), true});
    apply_all();
    assert_posted('a', "a00 a01 a02 a03 ");
    assert_rows(workspace, "SELECT count(*) FROM finding", "0");
}

/* The second plan puts a00 before a01, which has its place under the key already. */
static void documents_that_a_later_plan_makes_wait_for_each_other_have_a_reason(void **state) {
    (void)state;
    begin_delivery(NULL);
    plan_hand((struct plan_document[]){ORDERED("a01", "a", "{\"key\":\"a01\"}"), {0}});
    plan_hand((struct plan_document[]){
        ORDERED("a00", "a", "{\"key\":\"a00\"}"),
        ORDERED("a01", "a", "{\"key\":\"a01\",\"to\":{\"$new\":[\"comments\",\"a00\"]}}"),
        ORDERED("b00", "b", "{\"key\":\"b00\"}"),
        {0}});
    apply_all();
    assert_rows(workspace, "SELECT key, state FROM document",
                "a01|waiting\na00|waiting\nb00|delivered");
    assert_rows(workspace, "SELECT field FROM finding ORDER BY document",
                "waits for comments a00, which was not sent yet\n"
                "waits for comments a01, before it under its ordering key, which waits itself");
}

/* As a recalled part leaves them: each may have arrived, and is sent again in its turn. */
static void unknown_documents_of_one_key_are_looked_up_in_order(void **state) {
    (void)state;
    begin_delivery(NULL);
    plan_ordered(1, 5, false);
    change(workspace, "UPDATE document SET state = 'unknown'");
    target_store(&target, "comments", "a02", "{\"key\":\"a02\"}");
    apply_all();
    assert_posted('a', "a00 a01 a03 a04 ");
    assert_false(target.has_overlapped);
}

static void a_limit_counts_what_leaves_behind_another(void **state) {
    (void)state;
    begin_delivery(NULL);
    plan_ordered(1, 6, false);
    apply_with(&(struct apply_settings){.loop = {.jobs = 2, .give_up_after = 60 * CLOCK_SECOND},
                                        .choice = {.limit = 3}});
    assert_string_equal(text_string(&target.keys), "a00 a01 a02 ");
    assert_rows(workspace, "SELECT state, count(*) FROM document GROUP BY 1",
                "delivered|3\npending|3");
}

/* Nothing has to be looked up, as nothing that was marked has left. */
static void what_has_not_left_when_it_stops_is_pending(void **state) {
    (void)state;
    struct error error = {0};
    begin_delivery((struct target_rule[]){{"a02", RULE_SIGN_OUT, 1}, {0}});
    plan_ordered(3, 20, false);
    struct session *session = open_target();
    const struct apply_settings settings = {
        .loop = {.jobs = 1, .give_up_after = 60 * CLOCK_SECOND}};
    assert_int_equal(apply_run(&hand_migration, &settings, session, workspace, &error), -1);
    session_close(session);
    assert_int_equal(error.code, ERROR_SESSION);
    assert_rows(workspace, "SELECT count(*) FROM document WHERE state IN ('sending', 'unknown')",
                "0");
    assert_rows(workspace, "SELECT state FROM document WHERE key = 'a02'", "pending");
}

/* More than are freed at once. */
static void all_replies_to_one_comment_leave(void **state) {
    (void)state;
    struct error error = {0};
    static const struct planning_kind kinds[] = {{"tickets", "/"}, {"comments", "/"}};
    begin_delivery(NULL);
    struct planning *planning = planning_begin(workspace, kinds, 2, &error);
    for (int i = 0; i < 300; i++) {
        char key[8];
        char body[96];
        snprintf(key, sizeof key, "r%03d", i);
        snprintf(body, sizeof body, "{\"key\":\"%s\",\"to\":{\"$new\":[\"comments\",\"z\"]}}", key);
        put(planning, document_entry(COMMENTS, key, body, 0));
    }
    put(planning, document_entry(COMMENTS, "z", "{\"key\":\"z\"}", 0));
    assert_int_equal(planning_finish(planning, &error), 0);
    apply_all();
    assert_int_equal(target.keys.data[0], 'z');
    assert_rows(workspace, "SELECT state, count(*) FROM document GROUP BY 1", "delivered|301");
}

#define TEST(name) cmocka_unit_test_teardown(name, end_delivery)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(documents_of_one_key_leave_one_at_a_time_and_in_order),
        TEST(a_long_key_does_not_hold_up_the_others),
        TEST(a_lost_answer_stops_its_key_and_no_other),
        TEST(a_refused_document_does_not_stop_its_key),
        TEST(a_document_that_waits_is_not_overtaken_under_its_key),
        TEST(documents_that_a_later_plan_makes_wait_for_each_other_have_a_reason),
        TEST(unknown_documents_of_one_key_are_looked_up_in_order),
        TEST(a_limit_counts_what_leaves_behind_another),
        TEST(what_has_not_left_when_it_stops_is_pending),
        TEST(all_replies_to_one_comment_leave),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
