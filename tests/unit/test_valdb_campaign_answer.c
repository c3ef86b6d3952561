/* A campaign found again on the target: the paths, the record in an answer, and its parts. */
#include "valdb/campaign_record.h"
#include "valdb_records.h"

static void a_campaign_is_looked_up_by_its_encoded_name(void **state) {
    (void)state;
    assert_path(campaign_build_find, "12_5_0 PU+\xC3\xA9?", "{}", 0,
                "/api/campaigns/get/12_5_0%20PU%2B%C3%A9%3F/");
}

static void a_name_with_a_slash_cannot_be_read_back_by_a_path(void **state) {
    (void)state;
    assert_path(campaign_build_find, "12_5_0/PU", "{}", 0, NULL);
}

static void its_existence_is_asked_of_the_list_by_an_escaped_expression(void **state) {
    (void)state;
    assert_path(campaign_build_existence, "12_5_0/PU (a.b)", "{}", 0,
                "/api/campaigns/?search=12_5_0%2FPU%20%5C%28a%5C.b%5C%29&sort=");
}

static void expect_found(const char *answer, const char *names) {
    assert_matches(campaign_find_matches, "12_5_0", "{}", KIND_FIND, answer, names);
}

static void the_record_is_under_campaign(void **state) {
    (void)state;
    expect_found("{'campaign': {'id': '1', 'name': '12_5_0'}, 'groups': {}}", "1");
}

static void the_records_of_a_list_are_those_with_the_very_name(void **state) {
    (void)state;
    expect_found("[{'id': '1', 'name': '12_5_0_pre1'}, {'id': '2', 'name': '12_5_0'}]", "2");
    expect_found("[{'id': '1', 'name': '12_5_0'}, {'id': '2', 'name': '12_5_0'}]", "1, 2");
}

static void a_list_without_the_name_says_that_it_is_missing(void **state) {
    (void)state;
    expect_found("[]", "");
    expect_found("[{'name': '12_5_0_pre1'}, {'name': null}, null]", "");
}

static void another_answer_cannot_be_read(void **state) {
    (void)state;
    expect_found("{'campaign': {'name': '12_6_0'}}", NULL);
    expect_found("{'campaign': null}", NULL);
    expect_found("{'name': '12_5_0'}", NULL);
    expect_found("null", NULL);
}

static void the_answer_to_a_post_is_the_campaign_itself(void **state) {
    (void)state;
    assert_matches(campaign_find_matches, "12_5_0", "{}", KIND_CREATE,
                   "{'id': '1', 'name': '12_5_0'}", "1");
}

static void expect_reading(int status, const char *answer, enum kind_reading expected) {
    json_t *json = json_of(answer);
    struct kind_answer given = {.to = KIND_CREATE, .status = status, .json = json};
    assert_int_equal(campaign_read_answer(NULL, NULL, &given), expected);
    json_decref(json);
}

static void name_is_not_unique_means_that_it_may_be_there(void **state) {
    (void)state;
    expect_reading(400, "{'message': 'Name is not unique'}", READING_EXISTS);
    expect_reading(400, "{'message': 'Name is not unique, Subcategories is a required field'}",
                   READING_EXISTS);
    expect_reading(200, "{'message': 'Name is not unique'}", READING_NONE);
    expect_reading(400, "{'message': null}", READING_NONE);
    expect_reading(400, "null", READING_NONE);
}

static void what_is_checked_of_the_campaign_itself_is_checked_before_it_is_stored(void **state) {
    (void)state;
    expect_reading(400, "{'message': 'Name has an incorrect format'}", READING_UNSTORED);
    expect_reading(400, "{'message': 'Subcategories is a required field'}", READING_UNSTORED);
    expect_reading(400, "{'message': 'Group has an incorrect format'}", READING_NONE);
}

#define BODY                                                                                       \
    "{'reports': [{'group': 'HLT.Data.Tau', 'campaign_name': '12_5_0', 'status': 1,"               \
    " 'content': 'good', 'authors': ['anna@lab.example']},"                                        \
    " {'group': 'HLT.Data.Top', 'campaign_name': '12_5_0', 'status': 3, 'content': 'bad',"         \
    " 'authors': []}]}"

static size_t count_parts(const char *body, enum kind_depth depth) {
    json_t *planned = json_of(body);
    struct kind_document document = {.body = planned};
    size_t count = campaign_count_parts(NULL, &document, depth);
    json_decref(planned);
    return count;
}

static void each_report_is_a_part_with_a_path_of_its_own(void **state) {
    (void)state;
    assert_int_equal(count_parts(BODY, DEPTH_PARTS), 2);
    assert_path(campaign_build_read, "12_5_0 PU", BODY, 1,
                "/api/reports/search/12_5_0%20PU/HLT.Data.Top/");
}

static void a_campaign_without_reports_has_no_parts(void **state) {
    (void)state;
    assert_int_equal(count_parts("{'reports': []}", DEPTH_PARTS), 0);
}

static void parts_are_read_where_they_are_asked_for(void **state) {
    (void)state;
    assert_int_equal(count_parts(BODY, DEPTH_RECORD), 0);
}

/* The first report of the body against that answer. */
static size_t compare_first_part(const struct migration_kind *kind,
                                 const struct kind_document *document, const json_t *answer,
                                 enum comparison comparison,
                                 const struct difference_sink *differences) {
    (void)comparison;
    json_t *answers = json_array();
    json_array_append(answers, (json_t *)answer);
    size_t count = campaign_compare_part(kind, document, 0, answers, differences);
    json_decref(answers);
    return count;
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
        cmocka_unit_test(the_record_is_under_campaign),
        cmocka_unit_test(the_records_of_a_list_are_those_with_the_very_name),
        cmocka_unit_test(a_list_without_the_name_says_that_it_is_missing),
        cmocka_unit_test(another_answer_cannot_be_read),
        cmocka_unit_test(the_answer_to_a_post_is_the_campaign_itself),
        cmocka_unit_test(what_is_checked_of_the_campaign_itself_is_checked_before_it_is_stored),
        cmocka_unit_test(parts_are_read_where_they_are_asked_for),
        cmocka_unit_test(name_is_not_unique_means_that_it_may_be_there),
        cmocka_unit_test(each_report_is_a_part_with_a_path_of_its_own),
        cmocka_unit_test(a_campaign_without_reports_has_no_parts),
        cmocka_unit_test(a_part_is_compared_with_its_content),
        cmocka_unit_test(a_part_that_is_null_is_missing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
