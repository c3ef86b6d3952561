/* A campaign compared with what the target has. */
#include "valdb/campaign_record.h"
#include "valdb_records.h"

/* A campaign with these fields on top of those that every one here has. */
#define CAMPAIGN(fields)                                                                           \
    "{'name': '12_5_0', 'description': '', 'target_release': '12_5_0',"                            \
    " 'reference_release': '12_5_0', 'relmon': null, 'is_open': false, " fields "}"
#define REPORT(group, status, content, authors)                                                    \
    "{'group': '" group "', 'campaign_name': '12_5_0', 'status': " status ", 'content': '" content \
    "', 'authors': " authors "}"
#define PLANNED                                                                                    \
    CAMPAIGN("'deadline': '2023-01-10', 'subcategories': ['HLT.Data', 'PAGs.Data'],"               \
             " 'reports': [" REPORT(                                                               \
                 "HLT.Data.Tau", "1", "good",                                                      \
                 "['anna@lab.example', 'bert@lab.example']") ", " REPORT("PAGs.Data.Top", "3",     \
                                                                         "bad", "[]") "]")

static void expect_differences(const char *body, const char *record, enum comparison comparison,
                               const char *lines) {
    assert_compared(campaign_compare, body, record, comparison, lines);
}

static void an_echoed_campaign_has_no_differences(void **state) {
    (void)state;
    const char *record =
        CAMPAIGN("'id': '1', 'created_at': 'x', 'deadline': '2023-01-10 00:00:00',"
                 " 'subcategories': ['PAGs.Data', 'HLT.Data'], 'reports': [" REPORT(
                     "PAGs.Data.Top", "3", "bad",
                     "[]") ", " REPORT("HLT.Data.Tau", "1", "good",
                                       "[{'email': 'bert@lab.example', 'fullname': 'Bert'},"
                                       " {'email': 'anna@lab.example'}]") "]");
    expect_differences(PLANNED, record, COMPARE_ANSWER, "");
}

static void read_back_the_contents_are_empty_and_passed(void **state) {
    (void)state;
    const char *record = CAMPAIGN(
        "'deadline': '2023-01-10 00:00:00', 'subcategories': ['HLT.Data', 'PAGs.Data'],"
        " 'reports': [" REPORT("HLT.Data.Tau", "1", "",
                               "[{'email': 'anna@lab.example'},"
                               " {'email': 'bert@lab.example'}]") ", " REPORT("PAGs.Data.Top", "3",
                                                                              "", "[]") "]");
    expect_differences(PLANNED, record, COMPARE_READ_BACK, "");
    expect_differences(PLANNED, record, COMPARE_ANSWER,
                       "reports[HLT.Data.Tau].content: \"good\" / \"\"\n"
                       "reports[PAGs.Data.Top].content: \"bad\" / \"\"\n");
}

#define DUE(deadline) CAMPAIGN("'deadline': " deadline ", 'subcategories': [], 'reports': []")

static void a_deadline_is_a_day_or_the_moment_when_it_begins(void **state) {
    (void)state;
    static const struct {
        const char *found;
        const char *lines;
    } table[] = {
        {DUE("'2023-01-10'"), ""},
        {DUE("'2023-01-10 00:00:00'"), ""},
        {DUE("'2023-01-10 00:00:01'"), "deadline: \"2023-01-10\" / \"2023-01-10 00:00:01\"\n"},
        {DUE("'2023-01-11 00:00:00'"), "deadline: \"2023-01-10\" / \"2023-01-11 00:00:00\"\n"},
        {DUE("'2023-01'"), "deadline: \"2023-01-10\" / \"2023-01\"\n"},
        {DUE("null"), "deadline: \"2023-01-10\" / null\n"},
        {DUE("1673308800"), "deadline: \"2023-01-10\" / 1673308800\n"},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        expect_differences(DUE("'2023-01-10'"), table[i].found, COMPARE_ANSWER, table[i].lines);
    }
}

#define EMPTY "'deadline': '2023-01-10', 'subcategories': ['HLT.Data'], 'reports': []"

static void every_plain_field_is_compared(void **state) {
    (void)state;
    expect_differences(
        CAMPAIGN(EMPTY),
        "{'name': '12_5_1', 'description': 'x', 'target_release': '1', 'reference_release': '2',"
        " 'relmon': '', 'is_open': true, " EMPTY "}",
        COMPARE_READ_BACK,
        "name: \"12_5_0\" / \"12_5_1\"\n"
        "description: \"\" / \"x\"\n"
        "target_release: \"12_5_0\" / \"1\"\n"
        "relmon: null / \"\"\n"
        "is_open: false / true\n"
        "reference_release: \"12_5_0\" / \"2\"\n");
}

static void a_missing_subcategory_is_a_difference(void **state) {
    (void)state;
    expect_differences(
        CAMPAIGN(EMPTY),
        CAMPAIGN("'deadline': '2023-01-10', 'subcategories': ['PAGs.Data'], 'reports': []"),
        COMPARE_READ_BACK, "subcategories: [\"HLT.Data\"] / [\"PAGs.Data\"]\n");
}

#define REPORTS(reports)                                                                           \
    CAMPAIGN("'deadline': '2023-01-10', 'subcategories': [], 'reports': [" reports "]")
#define TAU REPORT("HLT.Data.Tau", "1", "good", "['anna@lab.example']")
#define TOP REPORT("PAGs.Data.Top", "3", "bad", "[]")

static void a_report_that_is_missing_is_a_difference(void **state) {
    (void)state;
    expect_differences(REPORTS(TAU ", " TOP), REPORTS(TOP), COMPARE_READ_BACK,
                       "number of reports: 2 / 1\nreport: \"HLT.Data.Tau\" / nothing\n");
}

static void a_report_too_many_is_a_difference_in_their_number(void **state) {
    (void)state;
    expect_differences(REPORTS(TAU), REPORTS(TAU ", " TOP), COMPARE_READ_BACK,
                       "number of reports: 1 / 2\n");
}

static void a_campaign_whose_reports_are_no_list_has_none(void **state) {
    (void)state;
    expect_differences(
        REPORTS(TOP), CAMPAIGN("'deadline': '2023-01-10', 'subcategories': [], 'reports': null"),
        COMPARE_READ_BACK, "number of reports: 1 / nothing\nreport: \"PAGs.Data.Top\" / nothing\n");
}

static void a_report_with_another_status_or_campaign_is_a_difference(void **state) {
    (void)state;
    expect_differences(REPORTS(TOP),
                       REPORTS("{'group': 'PAGs.Data.Top', 'campaign_name': '12_6_0', 'status': 1,"
                               " 'content': 'bad', 'authors': []}"),
                       COMPARE_READ_BACK,
                       "reports[PAGs.Data.Top].campaign_name: \"12_5_0\" / \"12_6_0\"\n"
                       "reports[PAGs.Data.Top].status: 3 / 1\n");
}

static void an_author_who_was_left_out_is_a_difference(void **state) {
    (void)state;
    expect_differences(REPORTS(TAU), REPORTS(REPORT("HLT.Data.Tau", "1", "good", "[]")),
                       COMPARE_ANSWER,
                       "reports[HLT.Data.Tau].authors: [\"anna@lab.example\"] / []\n");
    expect_differences(
        REPORTS(TAU), REPORTS(REPORT("HLT.Data.Tau", "1", "", "[{'email': 'bert@lab.example'}]")),
        COMPARE_READ_BACK,
        "reports[HLT.Data.Tau].authors: [\"anna@lab.example\"] / [\"bert@lab.example\"]\n");
}

static void two_reports_for_one_group_are_both_compared(void **state) {
    (void)state;
    expect_differences(REPORTS(TOP ", " REPORT("PAGs.Data.Top", "1", "new", "[]")),
                       REPORTS(TOP ", " REPORT("PAGs.Data.Top", "1", "new", "[]")), COMPARE_ANSWER,
                       "");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_echoed_campaign_has_no_differences),
        cmocka_unit_test(read_back_the_contents_are_empty_and_passed),
        cmocka_unit_test(a_deadline_is_a_day_or_the_moment_when_it_begins),
        cmocka_unit_test(every_plain_field_is_compared),
        cmocka_unit_test(a_missing_subcategory_is_a_difference),
        cmocka_unit_test(a_report_that_is_missing_is_a_difference),
        cmocka_unit_test(a_report_too_many_is_a_difference_in_their_number),
        cmocka_unit_test(a_campaign_whose_reports_are_no_list_has_none),
        cmocka_unit_test(a_report_with_another_status_or_campaign_is_a_difference),
        cmocka_unit_test(an_author_who_was_left_out_is_a_difference),
        cmocka_unit_test(two_reports_for_one_group_are_both_compared),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
