/* A campaign found again on the target: the paths, the record in an answer, and its parts. */
#include "valdb/campaign_record.h"
#include "valdb_records.h"

static void a_campaign_is_looked_up_by_its_encoded_name(void **state) {
    (void)state;
    struct text path = {0};
    assert_int_equal(campaign_build_lookup_path(span_of("12_5_0 PU+\xC3\xA9?"), NULL, &path), 1);
    assert_string_equal(text_string(&path), "/api/campaigns/get/12_5_0%20PU%2B%C3%A9%3F/");
    text_free(&path);
}

static void a_name_with_a_slash_cannot_be_read_back_by_a_path(void **state) {
    (void)state;
    struct text path = {0};
    assert_int_equal(campaign_build_lookup_path(span_of("12_5_0/PU"), NULL, &path), 0);
    text_free(&path);
}

static void its_existence_is_asked_of_the_list_by_an_escaped_expression(void **state) {
    (void)state;
    struct text path = {0};
    campaign_build_existence_path(span_of("12_5_0/PU (a.b)"), NULL, &path);
    assert_string_equal(text_string(&path),
                        "/api/campaigns/?search=12_5_0%2FPU%20%5C%28a%5C.b%5C%29&sort=");
    text_free(&path);
}

/* What looking for 12_5_0 in that answer gives, and the record's id. */
static void expect_found(const char *answer, enum lookup_result expected, const char *id) {
    const json_t *record = NULL;
    json_t *value = json_of(answer);
    assert_int_equal(campaign_find_record(value, span_of("12_5_0"), NULL, &record), expected);
    if (id != NULL) {
        assert_string_equal(json_string_value(json_object_get(record, "id")), id);
    }
    json_decref(value);
}

static void the_record_stands_under_campaign(void **state) {
    (void)state;
    expect_found("{'campaign': {'id': '1', 'name': '12_5_0'}, 'groups': {}}", LOOKUP_FOUND, "1");
}

static void the_record_of_a_list_is_the_one_with_the_very_name(void **state) {
    (void)state;
    expect_found("[{'id': '1', 'name': '12_5_0_pre1'}, {'id': '2', 'name': '12_5_0'}]",
                 LOOKUP_FOUND, "2");
}

static void a_list_without_the_name_says_that_it_is_missing(void **state) {
    (void)state;
    expect_found("[]", LOOKUP_MISSING, NULL);
    expect_found("[{'name': '12_5_0_pre1'}, {'name': null}, null]", LOOKUP_MISSING, NULL);
}

static void another_answer_cannot_be_read(void **state) {
    (void)state;
    expect_found("{'campaign': {'name': '12_6_0'}}", LOOKUP_UNREADABLE, NULL);
    expect_found("{'campaign': null}", LOOKUP_UNREADABLE, NULL);
    expect_found("{'name': '12_5_0'}", LOOKUP_UNREADABLE, NULL);
    expect_found("null", LOOKUP_UNREADABLE, NULL);
}

static void expect_means_exists(const char *answer, bool expected) {
    json_t *value = json_of(answer);
    assert_int_equal(campaign_means_exists(value), expected);
    json_decref(value);
}

static void name_is_not_unique_means_that_it_may_be_there(void **state) {
    (void)state;
    expect_means_exists("{'message': 'Name is not unique'}", true);
    expect_means_exists("{'message': 'Name is not unique, Subcategories is a required field'}",
                        true);
    expect_means_exists("{'message': 'Name has an incorrect format'}", false);
    expect_means_exists("{'message': null}", false);
    expect_means_exists("null", false);
}

#define BODY                                                                                       \
    "{'reports': [{'group': 'HLT.Data.Tau', 'campaign_name': '12_5_0', 'status': 1,"               \
    " 'content': 'good', 'authors': ['anna@lab.example']},"                                        \
    " {'group': 'HLT.Data.Top', 'campaign_name': '12_5_0', 'status': 3, 'content': 'bad',"         \
    " 'authors': []}]}"

static void each_report_is_a_part_with_a_path_of_its_own(void **state) {
    (void)state;
    struct text path = {0};
    json_t *body = json_of(BODY);
    assert_int_equal(campaign_count_parts(body), 2);
    campaign_build_part_path(span_of("12_5_0 PU"), body, 1, &path);
    assert_string_equal(text_string(&path), "/api/reports/search/12_5_0%20PU/HLT.Data.Top/");
    text_free(&path);
    json_decref(body);
}

static void a_campaign_without_reports_has_no_parts(void **state) {
    (void)state;
    json_t *body = json_of("{'reports': []}");
    assert_int_equal(campaign_count_parts(body), 0);
    json_decref(body);
}

/* The first report of the body against that answer. */
static size_t compare_first_part(const json_t *body, const json_t *answer,
                                 enum comparison comparison,
                                 const struct difference_sink *differences) {
    (void)comparison;
    return campaign_compare_part(body, 0, answer, differences);
}

static void expect_part(const char *answer, const char *lines) {
    assert_compared(compare_first_part, BODY, answer, COMPARE_READ_BACK, lines);
}

static void a_part_is_compared_with_its_content(void **state) {
    (void)state;
    expect_part("{'group': 'HLT.Data.Tau', 'campaign_name': '12_5_0', 'status': 1,"
                " 'content': 'good', 'authors': [{'email': 'anna@lab.example'}]}",
                "");
    expect_part("{'group': 'HLT.Data.Tau', 'campaign_name': '12_5_0', 'status': 1,"
                " 'content': 'goo', 'authors': [{'email': 'anna@lab.example'}]}",
                "reports[HLT.Data.Tau].content: \"good\" / \"goo\"\n");
    expect_part("{'group': 'HLT.Data.Tau', 'campaign_name': '12_5_0', 'status': 2,"
                " 'content': 'good', 'authors': []}",
                "reports[HLT.Data.Tau].status: 1 / 2\n"
                "reports[HLT.Data.Tau].authors: [\"anna@lab.example\"] / []\n");
}

static void a_part_that_is_null_is_missing(void **state) {
    (void)state;
    expect_part("null", "report: \"HLT.Data.Tau\" / nothing\n");
    expect_part("[]", "report: \"HLT.Data.Tau\" / nothing\n");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_campaign_is_looked_up_by_its_encoded_name),
        cmocka_unit_test(a_name_with_a_slash_cannot_be_read_back_by_a_path),
        cmocka_unit_test(its_existence_is_asked_of_the_list_by_an_escaped_expression),
        cmocka_unit_test(the_record_stands_under_campaign),
        cmocka_unit_test(the_record_of_a_list_is_the_one_with_the_very_name),
        cmocka_unit_test(a_list_without_the_name_says_that_it_is_missing),
        cmocka_unit_test(another_answer_cannot_be_read),
        cmocka_unit_test(name_is_not_unique_means_that_it_may_be_there),
        cmocka_unit_test(each_report_is_a_part_with_a_path_of_its_own),
        cmocka_unit_test(a_campaign_without_reports_has_no_parts),
        cmocka_unit_test(a_part_is_compared_with_its_content),
        cmocka_unit_test(a_part_that_is_null_is_missing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
