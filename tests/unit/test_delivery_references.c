/* Documents that refer to records of the target: what leaves in the place of a reference, and what
 * waits where there is none. */
#define _GNU_SOURCE /* memmem, mkdtemp */
#include "delivery_fixture.h"

#define TO_TICKET(key) "{\"$new\":[\"tickets\",\"" key "\"]}"

static void a_reference_leaves_as_the_id_and_nothing_else_changes(void **state) {
    (void)state;
    begin_delivery(NULL);
    plan_hand((struct plan_document[]){
        DOCUMENT(TICKETS, "t1", "{\"key\":\"t1\"}"),
        DOCUMENT_WITH(COMMENTS, "c1",
                      "{\"key\":\"c1\", \"at\":1.10,\"of\":" TO_TICKET("t1") ",\"big\":1e2}",
                      "{\"under\":" TO_TICKET("t1") "}"),
        {0}});
    apply_all();
    assert_logged("POST /comments/100 {\"key\":\"c1\", \"at\":1.10,\"of\":100,\"big\":1e2}\n");
    assert_rows(workspace, "SELECT key, state, typeof(target_id) FROM document",
                "t1|delivered|integer\nc1|delivered|integer");
}

static void an_id_that_is_a_text_stays_one(void **state) {
    (void)state;
    begin_delivery(NULL);
    target.gives_texts = true;
    plan_hand((struct plan_document[]){
        DOCUMENT(TICKETS, "t1", "{\"key\":\"t1\"}"),
        DOCUMENT(COMMENTS, "c1", "{\"key\":\"c1\",\"of\":" TO_TICKET("t1") "}"),
        {0}});
    apply_all();
    assert_logged("{\"key\":\"c1\",\"of\":\"n100\"}");
    assert_rows(workspace, "SELECT typeof(target_id) FROM document", "text\ntext");
}

static void words_in_a_text_are_no_reference(void **state) {
    (void)state;
    begin_delivery(NULL);
    plan_hand((struct plan_document[]){
        DOCUMENT(TICKETS, "t1",
                 "{\"key\":\"t1\",\"text\":\"{\\\"$new\\\":[\\\"a\\\",\\\"b\\\"]}\"}"),
        DOCUMENT(TICKETS, "t2", "{\"key\":\"t2\",\"$new\":[\"a\",\"b\"],\"n\":1}"),
        {0}});
    apply_all();
    assert_rows(workspace, "SELECT key, state FROM document", "t1|delivered\nt2|delivered");
    assert_rows(workspace, "SELECT count(*) FROM reference", "0");
}

static void what_the_target_has_by_name_is_waited_for_until_it_is_there(void **state) {
    (void)state;
    begin_delivery(NULL);
    plan_hand((struct plan_document[]){
        DOCUMENT(TICKETS, "t1", "{\"key\":\"t1\",\"in\":{\"$new\":[\"projects\",\"help\"]}}"),
        {0}});
    apply_all();
    assert_states("t1|waiting|-");
    assert_rows(workspace, "SELECT during, field FROM finding",
                "apply|waits for projects help, which the target does not have");
    put_existing("projects", "help", (struct record_id){span_of("7"), true});
    apply_all();
    assert_logged("\"in\":7}");
    assert_states("t1|delivered|100");
    assert_rows(workspace, "SELECT count(*) FROM finding", "0");
}

static void what_refers_to_a_refused_record_waits_and_so_does_what_refers_to_that(void **state) {
    (void)state;
    begin_delivery((struct target_rule[]){{"t1", RULE_REFUSE, 1}, {0}});
    plan_hand((struct plan_document[]){
        DOCUMENT(TICKETS, "t1", "{\"key\":\"t1\"}"),
        DOCUMENT(COMMENTS, "c1", "{\"key\":\"c1\",\"of\":" TO_TICKET("t1") "}"),
        DOCUMENT(COMMENTS, "c2", "{\"key\":\"c2\",\"to\":{\"$new\":[\"comments\",\"c1\"]}}"),
        DOCUMENT(COMMENTS, "c3", "{\"key\":\"c3\"}"),
        {0}});
    apply_all();
    assert_states("t1|refused|-\nc1|waiting|-\nc2|waiting|-\nc3|delivered|100");
    assert_rows(workspace, "SELECT field FROM finding ORDER BY document",
                "waits for tickets t1, which was refused\n"
                "waits for comments c1, which waits itself");
    apply_with(&(struct apply_settings){.loop = {.jobs = 1, .give_up_after = 60 * CLOCK_SECOND},
                                        .retry_refused = true});
    assert_states("t1|delivered|101\nc1|delivered|102\nc2|delivered|103\nc3|delivered|100");
}

static void what_the_plan_has_no_more_is_waited_for(void **state) {
    (void)state;
    begin_delivery(NULL);
    plan_hand((struct plan_document[]){
        DOCUMENT(TICKETS, "t1", "{\"key\":\"t1\"}"),
        DOCUMENT(COMMENTS, "c1", "{\"key\":\"c1\",\"of\":" TO_TICKET("t1") "}"),
        DOCUMENT(COMMENTS, "c2", "{\"key\":\"c2\",\"of\":" TO_TICKET("t9") "}"),
        {0}});
    change(workspace, "UPDATE document SET change = 'gone' WHERE key = 't1'");
    apply_all();
    assert_rows(workspace, "SELECT field FROM finding ORDER BY document",
                "waits for tickets t1, which is planned no more\n"
                "waits for tickets t9, which neither the plan nor the target has");
}

/* The plan has the reply before the comment that it answers. */
static void a_reply_leaves_once_what_it_answers_has_its_id(void **state) {
    (void)state;
    begin_delivery(NULL);
    plan_hand((struct plan_document[]){
        DOCUMENT(COMMENTS, "c1", "{\"key\":\"c1\",\"to\":{\"$new\":[\"comments\",\"c2\"]}}"),
        DOCUMENT(COMMENTS, "c2", "{\"key\":\"c2\",\"to\":{\"$new\":[\"comments\",\"c3\"]}}"),
        DOCUMENT(COMMENTS, "c3", "{\"key\":\"c3\"}"),
        {0}});
    apply_all();
    assert_string_equal(text_string(&target.keys), "c3 c2 c1 ");
    assert_logged("{\"key\":\"c1\",\"to\":101}");
}

static void a_part_has_the_ids_of_what_its_parent_has_delivered(void **state) {
    (void)state;
    begin_delivery(NULL);
    plan_hand((struct plan_document[]){
        DOCUMENT(COMMENTS, "c1", "{\"key\":\"c1\",\"of\":" TO_TICKET("t1") "}"), {0}});
    change(workspace, "INSERT INTO known_record VALUES ('tickets', 't1', 55)");
    apply_all();
    assert_logged("{\"key\":\"c1\",\"of\":55}");
}

/* Of the answer that shows no id, the record is looked up; of the other, the header has it. */
static void an_id_that_comes_late_is_found(void **state) {
    (void)state;
    begin_delivery((struct target_rule[]){{"t1", RULE_WITHOUT_ID, 1}, {"t2", RULE_POINT, 1}, {0}});
    plan_hand((struct plan_document[]){
        DOCUMENT(TICKETS, "t1", "{\"key\":\"t1\"}"),
        DOCUMENT(TICKETS, "t2", "{\"key\":\"t2\"}"),
        DOCUMENT(COMMENTS, "c1", "{\"key\":\"c1\",\"of\":" TO_TICKET("t1") "}"),
        DOCUMENT(COMMENTS, "c2", "{\"key\":\"c2\",\"of\":" TO_TICKET("t2") "}"),
        {0}});
    apply_with(&(struct apply_settings){.loop = {.jobs = 1, .give_up_after = 60 * CLOCK_SECOND}});
    assert_logged("{\"key\":\"c1\",\"of\":100}");
    assert_logged("{\"key\":\"c2\",\"of\":101}");
    assert_rows(workspace, "SELECT DISTINCT state, evidence FROM document", "delivered|answer");
}

static void several_records_that_match_are_never_the_first_one(void **state) {
    (void)state;
    begin_delivery(NULL);
    target_store(&target, "tickets", "t1", "{\"key\":\"t1\"}");
    target_store(&target, "tickets", "t1", "{\"key\":\"t1\"}");
    plan_hand((struct plan_document[]){DOCUMENT(TICKETS, "t1", "{\"key\":\"t1\"}"), {0}});
    change(workspace, "UPDATE document SET state = 'unknown'");
    apply_all();
    assert_states("t1|duplicate|-");
    assert_rows(workspace, "SELECT field, found_value FROM finding",
                "records that match|2: 100, 101");
}

/* ---- headers and secrets ---- */

static void a_header_leaves_with_its_document_only(void **state) {
    (void)state;
    begin_delivery(NULL);
    plan_hand((struct plan_document[]){
        DOCUMENT_WITH(TICKETS, "t1", "{\"key\":\"t1\"}", "{\"user\":\"jane\"}"),
        DOCUMENT(TICKETS, "t2", "{\"key\":\"t2\"}"),
        DOCUMENT_WITH(TICKETS, "t3", "{\"key\":\"t3\"}", "{\"user\":\"joe\"}"),
        {0}});
    apply_with(&(struct apply_settings){.loop = {.jobs = 1, .give_up_after = 60 * CLOCK_SECOND}});
    assert_string_equal(text_string(&target.user), "jane joe ");
}

static void a_header_that_would_break_out_is_not_sent(void **state) {
    (void)state;
    begin_delivery(NULL);
    plan_hand((struct plan_document[]){
        DOCUMENT_WITH(TICKETS, "t1", "{\"key\":\"t1\"}", "{\"user\":\"a\\rX: 1\"}"),
        DOCUMENT(TICKETS, "t2", "{\"key\":\"t2\"}"),
        {0}});
    apply_all();
    assert_states("t1|refused|-\nt2|delivered|100");
    assert_string_equal(text_string(&target.keys), "t2 ");
    assert_rows(workspace, "SELECT field FROM finding", "request");
}

/* The secret that the target has read for the key, from its log. */
static void read_secret(const char *key, char secret[33]) {
    char start[64];
    snprintf(start, sizeof start, "{\"key\":\"%s\",\"password\":\"", key);
    const char *found = strstr(text_string(&target.log), start);
    assert_non_null(found);
    memcpy(secret, found + strlen(start), 32);
    secret[32] = '\0';
    assert_int_equal(found[strlen(start) + 32], '"');
    assert_int_equal(strspn(secret, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                                    "0123456789-_"),
                     32);
}

static bool is_in_workspace(const char *word) {
    char bytes[65536];
    bool is_there = false;
    change(workspace, "PRAGMA wal_checkpoint(TRUNCATE)");
    FILE *file = fopen(path, "rb");
    size_t got;
    while ((got = fread(bytes, 1, sizeof bytes, file)) > 0) {
        is_there = is_there || memmem(bytes, got, word, strlen(word)) != NULL;
    }
    fclose(file);
    return is_there;
}

#define WITH_SECRET(key) "{\"key\":\"" key "\",\"password\":{\"$secret\":true}}"

static void a_secret_is_drawn_for_each_document_and_kept_by_nobody(void **state) {
    (void)state;
    char secrets[3][33];
    begin_delivery((struct target_rule[]){{"t2", RULE_REFUSE, 1}, {"t3", RULE_STORE, 1}, {0}});
    plan_hand((struct plan_document[]){DOCUMENT(TICKETS, "t1", WITH_SECRET("t1")),
                                       DOCUMENT(TICKETS, "t2", WITH_SECRET("t2")),
                                       DOCUMENT(TICKETS, "t3", WITH_SECRET("t3")),
                                       {0}});
    apply_all();
    assert_rows(workspace, "SELECT key, state FROM document",
                "t1|delivered\nt2|refused\nt3|delivered");
    for (int i = 0; i < 3; i++) {
        const char *const keys[] = {"t1", "t2", "t3"};
        read_secret(keys[i], secrets[i]);
        assert_false(is_in_workspace(secrets[i]));
    }
    assert_string_not_equal(secrets[0], secrets[1]);
    assert_rows(workspace, "SELECT excerpt LIKE '%****%' FROM attempt WHERE status = 422", "1");
}

#define TEST(name) cmocka_unit_test_teardown(name, end_delivery)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(a_reference_leaves_as_the_id_and_nothing_else_changes),
        TEST(an_id_that_is_a_text_stays_one),
        TEST(words_in_a_text_are_no_reference),
        TEST(what_the_target_has_by_name_is_waited_for_until_it_is_there),
        TEST(what_refers_to_a_refused_record_waits_and_so_does_what_refers_to_that),
        TEST(what_the_plan_has_no_more_is_waited_for),
        TEST(a_reply_leaves_once_what_it_answers_has_its_id),
        TEST(a_part_has_the_ids_of_what_its_parent_has_delivered),
        TEST(an_id_that_comes_late_is_found),
        TEST(several_records_that_match_are_never_the_first_one),
        TEST(a_header_leaves_with_its_document_only),
        TEST(a_header_that_would_break_out_is_not_sent),
        TEST(a_secret_is_drawn_for_each_document_and_kept_by_nobody),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
