/* Documents that are planned otherwise than they were delivered, and brought to the target. */
#define _XOPEN_SOURCE 700 /* mkdtemp */
#include "delivery_fixture.h"

#define OLD "{\"key\":\"t1\",\"text\":\"old\"}"
#define NEW "{\"key\":\"t1\",\"text\":\"new\"}"
#define OTHER "{\"key\":\"t1\",\"text\":\"by hand\"}"

static void plan_one(const char *body) {
    plan_hand(
        (struct plan_document[]){{.kind = TICKETS, .key = SPAN("t1"), .body = span_of(body)}, {0}});
}

/* Delivered as OLD, and planned as NEW. */
static void deliver_and_change(struct target_rule *rules) {
    begin_delivery(NULL);
    plan_one(OLD);
    apply_all();
    target.rules = rules;
    plan_one(NEW);
    assert_rows(workspace, "SELECT state, change FROM document", "delivered|changed");
}

static void set_record(const char *text) {
    free(target.records[0].text);
    target.records[0].text = strdup(text);
}

static void assert_updated(void) {
    assert_string_equal(target.records[0].text, NEW);
    assert_rows(workspace,
                "SELECT state, change, verdict, body, changed_body FROM document"
                " JOIN body ON document = id",
                "delivered|-|-|" NEW "|-");
    plan_one(NEW);
    assert_rows(workspace, "SELECT state, change FROM document", "delivered|-");
}

static void a_record_that_is_as_delivered_becomes_what_is_planned_now(void **state) {
    (void)state;
    deliver_and_change(NULL);
    update_all();
    assert_logged("PUT /tickets/100 " NEW "\n");
    assert_updated();
}

static void a_record_that_somebody_has_changed_stays_as_it_is(void **state) {
    (void)state;
    deliver_and_change(NULL);
    set_record(OTHER);
    update_all();
    assert_string_equal(target.records[0].text, OTHER);
    assert_null(strstr(text_string(&target.log), "PUT"));
    assert_rows(workspace,
                "SELECT state, field FROM document JOIN finding ON document = document.id",
                "different|text");
}

static void a_record_that_is_as_planned_already_is_not_sent(void **state) {
    (void)state;
    deliver_and_change(NULL);
    set_record(NEW);
    update_all();
    assert_null(strstr(text_string(&target.log), "PUT"));
    assert_updated();
}

static void a_record_that_is_gone_is_missing_and_not_made_again(void **state) {
    (void)state;
    deliver_and_change(NULL);
    snprintf(target.records[0].key, sizeof target.records[0].key, "another");
    update_all();
    assert_rows(workspace, "SELECT state, change, verdict FROM document",
                "delivered|changed|missing");
    assert_rows(workspace, "SELECT count(*) FROM attempt WHERE method <> 'GET'", "1");
}

static void a_lost_update_that_was_carried_out_is_found(void **state) {
    (void)state;
    deliver_and_change((struct target_rule[]){{"t1", RULE_STORE, 1}, {0}});
    update_all();
    assert_updated();
}

static void a_lost_update_that_was_not_carried_out_is_sent_again(void **state) {
    (void)state;
    deliver_and_change((struct target_rule[]){{"t1", RULE_DROP, 1}, {0}});
    update_all();
    assert_updated();
}

/* As a kill leaves it between the request and the commit. */
static void kill_while_it_is_sent(void) {
    change(workspace, "UPDATE document SET state = 'sending', uncertain_about = 'PUT'");
}

static void after_a_kill_the_new_record_is_taken_for_delivered(void **state) {
    (void)state;
    deliver_and_change(NULL);
    kill_while_it_is_sent();
    set_record(NEW);
    apply_all();
    assert_updated();
}

static void after_a_kill_the_old_record_is_changed_by_the_next_update(void **state) {
    (void)state;
    deliver_and_change(NULL);
    kill_while_it_is_sent();
    apply_all();
    assert_rows(workspace, "SELECT state, change FROM document", "delivered|changed");
    update_all();
    assert_updated();
}

static void after_a_kill_another_record_is_different(void **state) {
    (void)state;
    deliver_and_change(NULL);
    kill_while_it_is_sent();
    set_record(OTHER);
    apply_all();
    assert_rows(workspace, "SELECT state, change FROM document", "different|changed");
}

/* The values belong to the document as much as the body does. */
static void another_header_is_another_document(void **state) {
    (void)state;
    const struct plan_document jane = {
        .kind = TICKETS, .key = SPAN("t1"), .body = SPAN(OLD), .values = SPAN("{\"user\":\"j\"}")};
    struct plan_document joe = jane;
    joe.values = (struct span)SPAN("{\"user\":\"k\"}");
    begin_delivery(NULL);
    plan_hand((struct plan_document[]){jane, {0}});
    apply_all();
    plan_hand((struct plan_document[]){jane, {0}});
    assert_rows(workspace, "SELECT change FROM document", "-");
    plan_hand((struct plan_document[]){joe, {0}});
    assert_rows(workspace,
                "SELECT change, \"values\", changed_values FROM document"
                " JOIN body ON document = id",
                "changed|{\"user\":\"j\"}|{\"user\":\"k\"}");
}

static void an_update_sends_no_secret(void **state) {
    (void)state;
    begin_delivery(NULL);
    plan_one("{\"key\":\"t1\",\"text\":\"old\",\"password\":{\"$secret\":true}}");
    apply_all();
    plan_one("{\"key\":\"t1\",\"text\":\"new\",\"password\":{\"$secret\":true}}");
    update_all();
    assert_logged("PUT /tickets/100 " NEW "\n");
    assert_rows(workspace, "SELECT state, change FROM document", "delivered|-");
}

#define TEST(name) cmocka_unit_test_teardown(name, end_delivery)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(a_record_that_is_as_delivered_becomes_what_is_planned_now),
        TEST(a_record_that_somebody_has_changed_stays_as_it_is),
        TEST(a_record_that_is_as_planned_already_is_not_sent),
        TEST(a_record_that_is_gone_is_missing_and_not_made_again),
        TEST(a_lost_update_that_was_carried_out_is_found),
        TEST(a_lost_update_that_was_not_carried_out_is_sent_again),
        TEST(after_a_kill_the_new_record_is_taken_for_delivered),
        TEST(after_a_kill_the_old_record_is_changed_by_the_next_update),
        TEST(after_a_kill_another_record_is_different),
        TEST(another_header_is_another_document),
        TEST(an_update_sends_no_secret),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
