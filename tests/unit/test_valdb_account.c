/* The account: every row of every query is used, skipped or rejected, and correction
 * rightless-shown shows the rows that the joins hide. That the sums agree is checked for every plan
 * of every test. */
#include "valdb_fixture.h"

static void a_validator_without_rights_is_shown_as_skipped(void **state) {
    (void)state;
    static const struct legacy legacy = {
        .users = {{.login = "anna"}, {.login = "bert"}},
        .rights = {{.id = 11}},
    };
    struct plan *plan = plan_corrected(&legacy);
    expect_skipped(plan, "users", "bert", "rightless-shown");
    expect_lost_value(plan, "users", "bert", ".EMAIL", "'bert@lab.example'");
    expect_outcomes(plan, "users", 1, 0, 1, 0);
    expect_correction(plan, KIND_VALIDATORS, "rightless-shown", 1);
}

static void rights_of_somebody_who_is_no_validator_are_shown_as_skipped(void **state) {
    (void)state;
    static const struct legacy legacy = {
        .users = {{.login = "anna"}, {.login = "bert", .role = NO_ROLE}},
        .rights = {{.id = 11},
                   {.id = 12, .login = "bert"},
                   {.id = 13, .login = "nobody"},
                   {.id = 14, .login = SQL_NULL}},
    };
    struct plan *plan = plan_corrected(&legacy);
    expect_skipped(plan, "user_rights", "12", "right-of-nobody");
    expect_skipped(plan, "user_rights", "13", "right-of-nobody");
    expect_skipped(plan, "user_rights", "14", "right-of-nobody");
}

static void users_without_a_role_are_shown_as_skipped(void **state) {
    (void)state;
    static const struct legacy legacy = {
        .users = {{.login = "anna", .role = ADMINISTRATOR_AND_VALIDATOR},
                  {.login = "bert", .role = NO_ROLE},
                  {.login = "cleo", .role = NULL_ROLES}},
        .sql = "INSERT INTO users VALUES ('dora', 'dora@lab.example', NULL, 1);"
               "INSERT INTO users VALUES ('emil', 'emil@lab.example', 0, NULL);",
    };
    struct plan *plan = plan_corrected(&legacy);
    expect_skipped(plan, "users", "bert", "no-role");
    expect_skipped(plan, "users", "cleo", "no-role");
    expect_skipped(plan, "users", "dora", "no-role");
    expect_skipped(plan, "users", "emil", "no-role");
    expect_outcomes(plan, "users", 4, 0, 4, 0);
}

static void rows_of_releases_without_a_status_are_shown_as_skipped(void **state) {
    (void)state;
    static const struct legacy legacy = {
        .reports = {{.id = 1}},
        .sql = "INSERT INTO releases VALUES (2, 'HLT', 'Data', '12_5_0', 1, '2023-01-10', 'TAU');"
               "INSERT INTO status (id, comments) VALUES (NULL, 'of no row');",
    };
    struct plan *plan = plan_corrected(&legacy);
    expect_skipped(plan, "releases", "2", "status-missing");
    expect_outcomes(plan, "releases", 1, 1, 0, 0);
}

static void rows_of_status_without_a_release_are_shown_as_skipped(void **state) {
    (void)state;
    static const struct legacy legacy = {
        .reports = {{.id = 1}},
        .sql = "INSERT INTO status (id, comments) VALUES (3, 'lost'), (NULL, 'of no row');",
    };
    struct plan *plan = plan_corrected(&legacy);
    expect_skipped(plan, "status", "3", "release-missing");
    expect_lost_value(plan, "status", "3", ".COMMENTS", "'lost'");
    expect_outcomes(plan, "status", 2, 0, 2, 0);
}

static void every_user_stands_in_exactly_one_place(void **state) {
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
    expect_outcomes(plan, "user_rights", 1, 1, 0, 0);
    expect_outcomes(plan, "users", 1, 0, 1, 0);
    expect_outcomes(plan, "users", 2, 2, 0, 0);
    expect_outcomes(plan, "users", 1, 0, 1, 0);
    expect_outcomes(plan, "user_rights", 1, 0, 1, 0);
}

static void a_login_that_stands_twice_is_read_twice(void **state) {
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
    expect_outcomes(plan, "user_rights", 2, 2, 0, 0);
    expect_outcomes(plan, "users", 2, 2, 0, 0);
}

static void an_empty_database_makes_an_empty_plan(void **state) {
    (void)state;
    static const struct legacy legacy = {.with_history = true};
    struct plan *plan = plan_corrected(&legacy);
    expect_outcomes(plan, "user_rights", 0, 0, 0, 0);
    expect_outcomes(plan, "users", 0, 0, 0, 0);
    expect_outcomes(plan, "releases", 0, 0, 0, 0);
    expect_outcomes(plan, "releases_lv", 0, 0, 0, 0);
    expect_no_corrections(plan);
}

static void a_table_that_is_missing_stops_the_plan(void **state) {
    (void)state;
    static const struct legacy legacy = {.sql = "DROP TABLE user_rights"};
    expect_no_plan(&legacy, ERROR_SOURCE, "USER_RIGHTS");
}

static void a_column_that_is_missing_stops_the_plan(void **state) {
    (void)state;
    static const struct legacy legacy = {.sql = "ALTER TABLE status DROP COLUMN relmon_url"};
    expect_no_plan(&legacy, ERROR_SOURCE, "RELMON_URL");
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
    };
    assert_int_equal(sizeof ids / sizeof *ids, CORRECTION_COUNT);
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
        plan_test(a_validator_without_rights_is_shown_as_skipped),
        plan_test(rights_of_somebody_who_is_no_validator_are_shown_as_skipped),
        plan_test(users_without_a_role_are_shown_as_skipped),
        plan_test(rows_of_releases_without_a_status_are_shown_as_skipped),
        plan_test(rows_of_status_without_a_release_are_shown_as_skipped),
        plan_test(every_user_stands_in_exactly_one_place),
        plan_test(a_login_that_stands_twice_is_read_twice),
        plan_test(an_empty_database_makes_an_empty_plan),
        plan_test(a_table_that_is_missing_stops_the_plan),
        plan_test(a_column_that_is_missing_stops_the_plan),
        plan_test(every_correction_and_every_skip_has_an_id_and_a_meaning),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
