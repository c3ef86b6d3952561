/* Databases as others left them: flags as words, logins that differ by case, ids as text, blanks at
 * the end, ids that are missing or repeated, dates that are none. Each row gets its right value, or
 * is rejected with what was found and what was expected. */
#include "valdb_fixture.h"

/* Four reports in two campaigns, two validators, an administrator and somebody without a role. */
#define BASE                                                                                       \
    .users = {{.login = "jdoe"},                                                                   \
              {.login = "jnunez", .email = SQL_NULL},                                              \
              {.login = "boss", .role = ADMINISTRATOR},                                            \
              {.login = "gone", .role = NO_ROLE}},                                                 \
    .rights = {{.id = 1, .login = "jdoe", .kind = "TAU"},                                          \
               {.id = 2, .login = "jnunez", .subcategory = "FullSim", .kind = "JET"}},             \
    .reports = {                                                                                   \
        {.id = 9, .campaign = "12_5_0_pre2", .kind = "TAU", .comments = "older"},                  \
        {.id = 10, .campaign = "12_5_0_pre2", .kind = "TAU", .comments = "newer"},                 \
        {.id = 11, .campaign = "12_5_0_pre2", .subcategory = "FullSim", .kind = "JET"},            \
        {.id = 12, .campaign = "12_5_0_pre3", .category = "HLT", .kind = "HIGGS"},                 \
    }

/* The table again, its columns declared otherwise, with the rows that it had. */
#define REBUILD(table, columns)                                                                    \
    "CREATE TABLE again(" columns "); INSERT INTO again SELECT * FROM " table ";"                  \
    "DROP TABLE " table "; ALTER TABLE again RENAME TO " table ";"

#define BARE_RELEASES                                                                              \
    REBUILD("releases", "id, category, subcategory, release_name, version, date, status_kind")

static void expect_everybody(const struct plan *plan) {
    expect_documents(plan, KIND_VALIDATORS, "jdoe, jnunez");
    expect_documents(plan, KIND_ADMINISTRATORS, "boss");
    expect_outcomes(plan, "users", 4, 3, 1, 0);
    expect_outcomes(plan, "user_rights", 2, 2, 0, 0);
}

static void flags_may_be_words(void **state) {
    (void)state;
    static const char *const words[][2] = {{"false", "true"}, {"f", "t"},  {"N", "Y"},
                                           {"no", "yes"},     {"0", "-1"}, {"FALSE", "TRUE"}};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        struct text sql = {0};
        text_append_format(
            &sql,
            REBUILD("users",
                    "user_name, email, admin, validator") "UPDATE users SET admin = CASE admin "
                                                          "WHEN 0 THEN '%s' ELSE '%s' END,"
                                                          " validator = CASE validator WHEN 0 THEN "
                                                          "'%s' ELSE '%s' END",
            words[i][0], words[i][1], words[i][0], words[i][1]);
        struct legacy legacy = {BASE, .sql = text_string(&sql)};
        expect_everybody(plan_corrected(&legacy));
        text_free(&sql);
        release_plans(NULL);
    }
}

static void flags_may_be_bits(void **state) {
    (void)state;
    static const struct legacy legacy = {
        BASE,
        .sql = REBUILD("users",
                       "user_name, email, admin, validator") "UPDATE users SET admin = CASE admin "
                                                             "WHEN 0 THEN x'00' ELSE x'01' END"};
    expect_everybody(plan_corrected(&legacy));
}

static void expect_strange_flags(const struct plan *plan) {
    expect_rejected(plan, "users", "weird", "ADMIN is 2; expected 0 or 1");
    expect_rejected(plan, "users", "weird2", "VALIDATOR is maybe; expected 0 or 1");
    expect_lost_value(plan, "users", "weird", ".ADMIN", "2");
    expect_rejected(plan, "user_rights", "3",
                    "its row of USERS is rejected: ADMIN is 2; expected 0 or 1");
    expect_documents(plan, KIND_VALIDATORS, "jdoe, jnunez");
}

static void a_flag_that_is_neither_0_nor_1_rejects_its_row(void **state) {
    (void)state;
    struct legacy legacy = {
        BASE, .sql = "INSERT INTO users VALUES ('weird', 'w@lab.example', 2, 1),"
                     " ('weird2', 'w@lab.example', 0, 'maybe');"
                     "INSERT INTO user_rights VALUES (3, 'weird', 'HLT', 'Data', 'TAU')"};
    expect_strange_flags(plan_corrected(&legacy));
    legacy.users[1].email = "jnunez@lab.example"; /* the notebook stops at a null */
    expect_strange_flags(plan_notebook(&legacy));
}

static void a_rejected_row_of_users_hides_no_other_row_of_the_login(void **state) {
    (void)state;
    static const struct legacy legacy = {
        BASE, .sql = "INSERT INTO users VALUES ('jdoe', 'other@lab.example', 2, 1)"};
    struct plan *plan = plan_corrected(&legacy);
    expect_text(plan, KIND_VALIDATORS, "jdoe", ".email", "jdoe@lab.example");
    expect_used(plan, "user_rights", "1", KIND_VALIDATORS, "jdoe");
    expect_outcomes(plan, "users", 5, 3, 1, 1);
}

static void expect_two_people(const struct plan *plan) {
    expect_json(plan, KIND_VALIDATORS, "jdoe", ".groups", "['Reconstruction.Data.Tau']");
    expect_json(plan, KIND_VALIDATORS, "JDoe", ".groups", "['HLT.Data.MET']");
}

static void logins_that_differ_by_case_are_two_people_whatever_the_collation(void **state) {
    (void)state;
    struct legacy legacy = {
        BASE,
        .sql = REBUILD("users", "user_name text collate nocase, email, admin, validator") REBUILD(
            "user_rights",
            "id integer primary key, user_name text collate"
            " nocase, category, subcategory, status_kind") "INSERT INTO users VALUES ('JDoe', "
                                                           "'other@lab.example', 0, 1);"
                                                           "INSERT INTO user_rights VALUES (3, "
                                                           "'JDoe', 'HLT', 'Data', 'MET')"};
    expect_two_people(plan_corrected(&legacy));
    legacy.users[1].email = "jnunez@lab.example";
    expect_two_people(plan_notebook(&legacy));
}

static void campaigns_that_differ_by_case_are_two_whatever_the_collation(void **state) {
    (void)state;
    static const struct legacy legacy = {
        BASE, .sql = REBUILD("releases", "id integer primary key, category, subcategory,"
                                         " release_name text collate nocase, version, date, "
                                         "status_kind") "UPDATE releases SET release_name = "
                                                        "'12_5_0_PRE2' WHERE id = 11"};
    expect_documents(plan_corrected(&legacy), KIND_CAMPAIGNS,
                     "12_5_0_PRE2, 12_5_0_pre2, 12_5_0_pre3");
}

static void ids_that_are_text_are_compared_as_numbers(void **state) {
    (void)state;
    static const struct legacy legacy = {
        BASE,
        .sql = REBUILD("releases", "id text, category, subcategory, release_name,"
                                   " version text, date, status_kind")
            REBUILD("status", "id text, validation_status, comments, links, user_name,"
                              " messageID, email_subject, relmon_url")
                REBUILD("user_rights", "id text, user_name, category, subcategory, status_kind")};
    struct plan *plan = plan_corrected(&legacy);
    expect_everybody(plan);
    expect_text(plan, KIND_CAMPAIGNS, "12_5_0_pre2", ".reports[0].content",
                "**Comments:** newer\n\n**Links:** No links provided\n\n"
                "**Earlier:**\n- 2023-01-10, OK: older");
}

static void an_id_of_digits_finds_a_number(void **state) {
    (void)state;
    static const struct legacy legacy = {
        BASE,
        .sql = REBUILD(
            "status",
            "id, validation_status, comments, links, user_name,"
            " messageID, email_subject, relmon_url") "UPDATE status SET id = '9' WHERE id = 9;"
                                                     "UPDATE status SET id = 10.0 WHERE id = 10"};
    expect_outcomes(plan_corrected(&legacy), "status", 4, 4, 0, 0);
}

#define PAD                                                                                        \
    "UPDATE users SET user_name = user_name || '      ';"                                          \
    "UPDATE user_rights SET user_name = user_name || '      ';"                                    \
    "UPDATE releases SET release_name = release_name || ' ' WHERE id = 11"

static void blanks_at_the_end_of_a_login_or_a_name_do_not_count(void **state) {
    (void)state;
    static const struct legacy legacy = {BASE, .sql = PAD};
    struct plan *plan = plan_corrected(&legacy);
    expect_everybody(plan);
    expect_documents(plan, KIND_CAMPAIGNS, "12_5_0_pre2, 12_5_0_pre3");
    expect_used(plan, "releases", "11", KIND_CAMPAIGNS, "12_5_0_pre2");
    expect_correction(plan, KIND_VALIDATORS, "padding-dropped", 6);
    expect_correction(plan, KIND_CAMPAIGNS, "padding-dropped", 1);
}

static void the_notebook_takes_blanks_at_the_end_for_content(void **state) {
    (void)state;
    static const struct legacy legacy = {BASE, .sql = PAD};
    struct plan *plan = plan_notebook(&legacy);
    expect_documents(plan, KIND_VALIDATORS, "");
    expect_skipped(plan, "user_rights", "1", "login-length");
    expect_skipped(plan, "users", "jdoe      ", "login-length");
    expect_documents(plan, KIND_CAMPAIGNS, "12_5_0_pre2, 12_5_0_pre2 , 12_5_0_pre3");
}

static void blanks_at_the_end_of_one_table_join_with_none_in_the_other(void **state) {
    (void)state;
    static const struct legacy legacy = {BASE,
                                         .sql = "UPDATE users SET user_name = user_name || '  '"};
    struct plan *plan = plan_corrected(&legacy);
    expect_everybody(plan);
    expect_correction(plan, KIND_VALIDATORS, "padding-dropped", 4);
}

static void rows_with_a_null_id_have_an_outcome(void **state) {
    (void)state;
    static const struct legacy legacy = {
        BASE, .sql = BARE_RELEASES "INSERT INTO releases VALUES (NULL, 'HLT', 'Data',"
                                   " 'orphan_null', 1, 1656280000, 'HIGGS');"
                                   "INSERT INTO status (id, comments) VALUES (NULL, 'null id')"};
    struct plan *plan = plan_corrected(&legacy);
    expect_skipped(plan, "releases", "(null)", "status-missing");
    expect_skipped(plan, "status", "(null)", "release-missing");
    expect_outcomes(plan, "releases", 5, 4, 1, 0);
    expect_outcomes(plan, "status", 5, 4, 1, 0);
}

static void expect_double_ids(const struct plan *plan) {
    expect_outcomes(plan, "releases", 5, 5, 0, 0);
    expect_outcomes(plan, "status", 5, 4, 1, 0);
    expect_skipped(plan, "status", "(null)", "release-missing");
}

static void rows_with_a_repeated_id_have_an_outcome(void **state) {
    (void)state;
    static const struct legacy legacy = {
        BASE, .sql = BARE_RELEASES "INSERT INTO releases SELECT * FROM releases WHERE id = 12;"
                                   "INSERT INTO status (id, comments) VALUES (NULL, 'null id')"};
    struct plan *plan = plan_corrected(&legacy);
    expect_double_ids(plan);
    expect_correction(plan, KIND_CAMPAIGNS, "report-single", 2);
    expect_double_ids(plan_notebook(&legacy));
}

static void dates_that_are_other_numbers_reject_their_rows(void **state) {
    (void)state;
    static const struct {
        const char *value;
        const char *shown;
    } table[] = {
        {"20220615", "DATE is 20220615; expected "},
        {"2459745.83", "DATE is 2459745.83; expected "},
        {"44727", "DATE is 44727; expected "},
        {"1656280000000", "DATE is 1656280000000; expected "},
        {"-1", "DATE is -1; expected "},
        {"1e999", "DATE is "},
        {"'infinity'", "DATE is infinity; expected "},
        {"'0000-00-00'", "DATE is 0000-00-00; expected "},
        {"'12022-06-15'", "DATE is 12022-06-15; expected "},
        {"'0044-03-15 BC'", "DATE is 0044-03-15 BC; expected "},
        {"x'3230'", "DATE is "},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        struct text sql = {0};
        text_append_format(&sql, BARE_RELEASES "UPDATE releases SET date = %s WHERE id = 10",
                           table[i].value);
        struct legacy legacy = {BASE, .sql = text_string(&sql)};
        struct plan *plan = plan_corrected(&legacy);
        expect_rejected(plan, "releases", "10", table[i].shown);
        expect_rejected(plan, "status", "10", "its row of RELEASES is rejected: DATE is ");
        expect_text(plan, KIND_CAMPAIGNS, "12_5_0_pre2", ".deadline", "2023-01-10");
        plan = plan_notebook(&legacy);
        expect_rejected(plan, "releases", "10", table[i].shown);
        expect_text(plan, KIND_CAMPAIGNS, "12_5_0_pre2", ".deadline", "2023-01-10");
        text_free(&sql);
        release_plans(NULL);
    }
}

static void seconds_since_1970_may_be_text(void **state) {
    (void)state;
    static const struct legacy legacy = {
        BASE,
        .sql = REBUILD("releases",
                       "id integer primary key, category, subcategory,"
                       " release_name, version, date text, status_kind") "UPDATE releases SET date "
                                                                         "= '1655280000'"};
    struct plan *plan = plan_corrected(&legacy);
    expect_text(plan, KIND_CAMPAIGNS, "12_5_0_pre2", ".deadline", "2022-06-15");
    expect_outcomes(plan, "releases", 4, 4, 0, 0);
}

static void an_infinite_version_rejects_its_row_and_its_content_is_json(void **state) {
    (void)state;
    static const struct legacy legacy = {BASE, .sql = BARE_RELEASES
                                               "UPDATE releases SET version = 1e999 WHERE id = 12"};
    struct plan *plan = plan_corrected(&legacy);
    expect_rejected(plan, "releases", "12", "VERSION is ");
    expect_lost_value(plan, "releases", "12", ".RELEASE_NAME", "'12_5_0_pre3'");
    expect_documents(plan, KIND_CAMPAIGNS, "12_5_0_pre2");
}

static void a_text_with_a_nul_rejects_its_row(void **state) {
    (void)state;
    static const struct legacy legacy = {
        BASE, .sql = "UPDATE status SET comments = 'be' || char(0) || 'hind' WHERE id = 12"};
    struct plan *plan = plan_corrected(&legacy);
    expect_rejected(plan, "status", "12", "COMMENTS is ");
    expect_lost_value(plan, "status", "12", ".COMMENTS", "'be\\u0000hind'");
    expect_rejected(plan, "releases", "12", "its row of STATUS is rejected: COMMENTS is ");
}

static void a_value_that_is_no_key_joins_nothing(void **state) {
    (void)state;
    static const struct legacy legacy = {BASE, .sql = BARE_RELEASES
                                               "UPDATE releases SET id = x'39' WHERE id = 9"};
    struct plan *plan = plan_corrected(&legacy);
    expect_skipped(plan, "status", "9", "release-missing");
    expect_outcomes(plan, "releases", 4, 3, 0, 1);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        plan_test(flags_may_be_words),
        plan_test(flags_may_be_bits),
        plan_test(a_flag_that_is_neither_0_nor_1_rejects_its_row),
        plan_test(a_rejected_row_of_users_hides_no_other_row_of_the_login),
        plan_test(logins_that_differ_by_case_are_two_people_whatever_the_collation),
        plan_test(campaigns_that_differ_by_case_are_two_whatever_the_collation),
        plan_test(ids_that_are_text_are_compared_as_numbers),
        plan_test(an_id_of_digits_finds_a_number),
        plan_test(blanks_at_the_end_of_a_login_or_a_name_do_not_count),
        plan_test(the_notebook_takes_blanks_at_the_end_for_content),
        plan_test(blanks_at_the_end_of_one_table_join_with_none_in_the_other),
        plan_test(rows_with_a_null_id_have_an_outcome),
        plan_test(rows_with_a_repeated_id_have_an_outcome),
        plan_test(dates_that_are_other_numbers_reject_their_rows),
        plan_test(seconds_since_1970_may_be_text),
        plan_test(an_infinite_version_rejects_its_row_and_its_content_is_json),
        plan_test(a_text_with_a_nul_rejects_its_row),
        plan_test(a_value_that_is_no_key_joins_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
