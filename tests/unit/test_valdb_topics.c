/* What a report shows next to a row: campaign, group and author. */
#include <jansson.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "valdb/valdb.h"

enum { CAMPAIGN, GROUP, AUTHOR };

static json_t *parse(const char *text) {
    json_t *parsed = json_loads(text, 0, NULL);
    assert_non_null(parsed);
    return parsed;
}

static void free_values(struct topic_values *about) {
    for (size_t i = 0; i < TOPIC_MOST; i++) {
        text_free(&about->values[i]);
    }
}

static void expect_row(const char *table, const char *row, const char *campaign, const char *group,
                       const char *author) {
    struct topic_values about = {0};
    json_t *parsed = parse(row);
    valdb_topics.describe_row(span_of(table), parsed, &about);
    assert_string_equal(text_string(&about.values[CAMPAIGN]), campaign);
    assert_string_equal(text_string(&about.values[GROUP]), group);
    assert_string_equal(text_string(&about.values[AUTHOR]), author);
    free_values(&about);
    json_decref(parsed);
}

static void a_release_has_a_campaign_and_a_group(void **state) {
    (void)state;
    expect_row("releases",
               "{\"RELEASE_NAME\":\" 12_5_0\",\"CATEGORY\":\"IN\",\"SUBCATEGORY\":\"data\","
               "\"STATUS_KIND\":\"TK\"}",
               "12_5_0", "HIN.Data.Tracker", "");
}

static void a_summary_is_about_a_whole_subcategory(void **state) {
    (void)state;
    expect_row("releases_lv",
               "{\"RELEASE_NAME\":\"12_5_0\",\"CATEGORY\":\"HLT\",\"SUBCATEGORY\":\"Data\","
               "\"STATUS_KIND\":\"SUMMARY\"}",
               "12_5_0", "HLT.Data", "");
}

static void a_group_with_a_word_that_is_not_known_is_shown_as_it_is(void **state) {
    (void)state;
    expect_row("user_rights",
               "{\"USER_NAME\":\"anna\",\"CATEGORY\":\"Alignment\",\"SUBCATEGORY\":null,"
               "\"STATUS_KIND\":\"TAU\"}",
               "", "Alignment.?.TAU", "anna");
}

static void a_status_has_an_author_and_the_rest_is_in_its_release(void **state) {
    (void)state;
    expect_row("status", "{\"ID\":7,\"USER_NAME\":\"Anna Berg\"}", "", "", "Anna Berg");
    assert_string_equal(valdb_topics.find_partner(span_of("status")), "releases");
    assert_string_equal(valdb_topics.find_partner(span_of("releases_lv")), "status_lv");
    assert_null(valdb_topics.find_partner(span_of("users")));
    assert_null(valdb_topics.find_partner(span_of("somewhere")));
}

static void a_user_is_known_by_address_or_else_by_login(void **state) {
    (void)state;
    expect_row("users", "{\"USER_NAME\":\"anna\",\"EMAIL\":\"anna@lab.example\"}", "", "",
               "anna@lab.example");
    expect_row("users", "{\"USER_NAME\":\"anna\",\"EMAIL\":null}", "", "", "anna");
}

static void a_row_that_is_no_object_is_about_nothing(void **state) {
    (void)state;
    expect_row("users", "[]", "", "", "");
    expect_row("somewhere", "{\"USER_NAME\":\"anna\"}", "", "", "");
}

static const char campaign[] =
    "{\"name\":\"12_5_0\",\"reports\":["
    "{\"authors\":[\"anna@lab.example\"],\"group\":\"HLT.Data.MET\",\"status\":3,\"content\":\"\"},"
    "{\"authors\":[],\"group\":\"HLT.Data.Tau\",\"status\":1,"
    "\"content\":\"**Comments:** x\\n\\n**Author:** Bo Carl \\n\\n**Earlier:**\"},"
    "{\"authors\":[],\"group\":\"HLT.Data.Jet\",\"status\":77,\"content\":\"**Comments:** y\"}]}";

static void expect_part(const json_t *body, size_t index, const char *author, const char *state,
                        bool has_no_author) {
    struct topic_part part = {0};
    assert_true(valdb_topics.describe_part(span_of("campaigns"), body, index, &part));
    assert_string_equal(text_string(&part.about.values[CAMPAIGN]), "12_5_0");
    assert_string_equal(text_string(&part.about.values[AUTHOR]), author);
    assert_string_equal(text_string(&part.state), state);
    assert_int_equal(part.has_no_author, has_no_author);
    free_values(&part.about);
    text_free(&part.state);
}

static void each_report_is_a_part_with_its_author_or_the_name_in_its_content(void **state) {
    (void)state;
    struct topic_part none = {0};
    json_t *body = parse(campaign);
    expect_part(body, 0, "anna@lab.example", "FAILURE", false);
    expect_part(body, 1, "Bo Carl", "OK", true);
    expect_part(body, 2, "", "", true);
    assert_false(valdb_topics.describe_part(span_of("campaigns"), body, 3, &none));
    json_decref(body);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_release_has_a_campaign_and_a_group),
        cmocka_unit_test(a_summary_is_about_a_whole_subcategory),
        cmocka_unit_test(a_group_with_a_word_that_is_not_known_is_shown_as_it_is),
        cmocka_unit_test(a_status_has_an_author_and_the_rest_is_in_its_release),
        cmocka_unit_test(a_user_is_known_by_address_or_else_by_login),
        cmocka_unit_test(a_row_that_is_no_object_is_about_nothing),
        cmocka_unit_test(each_report_is_a_part_with_its_author_or_the_name_in_its_content),
    };
    return cmocka_run_group_tests_name("valdb_topics", tests, NULL, NULL);
}
