/* The words of both databases, as the rules list them: categories, subcategories, groups, statuses,
 * and how each is spelled in a group id. */
#include "valdb_fixture.h"

/* The group id of the one report of such a row. */
static void expect_group(const struct legacy_report *row, const char *group) {
    struct legacy legacy = {.reports = {*row}};
    legacy.reports[0].id = 1;
    expect_text(plan_corrected(&legacy), KIND_CAMPAIGNS, "12_5_0", ".reports[0].group", group);
    release_plans(NULL);
}

static void expect_notebook_group(const struct legacy_report *row, const char *group) {
    struct legacy legacy = {.reports = {*row}};
    legacy.reports[0].id = 1;
    expect_text(plan_notebook(&legacy), KIND_CAMPAIGNS, "12_5_0", ".reports[0].group", group);
    release_plans(NULL);
}

static void every_category_has_its_spelling(void **state) {
    (void)state;
    static const struct {
        const char *word;
        const char *group;
    } table[] = {
        {"Reconstruction", "Reconstruction.Data.CSC"},
        {"HLT", "HLT.Data.CSC"},
        {"PAGs", "PAGs.Data.CSC"},
        {"HIN", "HIN.Data.CSC"},
        {"IN", "HIN.Data.CSC"},
        {"GEN", "GEN.Data.CSC"},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        struct legacy_report row = {.category = table[i].word};
        expect_group(&row, table[i].group);
        expect_notebook_group(&row, table[i].group);
    }
}

static void every_subcategory_has_its_spelling(void **state) {
    (void)state;
    static const struct {
        const char *word;
        const char *group;
    } table[] = {
        {"Data", "Reconstruction.Data.CSC"},
        {"FastSim", "Reconstruction.FastSim.CSC"},
        {"FullSim", "Reconstruction.FullSim.CSC"},
        {"Gen", "Reconstruction.Gen.CSC"},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        struct legacy_report row = {.subcategory = table[i].word};
        expect_group(&row, table[i].group);
        expect_notebook_group(&row, table[i].group);
    }
}

static void every_group_has_its_spelling(void **state) {
    (void)state;
    static const struct {
        const char *word;
        const char *group;
    } table[] = {
        {"TRACKER", "HLT.Data.Tracker"},
        {"ECAL", "HLT.Data.Ecal"},
        {"HGCAL", "HLT.Data.HGcal"},
        {"HCAL", "HLT.Data.Hcal"},
        {"CASTOR", "HLT.Data.CASTOR"},
        {"DT", "HLT.Data.DT"},
        {"CSC", "HLT.Data.CSC"},
        {"RPC", "HLT.Data.RPC"},
        {"GEM", "HLT.Data.GEM"},
        {"MTD", "HLT.Data.MTD"},
        {"PPS", "HLT.Data.PPS"},
        {"L1", "HLT.Data.L1"},
        {"TRACKING", "HLT.Data.Tracking"},
        {"ELECTRON", "HLT.Data.Electron"},
        {"PHOTON", "HLT.Data.Photon"},
        {"MUON", "HLT.Data.Muon"},
        {"JET", "HLT.Data.Jet"},
        {"MET", "HLT.Data.MET"},
        {"BTAG", "HLT.Data.bTag"},
        {"TAU", "HLT.Data.Tau"},
        {"PF", "HLT.Data.PF"},
        {"SMP", "HLT.Data.SMP"},
        {"HIGGS", "HLT.Data.Higgs"},
        {"TOP", "HLT.Data.Top"},
        {"SUSY", "HLT.Data.Susy"},
        {"EXOTICA", "HLT.Data.Exotica"},
        {"B2G", "HLT.Data.B2G"},
        {"B", "HLT.Data.B"},
        {"FWD", "HLT.Data.Fwd"},
        {"HIN", "HLT.Data.HIN"},
        {"GEN", "HLT.Data.GEN"},
    };
    assert_int_equal(sizeof table / sizeof *table, GROUP_COUNT);
    for (size_t i = 0; i < GROUP_COUNT; i++) {
        struct legacy_report row = {.category = "HLT", .kind = table[i].word};
        expect_group(&row, table[i].group);
        expect_notebook_group(&row, table[i].group);
    }
}

static void every_status_has_its_code(void **state) {
    (void)state;
    static const struct {
        const char *word;
        const char *code;
    } table[] = {
        {"OK", "1"},
        {"OK TO BE SIGNED-OFF BY THE VALIDATORS", "1"},
        {"NOT YET DONE", "2"},
        {"FAILURE", "3"},
        {"CHANGES EXPECTED", "4"},
        {"IN PROGRESS", "5"},
        {"KNOWN ISSUE", "6"},
        {" \tKNOWN ISSUE\n", "6"},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        struct legacy legacy = {.reports = {{.id = 1, .status = table[i].word}}};
        expect_json(plan_corrected(&legacy), KIND_CAMPAIGNS, "12_5_0", ".reports[0].status",
                    table[i].code);
        expect_json(plan_notebook(&legacy), KIND_CAMPAIGNS, "12_5_0", ".reports[0].status",
                    table[i].code);
        release_plans(NULL);
    }
}

static void the_case_of_names_never_matters(void **state) {
    (void)state;
    struct legacy_report row = {.category = "hLt", .subcategory = "fullSIM", .kind = "bTag"};
    expect_group(&row, "HLT.FullSim.bTag");
    expect_notebook_group(&row, "HLT.FullSim.bTag");
}

static void a_summary_is_no_group(void **state) {
    (void)state;
    static const struct legacy legacy = {.reports = {{.id = 1, .kind = "SUMMARY"}}};
    expect_json(plan_corrected(&legacy), KIND_CAMPAIGNS, "12_5_0", ".reports", "[]");
    expect_skipped(plan_notebook(&legacy), "releases", "1", "kind-not-a-group");
}

static void what_is_no_word_of_the_lists_is_unknown(void **state) {
    (void)state;
    static const struct legacy legacy = {.reports = {
                                             {.id = 1},
                                             {.id = 2, .category = "Reco"},
                                             {.id = 3, .subcategory = "Full Sim"},
                                             {.id = 4, .kind = "HEAVYFLAVOR"},
                                             {.id = 5, .status = "OKAY"},
                                             {.id = 6, .category = SQL_NULL},
                                             {.id = 7, .subcategory = ""},
                                             {.id = 8, .kind = SQL_NULL},
                                         }};
    struct plan *plan = plan_corrected(&legacy);
    expect_rejected(plan, "releases", "2",
                    "unknown category \"Reco\"; expected one of Reconstruction, HLT, PAGs, HIN");
    expect_rejected(plan, "releases", "3",
                    "unknown subcategory \"Full Sim\"; expected one of Data, FastSim, FullSim");
    expect_skipped(plan, "releases", "4", "kind-not-a-group");
    expect_rejected(plan, "status", "5", "unknown status \"OKAY\"; expected one of OK, ");
    expect_rejected(plan, "releases", "6", "no category");
    expect_rejected(plan, "releases", "7", "no subcategory");
    expect_skipped(plan, "releases", "8", "kind-not-a-group");
    expect_outcomes(plan, "releases", 8, 1, 2, 5);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        plan_test(every_category_has_its_spelling),
        plan_test(every_subcategory_has_its_spelling),
        plan_test(every_group_has_its_spelling),
        plan_test(every_status_has_its_code),
        plan_test(the_case_of_names_never_matters),
        plan_test(a_summary_is_no_group),
        plan_test(what_is_no_word_of_the_lists_is_unknown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
