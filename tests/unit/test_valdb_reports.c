/* Correction report-single: one report for each group of a campaign, the newest row's. */
#include "valdb_fixture.h"

#define NO_COMMENTS "**Comments:** No comments provided\n\n**Links:** No links provided"

static void the_newest_row_of_a_group_is_its_report(void **state) {
    (void)state;
    static const struct legacy legacy = {
        .reports = {
            {.id = 1,
             .kind = "TRACKER",
             .date = "2023-01-01",
             .status = "FAILURE",
             .comments = "bad"},
            {.id = 2, .kind = "TK", .date = "2023-01-02", .comments = "good"},
        }};
    struct plan *plan = plan_corrected(&legacy);
    expect_json(plan, KIND_CAMPAIGNS, "12_5_0", ".reports",
                "[{'authors': [], 'group': 'Reconstruction.Data.Tracker',"
                " 'campaign_name': '12_5_0', 'status': 1, 'content': '**Comments:** good\\n\\n"
                "**Links:** No links provided\\n\\n**Earlier:**\\n- 2023-01-01, FAILURE: bad'}]");
    expect_used(plan, "releases", "1", KIND_CAMPAIGNS, "12_5_0");
    expect_used(plan, "releases", "2", KIND_CAMPAIGNS, "12_5_0");
}

static void each_row_that_is_in_a_newer_one_counts(void **state) {
    (void)state;
    static const struct legacy newest_first = {
        .reports = {{.id = 1, .date = "2023-01-02"}, {.id = 2, .date = "2023-01-01"}}};
    static const struct legacy newest_last = {
        .reports = {{.id = 1, .date = "2023-01-01"}, {.id = 2, .date = "2023-01-02"}}};
    static const struct legacy three = {.reports = {{.id = 1, .date = "2023-01-01"},
                                                    {.id = 2, .date = "2023-01-03"},
                                                    {.id = 3, .date = "2023-01-02"}}};
    expect_correction(plan_corrected(&newest_first), KIND_CAMPAIGNS, "report-single", 1);
    expect_correction(plan_corrected(&newest_last), KIND_CAMPAIGNS, "report-single", 1);
    expect_correction(plan_corrected(&three), KIND_CAMPAIGNS, "report-single", 2);
}

static void of_one_date_the_highest_id_is_newest(void **state) {
    (void)state;
    static const struct legacy legacy = {.reports = {
                                             {.id = 9, .comments = "nine"},
                                             {.id = 10, .comments = "ten"},
                                             {.id = 8, .comments = "eight"},
                                         }};
    expect_text(plan_corrected(&legacy), KIND_CAMPAIGNS, "12_5_0", ".reports[0].content",
                "**Comments:** ten\n\n**Links:** No links provided\n\n"
                "**Earlier:**\n- 2023-01-10, OK: nine\n- 2023-01-10, OK: eight");
}

static void the_time_of_day_shows_the_newest(void **state) {
    (void)state;
    static const struct legacy legacy = {
        .reports = {
            {.id = 1, .date = "2023-01-10 10:00:01", .comments = "later"},
            {.id = 2, .date = "2023-01-10 10:00:00", .comments = "sooner"},
        }};
    expect_text(plan_corrected(&legacy), KIND_CAMPAIGNS, "12_5_0", ".reports[0].content",
                "**Comments:** later\n\n**Links:** No links provided\n\n"
                "**Earlier:**\n- 2023-01-10, OK: sooner");
}

static void earlier_rows_are_newest_first_with_their_comments_on_one_line(void **state) {
    (void)state;
    static const struct legacy legacy = {
        .reports = {
            {.id = 1, .date = "2022-12-31", .status = SQL_NULL, .comments = " a\r\nb\n"},
            {.id = 2, .date = "2023-01-10"},
            {.id = 3, .date = "2023-01-09", .status = " KNOWN ISSUE", .comments = SQL_NULL},
        }};
    expect_text(plan_corrected(&legacy), KIND_CAMPAIGNS, "12_5_0", ".reports[0].content",
                NO_COMMENTS "\n\n**Earlier:**\n"
                            "- 2023-01-09, KNOWN ISSUE: No comments provided\n"
                            "- 2022-12-31, NOT YET DONE: a b");
}

static void the_report_is_where_its_row_was(void **state) {
    (void)state;
    static const struct legacy legacy = {.reports = {
                                             {.id = 1, .kind = "TK", .date = "2023-01-01"},
                                             {.id = 2, .kind = "JET"},
                                             {.id = 3, .kind = "TRACKER", .date = "2023-01-02"},
                                             {.id = 4, .kind = "TAU"},
                                         }};
    struct plan *plan = plan_corrected(&legacy);
    expect_text(plan, KIND_CAMPAIGNS, "12_5_0", ".reports[0].group", "Reconstruction.Data.Jet");
    expect_text(plan, KIND_CAMPAIGNS, "12_5_0", ".reports[1].group", "Reconstruction.Data.Tracker");
    expect_text(plan, KIND_CAMPAIGNS, "12_5_0", ".reports[2].group", "Reconstruction.Data.Tau");
}

static void the_same_group_under_another_subcategory_is_another_report(void **state) {
    (void)state;
    static const struct legacy legacy = {.reports = {
                                             {.id = 1, .kind = "TAU"},
                                             {.id = 2, .kind = "TAU", .subcategory = "FullSim"},
                                             {.id = 3, .kind = "TAU", .category = "HLT"},
                                             {.id = 4, .kind = "TAU", .campaign = "12_6_0"},
                                         }};
    struct plan *plan = plan_corrected(&legacy);
    expect_text(plan, KIND_CAMPAIGNS, "12_5_0", ".reports[2].group", "HLT.Data.Tau");
    expect_text(plan, KIND_CAMPAIGNS, "12_6_0", ".reports[0].content", NO_COMMENTS);
    expect_correction(plan, KIND_CAMPAIGNS, "report-single", 0);
}

static void a_rejected_row_is_in_no_content(void **state) {
    (void)state;
    static const struct legacy legacy = {
        .reports = {{.id = 1}, {.id = 2, .date = "2023-01-01", .status = "NOPE"}}};
    expect_text(plan_corrected(&legacy), KIND_CAMPAIGNS, "12_5_0", ".reports[0].content",
                NO_COMMENTS);
}

static void the_notebook_makes_two_reports_for_one_group(void **state) {
    (void)state;
    static const struct legacy legacy = {
        .reports = {{.id = 1, .status = "FAILURE"}, {.id = 2, .status = "OK"}}};
    struct plan *plan = plan_notebook(&legacy);
    expect_json(plan, KIND_CAMPAIGNS, "12_5_0", ".reports[0].status", "3");
    expect_json(plan, KIND_CAMPAIGNS, "12_5_0", ".reports[1].status", "1");
    expect_text(plan, KIND_CAMPAIGNS, "12_5_0", ".reports[1].group", "Reconstruction.Data.CSC");
}

static void the_rows_of_one_campaign_leave_no_trace_in_the_next(void **state) {
    (void)state;
    static const struct legacy legacy = {.reports = {
                                             {.id = 1, .date = "2023-01-01"},
                                             {.id = 2, .date = "2023-01-02"},
                                             {.id = 3, .campaign = "12_6_0", .date = "2022-01-01"},
                                         }};
    struct plan *plan = plan_corrected(&legacy);
    expect_text(plan, KIND_CAMPAIGNS, "12_6_0", ".reports[0].content", NO_COMMENTS);
    expect_text(plan, KIND_CAMPAIGNS, "12_6_0", ".deadline", "2022-01-01");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        plan_test(the_newest_row_of_a_group_is_its_report),
        plan_test(each_row_that_is_in_a_newer_one_counts),
        plan_test(of_one_date_the_highest_id_is_newest),
        plan_test(the_time_of_day_shows_the_newest),
        plan_test(earlier_rows_are_newest_first_with_their_comments_on_one_line),
        plan_test(the_report_is_where_its_row_was),
        plan_test(the_same_group_under_another_subcategory_is_another_report),
        plan_test(a_rejected_row_is_in_no_content),
        plan_test(the_notebook_makes_two_reports_for_one_group),
        plan_test(the_rows_of_one_campaign_leave_no_trace_in_the_next),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
