/* Validators: which rows count, and the body that they become. */
#include "valdb_fixture.h"

static void a_validator_becomes_one_document_with_the_groups_in_row_order(void **state) {
    (void)state;
    static const struct legacy legacy = {
        .users = {{.login = "anna"}},
        .rights = {
            {.id = 11, .category = "PAGs", .subcategory = "FullSim", .kind = "TOP"},
            {.id = 12, .category = "IN", .kind = "MUON"},
            {.id = 13, .category = "HLT", .kind = "BTAG"},
        }};
    struct plan *plan = plan_corrected(&legacy);
    expect_json(plan, KIND_VALIDATORS, "anna", "",
                "{'role': 2, 'email': 'anna@lab.example', 'fullname': null, 'groups':"
                " ['PAGs.FullSim.Top', 'HIN.Data.Muon', 'HLT.Data.bTag']}");
    expect_used(plan, "user_rights", "11", KIND_VALIDATORS, "anna");
    expect_used(plan, "user_rights", "12", KIND_VALIDATORS, "anna");
    expect_used(plan, "user_rights", "13", KIND_VALIDATORS, "anna");
}

static void validators_are_in_order_of_their_first_right(void **state) {
    (void)state;
    static const struct legacy legacy = {
        .users = {{.login = "anna"}, {.login = "bert"}, {.login = "cleo"}},
        .rights = {
            {.id = 14, .login = "anna"},
            {.id = 11, .login = "cleo"},
            {.id = 13, .login = "cleo", .kind = "DT"},
            {.id = 12, .login = "bert"},
        }};
    expect_documents(plan_corrected(&legacy), KIND_VALIDATORS, "cleo, bert, anna");
    expect_documents(plan_notebook(&legacy), KIND_VALIDATORS, "cleo, bert, anna");
}

static void a_login_of_8_characters_counts(void **state) {
    (void)state;
    static const struct legacy legacy = {
        .users = {{.login = "annabell"}},
        .rights = {{.id = 11, .login = "annabell"}},
    };
    expect_documents(plan_corrected(&legacy), KIND_VALIDATORS, "annabell");
    expect_documents(plan_notebook(&legacy), KIND_VALIDATORS, "annabell");
}

static void a_login_of_9_characters_is_skipped(void **state) {
    (void)state;
    static const struct legacy legacy = {
        .users = {{.login = "annabella"}},
        .rights = {{.id = 12, .login = "annabella"}},
    };
    expect_skipped(plan_corrected(&legacy), "user_rights", "12", "login-length");
    expect_skipped(plan_notebook(&legacy), "user_rights", "12", "login-length");
}

static void the_length_of_a_login_is_counted_in_characters(void **state) {
    (void)state;
    static const struct legacy legacy = {
        .users = {{.login = "zo\xC3\xAB\xC3\xA9\xC3\xA8\xC3\xAA\xC3\xA4\xC3\xB6",
                   .email = "zoe@lab.example"}},
        .rights = {{.id = 11, .login = "zo\xC3\xAB\xC3\xA9\xC3\xA8\xC3\xAA\xC3\xA4\xC3\xB6"}},
    };
    expect_outcomes(plan_corrected(&legacy), "user_rights", 1, 1, 0, 0);
    expect_outcomes(plan_notebook(&legacy), "user_rights", 1, 1, 0, 0);
}

static void an_empty_login_is_skipped(void **state) {
    (void)state;
    static const struct legacy legacy = {
        .users = {{.login = ""}},
        .rights = {{.id = 12, .login = ""}},
    };
    expect_skipped(plan_corrected(&legacy), "user_rights", "12", "login-length");
    expect_skipped(plan_notebook(&legacy), "user_rights", "12", "login-length");
}

static void only_users_with_admin_0_and_validator_1_are_validators(void **state) {
    (void)state;
    static const struct legacy legacy = {
        .users = {{.login = "anna"},
                  {.login = "bert", .role = ADMINISTRATOR},
                  {.login = "cleo", .role = ADMINISTRATOR_AND_VALIDATOR},
                  {.login = "dora", .role = NO_ROLE},
                  {.login = "emil", .role = NULL_ROLES}},
        .rights = {
            {.id = 11, .login = "anna"},
            {.id = 12, .login = "bert"},
            {.id = 13, .login = "cleo"},
            {.id = 14, .login = "dora"},
            {.id = 15, .login = "emil"},
        }};
    struct plan *plan = plan_corrected(&legacy);
    expect_documents(plan, KIND_VALIDATORS, "anna");
    expect_outcomes(plan, "user_rights", 5, 1, 4, 0);
    plan = plan_notebook(&legacy);
    expect_documents(plan, KIND_VALIDATORS, "anna");
    expect_outcomes(plan, "user_rights", 5, 1, 4, 0);
}

static void logins_are_joined_byte_for_byte(void **state) {
    (void)state;
    static const struct legacy legacy = {
        .users = {{.login = "anna"}},
        .rights = {{.id = 11, .login = "Anna"}},
    };
    expect_documents(plan_corrected(&legacy), KIND_VALIDATORS, "");
    expect_documents(plan_notebook(&legacy), KIND_VALIDATORS, "");
}

static void the_notebook_makes_a_two_part_id_of_a_right_without_a_kind(void **state) {
    (void)state;
    static const struct legacy legacy = {
        .users = {{.login = "anna"}},
        .rights = {{.id = 11, .category = "IN", .kind = SQL_NULL}, {.id = 12, .kind = ""}},
    };
    expect_json(plan_notebook(&legacy), KIND_VALIDATORS, "anna", ".groups",
                "['HIN.Data', 'Reconstruction.Data']");
}

static void a_right_without_a_kind_is_rejected(void **state) {
    (void)state;
    static const struct legacy legacy = {.users = {{.login = "anna"}},
                                         .rights = {
                                             {.id = 11},
                                             {.id = 12, .kind = SQL_NULL},
                                             {.id = 13, .kind = ""},
                                             {.id = 14, .kind = " "},
                                         }};
    struct plan *plan = plan_corrected(&legacy);
    expect_rejected(plan, "user_rights", "12", "no status kind");
    expect_rejected(plan, "user_rights", "13", "no status kind");
    expect_rejected(plan, "user_rights", "14", "no status kind");
    expect_json(plan, KIND_VALIDATORS, "anna", ".groups", "['Reconstruction.Data.CSC']");
    expect_correction(plan, KIND_VALIDATORS, "row-rejected", 3);
}

static void a_right_of_kind_summary_is_skipped(void **state) {
    (void)state;
    static const struct legacy legacy = {
        .users = {{.login = "anna"}},
        .rights = {{.id = 11}, {.id = 12, .kind = "SUMMARY"}, {.id = 13, .kind = " summary"}},
    };
    struct plan *plan = plan_corrected(&legacy);
    expect_skipped(plan, "user_rights", "12", "summary-right");
    expect_skipped(plan, "user_rights", "13", "summary-right");
    expect_json(plan, KIND_VALIDATORS, "anna", ".groups", "['Reconstruction.Data.CSC']");
    expect_correction(plan, KIND_VALIDATORS, "summary-kept", 2);
}

static void a_group_that_is_there_twice_is_sent_once(void **state) {
    (void)state;
    static const struct legacy legacy = {.users = {{.login = "anna"}},
                                         .rights = {
                                             {.id = 11, .kind = "TK"},
                                             {.id = 12},
                                             {.id = 13, .kind = "TRACKER"},
                                             {.id = 14},
                                         }};
    struct plan *plan = plan_corrected(&legacy);
    expect_json(plan, KIND_VALIDATORS, "anna", ".groups",
                "['Reconstruction.Data.Tracker', 'Reconstruction.Data.CSC']");
    expect_used(plan, "user_rights", "13", KIND_VALIDATORS, "anna");
    expect_correction(plan, KIND_VALIDATORS, "rights-distinct", 2);
}

static void the_notebook_repeats_a_group_that_is_there_twice(void **state) {
    (void)state;
    static const struct legacy legacy = {
        .users = {{.login = "anna"}},
        .rights = {{.id = 11}, {.id = 12}},
    };
    expect_json(plan_notebook(&legacy), KIND_VALIDATORS, "anna", ".groups",
                "['Reconstruction.Data.CSC', 'Reconstruction.Data.CSC']");
}

static void a_full_name_is_found_in_the_people_directory_by_login(void **state) {
    (void)state;
    static const struct legacy legacy = {
        .users = {{.login = "anna"}, {.login = "bert"}, {.login = "cleo"}},
        .rights = {{.id = 11}, {.id = 12, .login = "bert"}, {.id = 13, .login = "cleo"}},
        .people = "ANNA,other@lab.example, Anna   Brown\n"
                  "bert,bert@lab.example,\n",
    };
    struct plan *plan = plan_corrected(&legacy);
    expect_text(plan, KIND_VALIDATORS, "anna", ".fullname", "Anna Brown");
    expect_text(plan, KIND_VALIDATORS, "anna", ".email", "anna@lab.example");
    expect_json(plan, KIND_VALIDATORS, "bert", ".fullname", "null");
    expect_json(plan, KIND_VALIDATORS, "cleo", ".fullname", "null");
    expect_correction(plan, KIND_VALIDATORS, "fullnames-found", 1);
}

static void a_full_name_is_found_in_the_administrators_list_too(void **state) {
    (void)state;
    static const struct legacy legacy = {
        .users = {{.login = "anna"}},
        .rights = {{.id = 11}},
        .admins = "anna,other@lab.example,Anna Brown\n",
    };
    struct plan *plan = plan_corrected(&legacy);
    expect_text(plan, KIND_VALIDATORS, "anna", ".fullname", "Anna Brown");
    expect_correction(plan, KIND_VALIDATORS, "fullnames-found", 1);
}

static void the_notebook_knows_no_full_names_of_validators(void **state) {
    (void)state;
    static const struct legacy legacy = {
        .users = {{.login = "anna"}},
        .rights = {{.id = 11}},
        .people = "anna,anna@lab.example,Anna Brown\n",
    };
    expect_json(plan_notebook(&legacy), KIND_VALIDATORS, "anna", ".fullname", "null");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        plan_test(a_validator_becomes_one_document_with_the_groups_in_row_order),
        plan_test(validators_are_in_order_of_their_first_right),
        plan_test(a_login_of_8_characters_counts),
        plan_test(a_login_of_9_characters_is_skipped),
        plan_test(the_length_of_a_login_is_counted_in_characters),
        plan_test(an_empty_login_is_skipped),
        plan_test(only_users_with_admin_0_and_validator_1_are_validators),
        plan_test(logins_are_joined_byte_for_byte),
        plan_test(the_notebook_makes_a_two_part_id_of_a_right_without_a_kind),
        plan_test(a_right_without_a_kind_is_rejected),
        plan_test(a_right_of_kind_summary_is_skipped),
        plan_test(a_group_that_is_there_twice_is_sent_once),
        plan_test(the_notebook_repeats_a_group_that_is_there_twice),
        plan_test(a_full_name_is_found_in_the_people_directory_by_login),
        plan_test(a_full_name_is_found_in_the_administrators_list_too),
        plan_test(the_notebook_knows_no_full_names_of_validators),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
