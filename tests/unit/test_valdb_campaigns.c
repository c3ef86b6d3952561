/* Campaigns: one document for each release name, and what is in it in addition to the reports. */
#include "valdb_fixture.h"

static void a_campaign_is_one_document_with_all_its_rows(void **state) {
    (void)state;
    static const struct legacy legacy = {
        .reports = {
            {.id = 1, .kind = "TAU", .relmon = "https://relmon.example/1"},
            {.id = 2, .category = "HLT", .subcategory = "FullSim", .status = "FAILURE"},
        }};
    struct plan *plan = plan_notebook(&legacy);
    expect_json(plan, KIND_CAMPAIGNS, "12_5_0", "",
                "{'name': '12_5_0', 'description': '', 'deadline': '2023-01-10',"
                " 'target_release': '12_5_0', 'reference_release': '12_5_0',"
                " 'relmon': 'https://relmon.example/1',"
                " 'subcategories': ['Reconstruction.Data', 'HLT.FullSim'],"
                " 'is_open': false, 'reports': ["
                "{'authors': [], 'group': 'Reconstruction.Data.Tau', 'campaign_name': '12_5_0',"
                " 'status': 1, 'content': '\\n                Comments: No comments provided"
                "\\n                Links: \\n            '},"
                "{'authors': [], 'group': 'HLT.FullSim.CSC', 'campaign_name': '12_5_0',"
                " 'status': 3, 'content': '\\n                Comments: No comments provided"
                "\\n                Links: \\n            '}]}");
    expect_used(plan, "releases", "1", KIND_CAMPAIGNS, "12_5_0");
    expect_used(plan, "releases", "2", KIND_CAMPAIGNS, "12_5_0");
    expect_no_corrections(plan);
}

static void the_corrected_campaign_differs_only_in_its_contents(void **state) {
    (void)state;
    static const struct legacy legacy = {
        .reports = {{.id = 1, .kind = "TAU", .relmon = "https://relmon.example/1"}}};
    expect_json(plan_corrected(&legacy), KIND_CAMPAIGNS, "12_5_0", "",
                "{'name': '12_5_0', 'description': '', 'deadline': '2023-01-10',"
                " 'target_release': '12_5_0', 'reference_release': '12_5_0',"
                " 'relmon': 'https://relmon.example/1',"
                " 'subcategories': ['Reconstruction.Data'], 'is_open': false, 'reports': ["
                "{'authors': [], 'group': 'Reconstruction.Data.Tau', 'campaign_name': '12_5_0',"
                " 'status': 1, 'content': '**Comments:** No comments provided\\n\\n"
                "**Links:** No links provided'}]}");
}

static void each_release_name_is_a_campaign(void **state) {
    (void)state;
    static const struct legacy legacy = {.reports = {
                                             {.id = 1, .campaign = "12_5_0_pre2"},
                                             {.id = 2, .campaign = "12_5_0"},
                                             {.id = 3, .campaign = "12_5_0_pre2", .kind = "DT"},
                                             {.id = 4, .campaign = "12_5_0 PU"},
                                             {.id = 5, .campaign = "12_5_0_PRE2"},
                                         }};
    struct plan *plan = plan_corrected(&legacy);
    assert_int_equal(count_documents(plan, KIND_CAMPAIGNS), 4);
    expect_used(plan, "releases", "1", KIND_CAMPAIGNS, "12_5_0_pre2");
    expect_used(plan, "releases", "2", KIND_CAMPAIGNS, "12_5_0");
    expect_used(plan, "releases", "3", KIND_CAMPAIGNS, "12_5_0_pre2");
    expect_used(plan, "releases", "4", KIND_CAMPAIGNS, "12_5_0 PU");
    expect_used(plan, "releases", "5", KIND_CAMPAIGNS, "12_5_0_PRE2");
}

static void reports_are_in_order_of_their_ids(void **state) {
    (void)state;
    static const struct legacy legacy = {.reports = {
                                             {.id = 10, .kind = "TAU"},
                                             {.id = 9, .kind = "JET"},
                                             {.id = 100, .kind = "MET"},
                                         }};
    struct plan *plan = plan_corrected(&legacy);
    expect_text(plan, KIND_CAMPAIGNS, "12_5_0", ".reports[0].group", "Reconstruction.Data.Jet");
    expect_text(plan, KIND_CAMPAIGNS, "12_5_0", ".reports[1].group", "Reconstruction.Data.Tau");
    expect_text(plan, KIND_CAMPAIGNS, "12_5_0", ".reports[2].group", "Reconstruction.Data.MET");
    expect_text(plan_notebook(&legacy), KIND_CAMPAIGNS, "12_5_0", ".reports[0].group",
                "Reconstruction.Data.Jet");
}

static void a_subcategory_is_there_once(void **state) {
    (void)state;
    static const struct legacy legacy = {.reports = {
                                             {.id = 1, .kind = "TAU"},
                                             {.id = 2, .kind = "JET"},
                                             {.id = 3, .category = "IN"},
                                             {.id = 4, .category = "HIN", .kind = "JET"},
                                         }};
    expect_json(plan_corrected(&legacy), KIND_CAMPAIGNS, "12_5_0", ".subcategories",
                "['Reconstruction.Data', 'HIN.Data']");
    expect_json(plan_notebook(&legacy), KIND_CAMPAIGNS, "12_5_0", ".subcategories",
                "['Reconstruction.Data', 'HIN.Data']");
}

static void a_row_whose_kind_is_no_group_is_skipped(void **state) {
    (void)state;
    static const struct legacy legacy = {
        .reports = {{.id = 1}, {.id = 2, .kind = "HEAVYFLAVOR"}, {.id = 3, .kind = SQL_NULL}}};
    struct plan *plan = plan_corrected(&legacy);
    expect_skipped(plan, "releases", "2", "kind-not-a-group");
    expect_skipped(plan, "releases", "3", "kind-not-a-group");
    plan = plan_notebook(&legacy);
    expect_skipped(plan, "releases", "2", "kind-not-a-group");
    expect_skipped(plan, "releases", "3", "kind-not-a-group");
}

static void a_campaign_of_only_skipped_rows_is_no_document(void **state) {
    (void)state;
    static const struct legacy legacy = {.reports = {{.id = 2, .kind = "HEAVYFLAVOR"}}};
    expect_documents(plan_corrected(&legacy), KIND_CAMPAIGNS, "");
    expect_documents(plan_notebook(&legacy), KIND_CAMPAIGNS, "");
}

static void the_first_relmon_address_that_is_not_empty_counts(void **state) {
    (void)state;
    static const struct legacy legacy = {
        .reports = {
            {.id = 1, .relmon = SQL_NULL},
            {.id = 2, .kind = "DT", .relmon = " "},
            {.id = 3, .kind = "RPC", .relmon = "https://relmon.example/3"},
            {.id = 4, .kind = "PF", .relmon = "https://relmon.example/4"},
        }};
    struct plan *plan = plan_corrected(&legacy);
    expect_text(plan, KIND_CAMPAIGNS, "12_5_0", ".relmon", "https://relmon.example/3");
    expect_correction(plan, KIND_CAMPAIGNS, "relmon-first", 1);
}

static void a_relmon_address_of_the_first_row_needs_no_correction(void **state) {
    (void)state;
    static const struct legacy legacy = {
        .reports = {{.id = 1, .relmon = "https://relmon.example/1"}, {.id = 2, .kind = "DT"}}};
    struct plan *plan = plan_corrected(&legacy);
    expect_text(plan, KIND_CAMPAIGNS, "12_5_0", ".relmon", "https://relmon.example/1");
    expect_correction(plan, KIND_CAMPAIGNS, "relmon-first", 0);
}

static void the_notebook_takes_the_first_relmon_address_even_if_empty(void **state) {
    (void)state;
    static const struct legacy legacy = {
        .reports = {{.id = 1, .relmon = ""}, {.id = 2, .relmon = "https://relmon.example/2"}}};
    expect_text(plan_notebook(&legacy), KIND_CAMPAIGNS, "12_5_0", ".relmon", "");
}

static void a_campaign_without_a_relmon_address_has_null(void **state) {
    (void)state;
    static const struct legacy legacy = {.reports = {{.id = 1}}};
    struct plan *plan = plan_corrected(&legacy);
    expect_json(plan, KIND_CAMPAIGNS, "12_5_0", ".relmon", "null");
    expect_correction(plan, KIND_CAMPAIGNS, "relmon-first", 0);
    expect_json(plan_notebook(&legacy), KIND_CAMPAIGNS, "12_5_0", ".relmon", "null");
}

static void a_name_begins_with_three_numbers(void **state) {
    (void)state;
    static const struct legacy legacy = {.reports = {
                                             {.id = 1, .campaign = "1_2_3"},
                                             {.id = 2, .campaign = "123_456_789 any/thing"},
                                             {.id = 3, .campaign = "CMSSW_12_5_0"},
                                             {.id = 4, .campaign = "1234_5_6"},
                                             {.id = 5, .campaign = "12_5"},
                                             {.id = 6, .campaign = " 12_5_0"},
                                             {.id = 7, .campaign = ""},
                                         }};
    struct plan *plan = plan_corrected(&legacy);
    expect_used(plan, "releases", "1", KIND_CAMPAIGNS, "1_2_3");
    expect_used(plan, "releases", "2", KIND_CAMPAIGNS, "123_456_789 any/thing");
    expect_rejected(plan, "releases", "3", "Name has an incorrect format");
    expect_rejected(plan, "releases", "4", "Name has an incorrect format");
    expect_rejected(plan, "releases", "5", "Name has an incorrect format");
    expect_rejected(plan, "releases", "6", "Name has an incorrect format");
    expect_rejected(plan, "releases", "7",
                    "Name is a required field, Name has an incorrect format");
    expect_correction(plan, KIND_CAMPAIGNS, "target-accepts", 5);
}

static void a_campaign_without_a_name_is_rejected(void **state) {
    (void)state;
    static const struct legacy legacy = {.reports = {{.id = 7, .campaign = SQL_NULL}}};
    expect_rejected(plan_corrected(&legacy), "releases", "7",
                    "Name is a required field, Name has an incorrect format");
}

static void every_row_of_a_name_that_is_refused_is_rejected(void **state) {
    (void)state;
    static const struct legacy legacy = {.reports = {
                                             {.id = 3, .campaign = "NOPE"},
                                             {.id = 4, .campaign = "NOPE", .kind = "SUMMARY"},
                                             {.id = 5, .campaign = "NOPE", .kind = "HEAVYFLAVOR"},
                                             {.id = 6, .campaign = "NOPE", .category = "NOPE"},
                                         }};
    struct plan *plan = plan_corrected(&legacy);
    expect_rejected(plan, "releases", "3", "Name has an incorrect format");
    expect_rejected(plan, "releases", "4", "Name has an incorrect format");
    expect_skipped(plan, "releases", "5", "kind-not-a-group");
    expect_rejected(plan, "releases", "6", "unknown category \"NOPE\"");
    expect_correction(plan, KIND_CAMPAIGNS, "target-accepts", 2);
    expect_documents(plan, KIND_CAMPAIGNS, "");
}

static void the_notebook_sends_any_name(void **state) {
    (void)state;
    static const struct legacy legacy = {.reports = {{.id = 3, .campaign = "CMSSW_12_5_0"}}};
    expect_documents(plan_notebook(&legacy), KIND_CAMPAIGNS, "CMSSW_12_5_0");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        plan_test(a_campaign_is_one_document_with_all_its_rows),
        plan_test(the_corrected_campaign_differs_only_in_its_contents),
        plan_test(each_release_name_is_a_campaign),
        plan_test(reports_are_in_order_of_their_ids),
        plan_test(a_subcategory_is_there_once),
        plan_test(a_row_whose_kind_is_no_group_is_skipped),
        plan_test(a_campaign_of_only_skipped_rows_is_no_document),
        plan_test(the_first_relmon_address_that_is_not_empty_counts),
        plan_test(a_relmon_address_of_the_first_row_needs_no_correction),
        plan_test(the_notebook_takes_the_first_relmon_address_even_if_empty),
        plan_test(a_campaign_without_a_relmon_address_has_null),
        plan_test(a_name_begins_with_three_numbers),
        plan_test(a_campaign_without_a_name_is_rejected),
        plan_test(every_row_of_a_name_that_is_refused_is_rejected),
        plan_test(the_notebook_sends_any_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
