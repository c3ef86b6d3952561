/* Option --history: the earlier versions of a row, in its report's content. */
#include "valdb_fixture.h"

#define NO_COMMENTS "**Comments:** No comments provided\n\n**Links:** No links provided"
#define TABLE                                                                                      \
    "\n\n**History:**\n\n"                                                                         \
    "| Version | Date | Status | Who | Comment |\n"                                                \
    "| --- | --- | --- | --- | --- |\n"

static void versions_are_oldest_first(void **state) {
    (void)state;
    static const struct legacy legacy = {
        .reports = {{.id = 1, .version = "3"}},
        .versions =
            {
                {.id = 101,
                 .version = "2",
                 .date = "2023-01-02",
                 .status = "FAILURE",
                 .who = "Bert",
                 .comments = "second"},
                {.id = 102,
                 .version = "10",
                 .date = "2023-01-04",
                 .who = "Anna",
                 .comments = "last"},
                {.id = 103,
                 .version = "1",
                 .date = "2023-01-01",
                 .status = "NOT YET DONE",
                 .comments = "first"},
            },
        .with_history = true,
    };
    struct plan *plan = plan_corrected(&legacy);
    expect_text(plan, KIND_CAMPAIGNS, "12_5_0", ".reports[0].content",
                NO_COMMENTS TABLE "| 1 | 2023-01-01 | NOT YET DONE |  | first |\n"
                                  "| 2 | 2023-01-02 | FAILURE | Bert | second |\n"
                                  "| 10 | 2023-01-04 | OK | Anna | last |");
    expect_outcomes(plan, "releases_lv", 3, 3, 0, 0);
    expect_used(plan, "releases_lv", "101", KIND_CAMPAIGNS, "12_5_0");
}

static void of_one_version_the_lowest_id_is_first(void **state) {
    (void)state;
    static const struct legacy legacy = {
        .reports = {{.id = 1}},
        .versions = {{.id = 102, .comments = "b"}, {.id = 11, .comments = "a"}},
        .with_history = true,
    };
    expect_text(plan_corrected(&legacy), KIND_CAMPAIGNS, "12_5_0", ".reports[0].content",
                NO_COMMENTS TABLE "| 1 | 2023-01-10 | OK |  | a |\n"
                                  "| 1 | 2023-01-10 | OK |  | b |");
}

static void a_version_that_says_the_same_as_the_one_before_is_left_out(void **state) {
    (void)state;
    static const struct legacy legacy = {
        .reports = {{.id = 1}},
        .versions =
            {
                {.id = 101, .version = "1", .comments = "a", .links = "l"},
                {.id = 102,
                 .version = "2",
                 .comments = "a",
                 .links = "l",
                 .who = "Anna",
                 .date = "2023-01-02"},
                {.id = 103, .version = "3", .comments = "a", .links = "other"},
                {.id = 104, .version = "4", .comments = "b", .links = "other"},
                {.id = 105, .version = "5", .comments = "b", .links = "other", .status = "FAILURE"},
                {.id = 106, .version = "6", .comments = "a", .links = "l"},
            },
        .with_history = true,
    };
    struct plan *plan = plan_corrected(&legacy);
    expect_text(plan, KIND_CAMPAIGNS, "12_5_0", ".reports[0].content",
                NO_COMMENTS TABLE "| 1 | 2023-01-10 | OK |  | a |\n"
                                  "| 3 | 2023-01-10 | OK |  | a |\n"
                                  "| 4 | 2023-01-10 | OK |  | b |\n"
                                  "| 5 | 2023-01-10 | FAILURE |  | b |\n"
                                  "| 6 | 2023-01-10 | OK |  | a |");
    expect_used(plan, "releases_lv", "102", KIND_CAMPAIGNS, "12_5_0");
}

static void bars_are_escaped_and_line_feeds_are_blanks(void **state) {
    (void)state;
    static const struct legacy legacy = {
        .reports = {{.id = 1}},
        .versions = {{.id = 101, .who = "A|B", .comments = " x|y\r\nz\n"}},
        .with_history = true,
    };
    expect_text(plan_corrected(&legacy), KIND_CAMPAIGNS, "12_5_0", ".reports[0].content",
                NO_COMMENTS TABLE "| 1 | 2023-01-10 | OK | A\\|B | x\\|y z |");
}

static void the_history_is_last(void **state) {
    (void)state;
    static const struct legacy legacy = {
        .reports = {{.id = 1, .date = "2023-01-01", .comments = "older"}, {.id = 2, .who = "Anna"}},
        .versions = {{.id = 101, .comments = "a"}},
        .with_history = true,
    };
    expect_text(plan_corrected(&legacy), KIND_CAMPAIGNS, "12_5_0", ".reports[0].content",
                NO_COMMENTS "\n\n**Author:** Anna\n\n**Earlier:**\n- 2023-01-01, OK: older" TABLE
                            "| 1 | 2023-01-10 | OK |  | a |");
}

static void a_version_finds_the_report_of_its_group(void **state) {
    (void)state;
    static const struct legacy legacy = {
        .reports = {{.id = 1, .kind = "TRACKER"}, {.id = 2, .kind = "DT"}},
        .versions = {{.id = 101, .kind = " tk", .category = "reconstruction", .comments = "a"}},
        .with_history = true,
    };
    struct plan *plan = plan_corrected(&legacy);
    expect_text(plan, KIND_CAMPAIGNS, "12_5_0", ".reports[0].content",
                NO_COMMENTS TABLE "| 1 | 2023-01-10 | OK |  | a |");
    expect_text(plan, KIND_CAMPAIGNS, "12_5_0", ".reports[1].content", NO_COMMENTS);
}

static void a_version_without_a_report_is_skipped(void **state) {
    (void)state;
    static const struct legacy legacy = {
        .reports = {{.id = 1}},
        .versions =
            {
                {.id = 101, .kind = "DT"},
                {.id = 102, .kind = "SUMMARY"},
                {.id = 103, .kind = "HEAVYFLAVOR"},
                {.id = 104, .subcategory = "FullSim"},
                {.id = 105, .campaign = "12_6_0"},
            },
        .with_history = true,
    };
    struct plan *plan = plan_corrected(&legacy);
    expect_skipped(plan, "releases_lv", "101", "history-without-report");
    expect_skipped(plan, "releases_lv", "102", "history-without-report");
    expect_skipped(plan, "releases_lv", "103", "history-without-report");
    expect_skipped(plan, "releases_lv", "104", "history-without-report");
    expect_skipped(plan, "releases_lv", "105", "history-without-report");
    expect_documents(plan, KIND_CAMPAIGNS, "12_5_0");
    expect_outcomes(plan, "releases_lv", 5, 0, 5, 0);
}

static void a_version_has_no_say_in_the_campaign(void **state) {
    (void)state;
    static const struct legacy legacy = {
        .reports = {{.id = 1}},
        .versions = {{.id = 101, .date = "2023-02-02", .relmon = "https://relmon.example/101"},
                     {.id = 102, .category = "HLT", .status = "NOPE"}},
        .with_history = true,
    };
    struct plan *plan = plan_corrected(&legacy);
    expect_text(plan, KIND_CAMPAIGNS, "12_5_0", ".deadline", "2023-01-10");
    expect_json(plan, KIND_CAMPAIGNS, "12_5_0", ".relmon", "null");
    expect_json(plan, KIND_CAMPAIGNS, "12_5_0", ".subcategories", "['Reconstruction.Data']");
}

static void a_version_without_date_or_status_shows_what_it_has(void **state) {
    (void)state;
    static const struct legacy legacy = {
        .reports = {{.id = 1}},
        .versions = {{.id = 101, .date = SQL_NULL, .status = SQL_NULL}},
        .with_history = true,
    };
    expect_text(plan_corrected(&legacy), KIND_CAMPAIGNS, "12_5_0", ".reports[0].content",
                NO_COMMENTS TABLE "| 1 |  | NOT YET DONE |  |  |");
}

static void without_the_option_the_versions_are_not_read(void **state) {
    (void)state;
    static const struct legacy legacy = {
        .reports = {{.id = 1}},
        .versions = {{.id = 101, .comments = "a"}},
    };
    expect_text(plan_corrected(&legacy), KIND_CAMPAIGNS, "12_5_0", ".reports[0].content",
                NO_COMMENTS);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        plan_test(versions_are_oldest_first),
        plan_test(of_one_version_the_lowest_id_is_first),
        plan_test(a_version_that_says_the_same_as_the_one_before_is_left_out),
        plan_test(bars_are_escaped_and_line_feeds_are_blanks),
        plan_test(the_history_is_last),
        plan_test(a_version_finds_the_report_of_its_group),
        plan_test(a_version_without_a_report_is_skipped),
        plan_test(a_version_has_no_say_in_the_campaign),
        plan_test(a_version_without_date_or_status_shows_what_it_has),
        plan_test(without_the_option_the_versions_are_not_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
