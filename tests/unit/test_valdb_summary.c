/* Corrections summary-kept and releases-from-summary: the outcome of SUMMARY rows. */
#include "valdb_fixture.h"

static void a_summary_row_becomes_the_description(void **state) {
    (void)state;
    static const struct legacy legacy = {.reports = {
                                             {.id = 1},
                                             {.id = 2,
                                              .kind = "SUMMARY",
                                              .status = " CHANGES EXPECTED ",
                                              .comments = "All is\r\nwell.",
                                              .links = "[1] https://a.example/1"},
                                         }};
    struct plan *plan = plan_corrected(&legacy);
    expect_text(plan, KIND_CAMPAIGNS, "12_5_0", ".description",
                "### Reconstruction.Data\n\n"
                "**Status:** CHANGES EXPECTED\n\n"
                "**Comments:** All is\nwell.\n\n"
                "**Links:**\n- [1] https://a.example/1");
    expect_used(plan, "releases", "2", KIND_CAMPAIGNS, "12_5_0");
    expect_json(plan, KIND_CAMPAIGNS, "12_5_0", ".reports[0].group", "'Reconstruction.Data.CSC'");
    expect_correction(plan, KIND_CAMPAIGNS, "summary-kept", 1);
}

static void several_summary_rows_are_in_order_of_their_ids(void **state) {
    (void)state;
    static const struct legacy legacy = {
        .reports = {
            {.id = 9, .category = "HLT", .kind = "Summary", .comments = "second"},
            {.id = 8,
             .category = "IN",
             .subcategory = "FullSim",
             .kind = " SUMMARY",
             .comments = "first"},
        }};
    struct plan *plan = plan_corrected(&legacy);
    expect_text(plan, KIND_CAMPAIGNS, "12_5_0", ".description",
                "### HIN.FullSim\n\n**Status:** OK\n\n**Comments:** first\n\n"
                "**Links:** No links provided\n\n"
                "### HLT.Data\n\n**Status:** OK\n\n**Comments:** second\n\n"
                "**Links:** No links provided");
    expect_correction(plan, KIND_CAMPAIGNS, "summary-kept", 2);
}

static void a_campaign_of_only_summary_rows_has_no_reports(void **state) {
    (void)state;
    static const struct legacy legacy = {.reports = {{.id = 1,
                                                      .category = "HLT",
                                                      .kind = "SUMMARY",
                                                      .date = "2023-02-01",
                                                      .relmon = "https://relmon.example/1"}}};
    struct plan *plan = plan_corrected(&legacy);
    expect_json(plan, KIND_CAMPAIGNS, "12_5_0", ".reports", "[]");
    expect_json(plan, KIND_CAMPAIGNS, "12_5_0", ".subcategories", "['HLT.Data']");
    expect_json(plan, KIND_CAMPAIGNS, "12_5_0", ".is_open", "true");
    expect_text(plan, KIND_CAMPAIGNS, "12_5_0", ".deadline", "2023-02-01");
    expect_text(plan, KIND_CAMPAIGNS, "12_5_0", ".relmon", "https://relmon.example/1");
    plan = plan_notebook(&legacy);
    expect_documents(plan, KIND_CAMPAIGNS, "");
    expect_skipped(plan, "releases", "1", "kind-not-a-group");
}

static void a_summary_rows_date_relmon_and_subcategory_count(void **state) {
    (void)state;
    static const struct legacy legacy = {.reports = {
                                             {.id = 1},
                                             {.id = 2,
                                              .category = "HLT",
                                              .kind = "SUMMARY",
                                              .date = "2023-02-01",
                                              .relmon = "https://relmon.example/2"},
                                         }};
    struct plan *plan = plan_corrected(&legacy);
    expect_text(plan, KIND_CAMPAIGNS, "12_5_0", ".deadline", "2023-02-01");
    expect_text(plan, KIND_CAMPAIGNS, "12_5_0", ".relmon", "https://relmon.example/2");
    expect_json(plan, KIND_CAMPAIGNS, "12_5_0", ".subcategories",
                "['Reconstruction.Data', 'HLT.Data']");
}

static void the_notebook_drops_summary_rows(void **state) {
    (void)state;
    static const struct legacy legacy = {.reports = {
                                             {.id = 1},
                                             {.id = 2,
                                              .category = "HLT",
                                              .kind = "SUMMARY",
                                              .date = "2023-02-01",
                                              .comments = "Target: 12_6_0"},
                                         }};
    struct plan *plan = plan_notebook(&legacy);
    expect_text(plan, KIND_CAMPAIGNS, "12_5_0", ".description", "");
    expect_text(plan, KIND_CAMPAIGNS, "12_5_0", ".deadline", "2023-01-10");
    expect_text(plan, KIND_CAMPAIGNS, "12_5_0", ".target_release", "12_5_0");
    expect_json(plan, KIND_CAMPAIGNS, "12_5_0", ".subcategories", "['Reconstruction.Data']");
    expect_skipped(plan, "releases", "2", "kind-not-a-group");
}

static void a_summary_row_of_an_unknown_category_is_rejected(void **state) {
    (void)state;
    static const struct legacy legacy = {
        .reports = {{.id = 1}, {.id = 2, .category = "NOPE", .kind = "SUMMARY"}}};
    struct plan *plan = plan_corrected(&legacy);
    expect_rejected(plan, "releases", "2", "unknown category \"NOPE\"");
    expect_text(plan, KIND_CAMPAIGNS, "12_5_0", ".description", "");
    expect_correction(plan, KIND_CAMPAIGNS, "summary-kept", 0);
}

/* Target and reference release of a campaign with one SUMMARY row. */
static void expect_releases(const char *comments, const char *target, const char *reference) {
    struct legacy legacy = {.reports = {{.id = 1, .kind = "SUMMARY", .comments = comments}}};
    struct plan *plan = plan_corrected(&legacy);
    expect_text(plan, KIND_CAMPAIGNS, "12_5_0", ".target_release", target);
    expect_text(plan, KIND_CAMPAIGNS, "12_5_0", ".reference_release", reference);
    release_plans(NULL);
}

static void the_releases_are_read_from_a_summary_rows_comments(void **state) {
    (void)state;
    expect_releases("Target: 12_5_0_pre3\nReference: 12_5_0_pre2", "12_5_0_pre3", "12_5_0_pre2");
    expect_releases("Reference:   12_4_0 Target: \t 12_5_0_pre3, new", "12_5_0_pre3,", "12_4_0");
    expect_releases("in short, Target: 1_2_3_patch/x%y z", "1_2_3_patch/x%y", "12_5_0");
}

static void a_release_ends_at_a_blank_or_after_40_more_characters(void **state) {
    (void)state;
    expect_releases("Target: 12_5_0abcdefghijABCDEFGHIJabcdefghijABCDEFGHIJ1",
                    "12_5_0abcdefghijABCDEFGHIJabcdefghijABCDEFGHIJ", "12_5_0");
    expect_releases("Target: 12_5_0_\xC3\xA9\xC3\xA9 \xC3\xA9", "12_5_0_\xC3\xA9\xC3\xA9",
                    "12_5_0");
}

static void without_a_release_in_the_comments_it_is_the_campaigns_name(void **state) {
    (void)state;
    expect_releases(SQL_NULL, "12_5_0", "12_5_0");
    expect_releases("Target: see below. Reference: CMSSW_12_4_0", "12_5_0", "12_5_0");
    expect_releases("Target 12_6_0, Reference = 12_4_0", "12_5_0", "12_5_0");
}

static void the_first_summary_row_that_names_a_release_counts(void **state) {
    (void)state;
    static const struct legacy legacy = {
        .reports = {
            {.id = 1, .kind = "CSC", .comments = "Target: 1_1_1 Reference: 1_1_1"},
            {.id = 2, .kind = "SUMMARY", .comments = "nothing"},
            {.id = 3, .category = "HLT", .kind = "SUMMARY", .comments = "Target: 3_3_3"},
            {.id = 4,
             .category = "PAGs",
             .kind = "SUMMARY",
             .comments = "Target: 4_4_4 Reference: 4_4_3"},
        }};
    struct plan *plan = plan_corrected(&legacy);
    expect_text(plan, KIND_CAMPAIGNS, "12_5_0", ".target_release", "3_3_3");
    expect_text(plan, KIND_CAMPAIGNS, "12_5_0", ".reference_release", "4_4_3");
    expect_correction(plan, KIND_CAMPAIGNS, "releases-from-summary", 1);
}

static void a_campaign_without_releases_in_its_summary_is_not_counted(void **state) {
    (void)state;
    static const struct legacy legacy = {.reports = {{.id = 1, .kind = "SUMMARY"}}};
    expect_correction(plan_corrected(&legacy), KIND_CAMPAIGNS, "releases-from-summary", 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        plan_test(a_summary_row_becomes_the_description),
        plan_test(several_summary_rows_are_in_order_of_their_ids),
        plan_test(a_campaign_of_only_summary_rows_has_no_reports),
        plan_test(a_summary_rows_date_relmon_and_subcategory_count),
        plan_test(the_notebook_drops_summary_rows),
        plan_test(a_summary_row_of_an_unknown_category_is_rejected),
        plan_test(the_releases_are_read_from_a_summary_rows_comments),
        plan_test(a_release_ends_at_a_blank_or_after_40_more_characters),
        plan_test(without_a_release_in_the_comments_it_is_the_campaigns_name),
        plan_test(the_first_summary_row_that_names_a_release_counts),
        plan_test(a_campaign_without_releases_in_its_summary_is_not_counted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
