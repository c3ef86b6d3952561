/* The options of the migration, and the warning about groups that the target's lists do not have.
 */
#include "valdb_fixture.h"

#include <string.h>

#include "valdb/valdb.h"

static void an_alias_renames_a_group_in_reports_and_rights(void **state) {
    (void)state;
    static const struct legacy legacy = {
        .users = {{.login = "anna"}},
        .rights = {{.id = 11, .category = "PAGs", .kind = "SUSY"}, {.id = 12}},
        .reports = {{.id = 1, .category = "HLT", .kind = "SUSY"}, {.id = 2}},
        .alias = "Susy=NPS",
    };
    struct plan *plan = plan_corrected(&legacy);
    expect_json(plan, KIND_VALIDATORS, "anna", ".groups",
                "['PAGs.Data.NPS', 'Reconstruction.Data.CSC']");
    expect_text(plan, KIND_CAMPAIGNS, "12_5_0", ".reports[0].group", "HLT.Data.NPS");
    expect_text(plan, KIND_CAMPAIGNS, "12_5_0", ".reports[1].group", "Reconstruction.Data.CSC");
}

static void an_alias_names_its_group_in_any_case(void **state) {
    (void)state;
    static const struct legacy legacy = {
        .reports = {{.id = 1, .category = "HLT", .kind = "Susy"}},
        .alias = "SUSY=NPS",
    };
    expect_text(plan_corrected(&legacy), KIND_CAMPAIGNS, "12_5_0", ".reports[0].group",
                "HLT.Data.NPS");
}

static void an_alias_does_not_touch_categories(void **state) {
    (void)state;
    static const struct legacy legacy = {
        .reports = {{.id = 1, .category = "HIN", .kind = "HIN"}},
        .alias = "HIN=HeavyIon",
    };
    struct plan *plan = plan_corrected(&legacy);
    expect_text(plan, KIND_CAMPAIGNS, "12_5_0", ".reports[0].group", "HIN.Data.HeavyIon");
    expect_json(plan, KIND_CAMPAIGNS, "12_5_0", ".subcategories", "['HIN.Data']");
}

static void an_alias_of_no_group_is_refused(void **state) {
    (void)state;
    static const struct legacy legacy = {.reports = {{.id = 1}}, .alias = "Sussy=NPS"};
    expect_no_plan(&legacy, ERROR_USAGE, "--alias Sussy=NPS");
}

/* The options are refused before anything is opened. */
static void expect_refused(const struct migration_value *values, size_t count, const char *words) {
    struct migration_settings settings = {.values = values, .value_count = count};
    struct error error = {0};
    assert_int_equal(valdb_migration.check(&valdb_migration, &settings, &error), -1);
    assert_int_equal(error.code, ERROR_USAGE);
    if (strstr(error.message, words) == NULL) {
        fail_msg("\"%s\" does not say \"%s\"", error.message, words);
    }
}

static void options_that_mean_nothing_are_refused(void **state) {
    (void)state;
    static const struct {
        struct migration_value value;
        const char *words;
    } table[] = {
        {{"rules", "corected"}, "--rules corected: expected corrected or notebook"},
        {{"alias", "Susy"}, "--alias Susy: expected OLD=NEW"},
        {{"alias", "=NPS"}, "expected OLD=NEW"},
        {{"alias", "Susy="}, "expected OLD=NEW"},
        {{"alias", "Sussy=NPS"}, "ValDB has no group Sussy"},
        {{"colour", "red"}, "--colour"},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        expect_refused(&table[i].value, 1, table[i].words);
    }
}

static void the_notebook_has_no_history(void **state) {
    (void)state;
    static const struct migration_value values[] = {{"history", "yes"}, {"rules", "notebook"}};
    expect_refused(values, 2, "--history");
}

static void words_are_trimmed_but_for_the_notebook(void **state) {
    (void)state;
    static const struct migration_value notebook = {"rules", "notebook"};
    struct migration_settings settings = {0};
    assert_int_equal(valdb_migration.padding(&valdb_migration, &settings), PADDING_TRIMMED);
    settings = (struct migration_settings){.values = &notebook, .value_count = 1};
    assert_int_equal(valdb_migration.check(&valdb_migration, &settings, NULL), 0);
    assert_int_equal(valdb_migration.padding(&valdb_migration, &settings), PADDING_KEPT);
}

static void a_group_that_the_target_does_not_list_is_a_warning(void **state) {
    (void)state;
    static const struct legacy legacy = {
        .users = {{.login = "anna"}},
        .rights = {{.id = 11, .category = "HLT", .subcategory = "FastSim", .kind = "TAU"}},
        .reports = {
            {.id = 1, .category = "HLT", .subcategory = "FastSim", .kind = "TAU"},
            {.id = 2, .category = "PAGs", .kind = "TAU"},
            {.id = 3, .kind = "TAU"},
        }};
    struct plan *plan = plan_corrected(&legacy);
    expect_warning(plan, "HLT.FastSim.Tau", "used 2 times");
    expect_warning(plan, "PAGs.Data.Tau", "used 1 time");
    expect_text(plan, KIND_CAMPAIGNS, "12_5_0", ".reports[0].group", "HLT.FastSim.Tau");
}

static void which_groups_the_target_lists(void **state) {
    (void)state;
    static const struct {
        const char *category;
        const char *subcategory;
        const char *kind;
        const char *warning; /* NULL: it is listed */
    } table[] = {
        {"Reconstruction", "Data", "TAU", NULL},
        {"Reconstruction", "FastSim", "TK", NULL},
        {"Reconstruction", "FullSim", "PF", NULL},
        {"Reconstruction", "Gen", "PF", "Reconstruction.Gen.PF"},
        {"Reconstruction", "Data", "SMP", "Reconstruction.Data.SMP"},
        {"HLT", "Data", "HIN", NULL},
        {"HLT", "FullSim", "BTAG", NULL},
        {"HLT", "FastSim", "BTAG", "HLT.FastSim.bTag"},
        {"HLT", "Data", "CSC", "HLT.Data.CSC"},
        {"PAGs", "Data", "B2G", NULL},
        {"PAGs", "FastSim", "B", NULL},
        {"PAGs", "FullSim", "FWD", NULL},
        {"PAGs", "Data", "JET", "PAGs.Data.Jet"},
        {"IN", "Data", "JET", NULL},
        {"IN", "FullSim", "TRACKING", NULL},
        {"IN", "Data", "MET", "HIN.Data.MET"},
        {"GEN", "Gen", "GEN", NULL},
        {"GEN", "Data", "GEN", "GEN.Data.GEN"},
        {"GEN", "Gen", "HIN", "GEN.Gen.HIN"},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        struct legacy legacy = {.reports = {{.id = 1,
                                             .category = table[i].category,
                                             .subcategory = table[i].subcategory,
                                             .kind = table[i].kind}}};
        struct plan *plan = plan_corrected(&legacy);
        if (table[i].warning == NULL) {
            expect_no_warnings(plan);
        } else {
            expect_warning(plan, table[i].warning, "");
        }
        release_plans(NULL);
    }
}

static void the_day_that_counts_as_today_makes_a_plan_repeatable(void **state) {
    (void)state;
    struct legacy legacy = {.reports = {{.id = 1, .date = "2023-01-10"}}, .as_of = "2023-03-09"};
    expect_json(plan_corrected(&legacy), KIND_CAMPAIGNS, "12_5_0", ".is_open", "true");
    legacy.as_of = "2023-03-10";
    expect_json(plan_corrected(&legacy), KIND_CAMPAIGNS, "12_5_0", ".is_open", "false");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        plan_test(an_alias_renames_a_group_in_reports_and_rights),
        plan_test(an_alias_names_its_group_in_any_case),
        plan_test(an_alias_does_not_touch_categories),
        plan_test(an_alias_of_no_group_is_refused),
        plan_test(options_that_mean_nothing_are_refused),
        plan_test(the_notebook_has_no_history),
        plan_test(words_are_trimmed_but_for_the_notebook),
        plan_test(a_group_that_the_target_does_not_list_is_a_warning),
        plan_test(which_groups_the_target_lists),
        plan_test(the_day_that_counts_as_today_makes_a_plan_repeatable),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
