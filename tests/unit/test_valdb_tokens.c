/* Corrections tracker-kept, tokens-folded, status-signoff-failure, status-default and row-rejected:
 * words that the notebook loses, or at which it stops. */
#include "valdb_fixture.h"

static void a_report_of_kind_tk_is_a_report_of_tracker(void **state) {
    (void)state;
    static const struct legacy legacy = {.reports = {{.id = 1, .kind = "TK"}}};
    struct plan *plan = plan_corrected(&legacy);
    expect_text(plan, KIND_CAMPAIGNS, "12_5_0", ".reports[0].group", "Reconstruction.Data.Tracker");
    expect_correction(plan, KIND_CAMPAIGNS, "tracker-kept", 1);
}

static void the_notebook_loses_reports_of_kind_tk(void **state) {
    (void)state;
    static const struct legacy legacy = {.reports = {{.id = 1, .kind = "TK"}, {.id = 2}}};
    struct plan *plan = plan_notebook(&legacy);
    expect_skipped(plan, "releases", "1", "kind-not-a-group");
    expect_json(plan, KIND_CAMPAIGNS, "12_5_0", ".reports[0].group", "'Reconstruction.Data.CSC'");
    expect_outcomes(plan, "releases", 2, 1, 1, 0);
}

static void a_report_of_kind_tracker_needs_no_correction(void **state) {
    (void)state;
    static const struct legacy legacy = {.reports = {{.id = 1, .kind = "TRACKER"}}};
    expect_correction(plan_corrected(&legacy), KIND_CAMPAIGNS, "tracker-kept", 0);
}

static void a_right_of_kind_tk_is_a_right_of_tracker(void **state) {
    (void)state;
    static const struct legacy legacy = {
        .users = {{.login = "anna"}},
        .rights = {{.id = 11, .kind = "TK"}},
    };
    expect_json(plan_corrected(&legacy), KIND_VALIDATORS, "anna", ".groups",
                "['Reconstruction.Data.Tracker']");
    expect_json(plan_notebook(&legacy), KIND_VALIDATORS, "anna", ".groups",
                "['Reconstruction.Data.Tracker']");
}

static void blanks_and_case_of_a_reports_words_are_folded(void **state) {
    (void)state;
    static const struct legacy legacy = {.reports = {
                                             {.id = 1, .category = " HLT"},
                                             {.id = 2, .subcategory = "fastsim "},
                                             {.id = 3, .kind = "\ttau "},
                                             {.id = 4, .kind = " Tk"},
                                             {.id = 5, .kind = "DT", .status = "In Progress"},
                                             {.id = 6, .category = "in"},
                                         }};
    struct plan *plan = plan_corrected(&legacy);
    expect_text(plan, KIND_CAMPAIGNS, "12_5_0", ".reports[0].group", "HLT.Data.CSC");
    expect_text(plan, KIND_CAMPAIGNS, "12_5_0", ".reports[1].group", "Reconstruction.FastSim.CSC");
    expect_text(plan, KIND_CAMPAIGNS, "12_5_0", ".reports[2].group", "Reconstruction.Data.Tau");
    expect_text(plan, KIND_CAMPAIGNS, "12_5_0", ".reports[3].group", "Reconstruction.Data.Tracker");
    expect_json(plan, KIND_CAMPAIGNS, "12_5_0", ".reports[4].status", "5");
    expect_text(plan, KIND_CAMPAIGNS, "12_5_0", ".reports[5].group", "HIN.Data.CSC");
    expect_correction(plan, KIND_CAMPAIGNS, "tokens-folded", 6);
}

static void words_that_the_notebook_knows_too_count_as_no_folding(void **state) {
    (void)state;
    static const struct legacy legacy = {
        .reports = {
            {.id = 1, .category = "hlt", .subcategory = "DATA", .kind = "tau", .status = " OK "},
            {.id = 2, .category = "IN", .kind = "tk"},
        }};
    expect_correction(plan_corrected(&legacy), KIND_CAMPAIGNS, "tokens-folded", 0);
}

static void a_row_with_several_folded_words_counts_once(void **state) {
    (void)state;
    static const struct legacy legacy = {
        .reports = {{.id = 1, .category = " hlt", .subcategory = " data", .status = "ok"}}};
    expect_correction(plan_corrected(&legacy), KIND_CAMPAIGNS, "tokens-folded", 1);
}

static void blanks_and_case_of_a_rights_words_are_folded(void **state) {
    (void)state;
    static const struct legacy legacy = {
        .users = {{.login = "anna"}},
        .rights = {{.id = 11, .kind = "tk"}, {.id = 12, .category = "in "}, {.id = 13}},
    };
    struct plan *plan = plan_corrected(&legacy);
    expect_json(plan, KIND_VALIDATORS, "anna", ".groups",
                "['Reconstruction.Data.Tracker', 'HIN.Data.CSC', 'Reconstruction.Data.CSC']");
    expect_correction(plan, KIND_VALIDATORS, "tokens-folded", 2);
}

static void the_notebook_knows_its_synonyms_only_in_upper_case(void **state) {
    (void)state;
    static const struct legacy legacy = {
        .users = {{.login = "anna"}},
        .rights = {{.id = 11, .kind = "tk"}, {.id = 12, .category = "in"}, {.id = 13}},
    };
    struct plan *plan = plan_notebook(&legacy);
    expect_rejected(plan, "user_rights", "11", "unknown group \"tk\"");
    expect_rejected(plan, "user_rights", "12", "unknown category \"in\"");
    expect_used(plan, "user_rights", "13", KIND_VALIDATORS, "anna");
}

static void the_notebook_drops_a_kind_with_blanks_and_stops_at_other_words_with_them(void **state) {
    (void)state;
    static const struct legacy legacy = {.reports = {
                                             {.id = 1, .kind = "TAU "},
                                             {.id = 2, .category = " HLT"},
                                             {.id = 3, .subcategory = "Data "},
                                             {.id = 4, .status = "ok"},
                                         }};
    struct plan *plan = plan_notebook(&legacy);
    expect_skipped(plan, "releases", "1", "kind-not-a-group");
    expect_rejected(plan, "releases", "2", "unknown category \" HLT\"");
    expect_rejected(plan, "releases", "3", "unknown subcategory \"Data \"");
    expect_rejected(plan, "status", "4", "unknown status \"ok\"");
}

static void a_failure_to_be_signed_off_is_a_failure(void **state) {
    (void)state;
    static const struct legacy legacy = {
        .reports = {{.id = 1, .status = "FAILURE TO BE SIGNED-OFF BY THE VALIDATORS"}, {.id = 2}}};
    struct plan *plan = plan_corrected(&legacy);
    expect_used(plan, "releases", "1", KIND_CAMPAIGNS, "12_5_0");
    expect_correction(plan, KIND_CAMPAIGNS, "status-signoff-failure", 1);
    expect_rejected(plan_notebook(&legacy), "status", "1", "unknown status \"FAILURE TO BE");
}

static void the_code_of_a_failure_to_be_signed_off_is_3(void **state) {
    (void)state;
    static const struct legacy legacy = {
        .reports = {{.id = 1, .status = "failure to be signed-off by the validators "}}};
    expect_json(plan_corrected(&legacy), KIND_CAMPAIGNS, "12_5_0", ".reports[0].status", "3");
}

static void no_status_is_not_yet_done(void **state) {
    (void)state;
    static const struct legacy legacy = {
        .reports = {{.id = 1, .status = SQL_NULL}, {.id = 2, .kind = "DT", .status = " "}}};
    struct plan *plan = plan_corrected(&legacy);
    expect_json(plan, KIND_CAMPAIGNS, "12_5_0", ".reports[0].status", "2");
    expect_json(plan, KIND_CAMPAIGNS, "12_5_0", ".reports[1].status", "2");
    expect_correction(plan, KIND_CAMPAIGNS, "status-default", 2);
    expect_outcomes(plan_notebook(&legacy), "releases", 2, 0, 0, 2);
}

static void a_row_that_is_not_understood_is_rejected_and_the_rest_goes_on(void **state) {
    (void)state;
    static const struct legacy legacy = {.reports = {
                                             {.id = 1},
                                             {.id = 7, .category = "NOPE"},
                                             {.id = 8, .subcategory = "NOPE"},
                                             {.id = 9, .status = "NOPE"},
                                         }};
    struct plan *plan = plan_corrected(&legacy);
    expect_rejected(plan, "releases", "7", "unknown category \"NOPE\"");
    expect_rejected(plan, "releases", "8", "unknown subcategory \"NOPE\"");
    expect_rejected(plan, "status", "9", "unknown status \"NOPE\"");
    expect_rejected(plan, "releases", "9",
                    "its row of STATUS is rejected: unknown status \"NOPE\"");
    expect_correction(plan, KIND_CAMPAIGNS, "row-rejected", 3);
    expect_json(plan, KIND_CAMPAIGNS, "12_5_0", ".subcategories", "['Reconstruction.Data']");
    expect_outcomes(plan, "releases", 4, 1, 0, 3);
}

static void a_rejected_row_is_kept_as_it_was_in_the_source(void **state) {
    (void)state;
    static const struct legacy legacy = {
        .reports = {{.id = 7, .category = "NOPE", .comments = "line\n\"two\""}}};
    struct plan *plan = plan_corrected(&legacy);
    expect_lost_value(plan, "releases", "7", ".CATEGORY", "'NOPE'");
    expect_lost_value(plan, "releases", "7", ".ID", "7");
    expect_lost_value(plan, "status", "7", ".COMMENTS", "'line\\n\\\"two\\\"'");
    expect_lost_value(plan, "status", "7", ".LINKS", "null");
}

static void a_campaign_of_only_rejected_rows_is_no_document(void **state) {
    (void)state;
    static const struct legacy legacy = {.reports = {{.id = 7, .category = "NOPE"}}};
    expect_documents(plan_corrected(&legacy), KIND_CAMPAIGNS, "");
}

static void a_row_that_is_not_utf_8_is_rejected(void **state) {
    (void)state;
    static const struct legacy legacy = {
        .users = {{.login = "anna"}},
        .rights = {{.id = 11, .category = "H\xFFT"}},
        .reports = {{.id = 1, .comments = "Latin-1: \xE9"}, {.id = 2}},
    };
    struct plan *plan = plan_corrected(&legacy);
    expect_rejected(plan, "status", "1", "COMMENTS is ");
    expect_rejected(plan, "releases", "1", "its row of STATUS is rejected: COMMENTS is ");
    expect_rejected(plan, "user_rights", "11", "CATEGORY is ");
    expect_correction(plan, KIND_CAMPAIGNS, "row-rejected", 1);
    expect_correction(plan, KIND_VALIDATORS, "row-rejected", 1);
}

static void a_right_that_is_not_understood_is_rejected(void **state) {
    (void)state;
    static const struct legacy legacy = {.users = {{.login = "anna"}},
                                         .rights = {
                                             {.id = 11},
                                             {.id = 12, .category = "NOPE"},
                                             {.id = 13, .subcategory = SQL_NULL},
                                             {.id = 14, .kind = "NOPE"},
                                         }};
    struct plan *plan = plan_corrected(&legacy);
    expect_rejected(plan, "user_rights", "12", "unknown category \"NOPE\"");
    expect_rejected(plan, "user_rights", "13", "no subcategory");
    expect_rejected(plan, "user_rights", "14", "unknown group \"NOPE\"");
    expect_json(plan, KIND_VALIDATORS, "anna", ".groups", "['Reconstruction.Data.CSC']");
    expect_correction(plan, KIND_VALIDATORS, "row-rejected", 3);
}

static void a_validator_whose_rights_are_all_rejected_is_no_document(void **state) {
    (void)state;
    static const struct legacy legacy = {
        .users = {{.login = "anna"}},
        .rights = {{.id = 14, .kind = "NOPE"}},
    };
    expect_documents(plan_corrected(&legacy), KIND_VALIDATORS, "");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        plan_test(a_report_of_kind_tk_is_a_report_of_tracker),
        plan_test(the_notebook_loses_reports_of_kind_tk),
        plan_test(a_report_of_kind_tracker_needs_no_correction),
        plan_test(a_right_of_kind_tk_is_a_right_of_tracker),
        plan_test(blanks_and_case_of_a_reports_words_are_folded),
        plan_test(words_that_the_notebook_knows_too_count_as_no_folding),
        plan_test(a_row_with_several_folded_words_counts_once),
        plan_test(blanks_and_case_of_a_rights_words_are_folded),
        plan_test(the_notebook_knows_its_synonyms_only_in_upper_case),
        plan_test(the_notebook_drops_a_kind_with_blanks_and_stops_at_other_words_with_them),
        plan_test(a_failure_to_be_signed_off_is_a_failure),
        plan_test(the_code_of_a_failure_to_be_signed_off_is_3),
        plan_test(no_status_is_not_yet_done),
        plan_test(a_row_that_is_not_understood_is_rejected_and_the_rest_goes_on),
        plan_test(a_rejected_row_is_kept_as_it_was_in_the_source),
        plan_test(a_campaign_of_only_rejected_rows_is_no_document),
        plan_test(a_row_that_is_not_utf_8_is_rejected),
        plan_test(a_right_that_is_not_understood_is_rejected),
        plan_test(a_validator_whose_rights_are_all_rejected_is_no_document),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
