/* The reconciliation: every row of every table that is read is used, skipped or rejected, under
 * both sets of rules. That the sums agree, and that each document has as many rows as it states, is
 * checked for every plan of every test. */
#include "valdb_fixture.h"

/* Both plans of the rows, one after the other. */
static void by_both(const struct legacy *legacy, void (*expect)(const struct plan *plan)) {
    expect(plan_corrected(legacy));
    expect(plan_notebook(legacy));
}

static void expect_bert_rightless(const struct plan *plan) {
    expect_skipped(plan, "users", "bert", "rightless-shown");
    expect_lost_value(plan, "users", "bert", ".EMAIL", "'bert@lab.example'");
    expect_used(plan, "users", "anna", KIND_VALIDATORS, "anna");
    expect_used(plan, "user_rights", "11", KIND_VALIDATORS, "anna");
    expect_outcomes(plan, "users", 2, 1, 1, 0);
}

static void a_validator_without_rights_is_skipped(void **state) {
    (void)state;
    static const struct legacy legacy = {
        .users = {{.login = "anna"}, {.login = "bert"}},
        .rights = {{.id = 11}},
    };
    by_both(&legacy, expect_bert_rightless);
    expect_correction(plan_corrected(&legacy), KIND_VALIDATORS, "rightless-shown", 1);
    expect_no_corrections(plan_notebook(&legacy));
}

static void a_validator_without_a_login_is_skipped(void **state) {
    (void)state;
    static const struct legacy legacy = {
        .rights = {{.id = 11, .login = SQL_NULL}},
        .sql = "INSERT INTO users VALUES (NULL, 'x@lab.example', 0, 1)",
    };
    struct plan *plan = plan_corrected(&legacy);
    expect_skipped(plan, "users", "(null)", "rightless-shown");
    expect_skipped(plan, "user_rights", "11", "right-of-nobody");
}

static void expect_unused(const struct plan *plan) {
    expect_documents(plan, KIND_VALIDATORS, "");
    expect_skipped(plan, "users", "anna", "rights-unused");
}

static void a_validator_whose_rights_cannot_be_used_is_skipped(void **state) {
    (void)state;
    static const struct legacy legacy = {
        .users = {{.login = "anna"}},
        .rights = {{.id = 11, .kind = "NOPE"}, {.id = 12, .kind = "SUMMARY"}},
    };
    by_both(&legacy, expect_unused);
}

static void a_login_that_is_too_long_is_skipped_in_both_tables(void **state) {
    (void)state;
    static const struct legacy legacy = {
        .users = {{.login = "annabella"}},
        .rights = {{.id = 11, .login = "annabella"}},
    };
    struct plan *plan = plan_corrected(&legacy);
    expect_skipped(plan, "users", "annabella", "login-length");
    expect_skipped(plan, "user_rights", "11", "login-length");
}

static void a_validator_with_a_refused_address_is_rejected_in_the_targets_words(void **state) {
    (void)state;
    static const struct legacy legacy = {
        .users = {{.login = "j\xC3\xB6rg", .email = "none"}},
        .rights = {{.id = 11, .login = "j\xC3\xB6rg"}},
    };
    struct plan *plan = plan_corrected(&legacy);
    expect_rejected(plan, "users", "j\xC3\xB6rg", "Email has an incorrect format. The example");
    expect_rejected(plan, "user_rights", "11", "Email has an incorrect format. The example");
    expect_correction(plan, KIND_VALIDATORS, "target-accepts", 1);
}

static void a_twins_rows_are_used_in_the_one_document(void **state) {
    (void)state;
    static const struct legacy legacy = {
        .users = {{.login = "anna"},
                  {.login = "annasvc", .email = "anna@lab.example"},
                  {.login = "annaadm", .email = "chief@lab.example", .role = ADMINISTRATOR},
                  {.login = "chief"}},
        .rights = {{.id = 11}, {.id = 12, .login = "annasvc"}, {.id = 13, .login = "chief"}},
    };
    struct plan *plan = plan_corrected(&legacy);
    expect_used(plan, "users", "annasvc", KIND_VALIDATORS, "anna");
    expect_used(plan, "user_rights", "12", KIND_VALIDATORS, "anna");
    expect_used(plan, "users", "chief", KIND_ADMINISTRATORS, "annaadm");
    expect_used(plan, "user_rights", "13", KIND_ADMINISTRATORS, "annaadm");
    expect_outcomes(plan, "users", 4, 4, 0, 0);
}

static void expect_rights_of_nobody(const struct plan *plan) {
    expect_skipped(plan, "user_rights", "12", "right-of-nobody");
    expect_skipped(plan, "user_rights", "13", "right-of-nobody");
    expect_skipped(plan, "user_rights", "14", "right-of-nobody");
    expect_skipped(plan, "user_rights", "(null)", "right-of-nobody");
}

static void rights_of_somebody_who_is_not_a_validator_are_skipped(void **state) {
    (void)state;
    static const struct legacy legacy = {
        .users = {{.login = "anna"}, {.login = "bert", .role = NO_ROLE}},
        .rights = {{.id = 11},
                   {.id = 12, .login = "bert"},
                   {.id = 13, .login = "nobody"},
                   {.id = 14, .login = SQL_NULL}},
        .sql = "CREATE TABLE copy AS SELECT * FROM user_rights; DROP TABLE user_rights;"
               "ALTER TABLE copy RENAME TO user_rights;"
               "INSERT INTO user_rights VALUES (NULL, 'nobody', 'HLT', 'Data', 'TAU')",
    };
    by_both(&legacy, expect_rights_of_nobody);
}

static void expect_no_roles(const struct plan *plan) {
    expect_skipped(plan, "users", "bert", "no-role");
    expect_skipped(plan, "users", "cleo", "no-role");
    expect_skipped(plan, "users", "dora", "no-role");
    expect_skipped(plan, "users", "emil", "no-role");
}

static void users_without_a_role_are_skipped(void **state) {
    (void)state;
    static const struct legacy legacy = {
        .users = {{.login = "anna", .role = ADMINISTRATOR_AND_VALIDATOR},
                  {.login = "bert", .role = NO_ROLE},
                  {.login = "cleo", .role = NULL_ROLES}},
        .sql = "INSERT INTO users VALUES ('dora', 'dora@lab.example', NULL, 1);"
               "INSERT INTO users VALUES ('emil', 'emil@lab.example', 0, NULL);",
    };
    by_both(&legacy, expect_no_roles);
    expect_outcomes(plan_corrected(&legacy), "users", 5, 1, 4, 0);
}

static void expect_lonely_rows(const struct plan *plan) {
    expect_skipped(plan, "releases", "2", "status-missing");
    expect_skipped(plan, "status", "3", "release-missing");
    expect_lost_value(plan, "status", "3", ".COMMENTS", "'lost'");
    expect_skipped(plan, "status", "(null)", "release-missing");
    expect_used(plan, "releases", "1", KIND_CAMPAIGNS, "12_5_0");
    expect_used(plan, "status", "1", KIND_CAMPAIGNS, "12_5_0");
    expect_outcomes(plan, "releases", 2, 1, 1, 0);
    expect_outcomes(plan, "status", 3, 1, 2, 0);
}

static void rows_without_a_partner_are_skipped(void **state) {
    (void)state;
    static const struct legacy legacy = {
        .reports = {{.id = 1}},
        .sql = "INSERT INTO releases VALUES (2, 'HLT', 'Data', '12_5_0', 1, '2023-01-10', 'TAU');"
               "INSERT INTO status (id, comments) VALUES (3, 'lost'), (NULL, 'of no row');",
    };
    by_both(&legacy, expect_lonely_rows);
}

static void a_row_of_status_ends_as_its_row_of_releases(void **state) {
    (void)state;
    static const struct legacy legacy = {.reports = {{.id = 1},
                                                     {.id = 2, .kind = "HEAVYFLAVOR"},
                                                     {.id = 3, .category = "NOPE"},
                                                     {.id = 4, .campaign = "test"}}};
    struct plan *plan = plan_corrected(&legacy);
    expect_used(plan, "status", "1", KIND_CAMPAIGNS, "12_5_0");
    expect_skipped(plan, "status", "2", "kind-not-a-group");
    expect_rejected(plan, "status", "3", "its row of RELEASES is rejected: unknown category");
    expect_rejected(plan, "status", "4", "its row of RELEASES is rejected: Name has an incorrect");
}

static void a_row_of_status_that_two_rows_refer_to_is_settled_once_and_use_wins(void **state) {
    (void)state;
    static const struct legacy legacy = {
        .reports = {{.id = 2, .campaign = "12_6_0"}},
        .sql = "CREATE TABLE copy AS SELECT * FROM releases; DROP TABLE releases;"
               "ALTER TABLE copy RENAME TO releases;"
               /* Read before and after the row that uses it. */
               "INSERT INTO releases VALUES (2, 'NOPE', 'Data', '12_5_0', 1, '2023-01-10', 'TAU'),"
               " (2, 'HLT', 'Data', '12_7_0', 1, '2023-01-10', 'NOPE')",
    };
    struct plan *plan = plan_corrected(&legacy);
    expect_documents(plan, KIND_CAMPAIGNS, "12_6_0");
    expect_used(plan, "status", "2", KIND_CAMPAIGNS, "12_6_0");
    expect_outcomes(plan, "releases", 3, 1, 1, 1);
    expect_outcomes(plan, "status", 1, 1, 0, 0);
}

static void a_row_of_releases_with_two_rows_of_status_is_settled_once_and_use_wins(void **state) {
    (void)state;
    static const struct legacy legacy = {
        .reports = {{.id = 1, .status = "NOPE"}},
        .sql = "INSERT INTO status (id, validation_status) VALUES (1, 'OK'), (1, 'IN PROGRESS')",
    };
    struct plan *plan = plan_corrected(&legacy);
    expect_used(plan, "releases", "1", KIND_CAMPAIGNS, "12_5_0");
    expect_outcomes(plan, "releases", 1, 1, 0, 0);
    expect_outcomes(plan, "status", 3, 2, 0, 1);
}

static void every_user_has_one_outcome(void **state) {
    (void)state;
    static const struct legacy legacy = {
        .users = {{.login = "anna"},
                  {.login = "bert"},
                  {.login = "cleo", .role = ADMINISTRATOR},
                  {.login = "dora", .role = ADMINISTRATOR_AND_VALIDATOR},
                  {.login = "emil", .role = NO_ROLE}},
        .rights = {{.id = 11}, {.id = 12, .login = "dora"}},
    };
    struct plan *plan = plan_corrected(&legacy);
    expect_outcomes(plan, "users", 5, 3, 2, 0);
    expect_outcomes(plan, "user_rights", 2, 1, 1, 0);
    /* The notebook has no administrators without their list. */
    plan = plan_notebook(&legacy);
    expect_outcomes(plan, "users", 5, 1, 4, 0);
    expect_outcomes(plan, "user_rights", 2, 1, 1, 0);
}

static void a_login_that_is_there_twice_is_one_document(void **state) {
    (void)state;
    static const struct legacy legacy = {
        .users = {{.login = "anna"},
                  {.login = "anna"},
                  {.login = "bert", .role = ADMINISTRATOR},
                  {.login = "bert", .role = ADMINISTRATOR}},
        .rights = {{.id = 11}},
    };
    struct plan *plan = plan_corrected(&legacy);
    expect_documents(plan, KIND_VALIDATORS, "anna");
    expect_documents(plan, KIND_ADMINISTRATORS, "bert");
    expect_outcomes(plan, "user_rights", 1, 1, 0, 0);
    expect_outcomes(plan, "users", 4, 4, 0, 0);
}

static void earlier_versions_are_in_the_reconciliation_only_with_history(void **state) {
    (void)state;
    struct legacy legacy = {
        .reports = {{.id = 1}},
        .versions = {{.id = 101}},
        .sql = "INSERT INTO status_lv (id) VALUES (102)",
    };
    struct plan *plan = plan_corrected(&legacy);
    expect_not_read(plan, "releases_lv");
    expect_not_read(plan, "status_lv");
    legacy.with_history = true;
    plan = plan_corrected(&legacy);
    expect_used(plan, "releases_lv", "101", KIND_CAMPAIGNS, "12_5_0");
    expect_used(plan, "status_lv", "101", KIND_CAMPAIGNS, "12_5_0");
    expect_skipped(plan, "status_lv", "102", "release-missing");
}

static void without_earlier_versions_history_has_nothing_to_read(void **state) {
    (void)state;
    static const struct legacy legacy = {.with_history = true, .sql = "DROP TABLE status_lv"};
    expect_no_plan(&legacy, ERROR_USAGE, "no table status_lv");
}

static void a_staging_can_be_planned_twice(void **state) {
    (void)state;
    static const struct legacy legacy = {
        .users = {{.login = "anna"}, {.login = "bert", .role = ADMINISTRATOR}},
        .rights = {{.id = 11}},
        .reports = {{.id = 1}, {.id = 2, .kind = "NOPE"}},
        .admins = "bert,bert@lab.example,Bert Black\n",
        .with_history = true,
    };
    struct plan *made[2];
    plan_twice(&legacy, made);
    for (size_t i = 0; i < 2; i++) {
        expect_outcomes(made[i], "users", 2, 2, 0, 0);
        expect_outcomes(made[i], "releases", 2, 1, 1, 0);
        expect_outcomes(made[i], "status", 2, 1, 1, 0);
    }
}

static void an_empty_database_makes_an_empty_plan(void **state) {
    (void)state;
    static const struct legacy legacy = {.with_history = true};
    struct plan *plan = plan_corrected(&legacy);
    expect_outcomes(plan, "user_rights", 0, 0, 0, 0);
    expect_outcomes(plan, "users", 0, 0, 0, 0);
    expect_outcomes(plan, "releases", 0, 0, 0, 0);
    expect_outcomes(plan, "status", 0, 0, 0, 0);
    expect_outcomes(plan, "releases_lv", 0, 0, 0, 0);
    expect_outcomes(plan, "status_lv", 0, 0, 0, 0);
    expect_no_corrections(plan);
}

static void a_table_that_is_missing_stops_the_plan(void **state) {
    (void)state;
    static const struct legacy legacy = {.sql = "DROP TABLE user_rights"};
    expect_no_plan(&legacy, ERROR_USAGE, "no table user_rights");
}

static void a_column_that_is_missing_stops_the_plan(void **state) {
    (void)state;
    static const struct legacy legacy = {.sql = "ALTER TABLE status DROP COLUMN relmon_url"};
    expect_no_plan(&legacy, ERROR_USAGE, "no column relmon_url");
}

static void every_correction_and_every_skip_has_an_id_and_a_meaning(void **state) {
    (void)state;
    static const char *const ids[] = {
        "tracker-kept",
        "tokens-folded",
        "links-kept",
        "content-markdown",
        "summary-kept",
        "releases-from-summary",
        "email-found",
        "email-lower",
        "twins-merged",
        "rights-distinct",
        "status-signoff-failure",
        "status-default",
        "fullnames-found",
        "authors-resolved",
        "authors-registered",
        "relmon-first",
        "report-single",
        "dates-filled",
        "row-rejected",
        "target-accepts",
        "rightless-shown",
        "padding-dropped",
    };
    _Static_assert(sizeof ids / sizeof *ids == CORRECTION_COUNT, "each correction is here");
    for (size_t i = 0; i < CORRECTION_COUNT; i++) {
        assert_string_equal(correction_rules[i].id, ids[i]);
        assert_non_null(correction_rules[i].meaning);
    }
    for (size_t i = 0; i < SKIP_COUNT; i++) {
        assert_non_null(skip_rules[i].id);
        assert_non_null(skip_rules[i].meaning);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        plan_test(a_validator_without_rights_is_skipped),
        plan_test(a_validator_without_a_login_is_skipped),
        plan_test(a_validator_whose_rights_cannot_be_used_is_skipped),
        plan_test(a_login_that_is_too_long_is_skipped_in_both_tables),
        plan_test(a_validator_with_a_refused_address_is_rejected_in_the_targets_words),
        plan_test(a_twins_rows_are_used_in_the_one_document),
        plan_test(rights_of_somebody_who_is_not_a_validator_are_skipped),
        plan_test(users_without_a_role_are_skipped),
        plan_test(rows_without_a_partner_are_skipped),
        plan_test(a_row_of_status_ends_as_its_row_of_releases),
        plan_test(a_row_of_status_that_two_rows_refer_to_is_settled_once_and_use_wins),
        plan_test(a_row_of_releases_with_two_rows_of_status_is_settled_once_and_use_wins),
        plan_test(every_user_has_one_outcome),
        plan_test(a_login_that_is_there_twice_is_one_document),
        plan_test(earlier_versions_are_in_the_reconciliation_only_with_history),
        plan_test(without_earlier_versions_history_has_nothing_to_read),
        plan_test(a_staging_can_be_planned_twice),
        plan_test(an_empty_database_makes_an_empty_plan),
        plan_test(a_table_that_is_missing_stops_the_plan),
        plan_test(a_column_that_is_missing_stops_the_plan),
        plan_test(every_correction_and_every_skip_has_an_id_and_a_meaning),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
