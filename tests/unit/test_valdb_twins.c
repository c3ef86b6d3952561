/* Correction twins-merged: two logins with one address are one user. */
#include "valdb_fixture.h"

static void two_validators_with_one_address_are_one_document(void **state) {
    (void)state;
    static const struct legacy legacy = {
        .users = {{.login = "anna", .email = "anna@lab.example"},
                  {.login = "annasvc", .email = "anna@lab.example"}},
        .rights = {
            {.id = 11, .login = "annasvc", .kind = "DT"},
            {.id = 12, .login = "anna", .kind = "CSC"},
            {.id = 13, .login = "annasvc", .kind = "RPC"},
        }};
    struct plan *plan = plan_corrected(&legacy);
    expect_documents(plan, KIND_VALIDATORS, "annasvc");
    expect_json(plan, KIND_VALIDATORS, "annasvc", ".groups",
                "['Reconstruction.Data.DT', 'Reconstruction.Data.CSC', 'Reconstruction.Data.RPC']");
    expect_used(plan, "user_rights", "12", KIND_VALIDATORS, "annasvc");
    expect_correction(plan, KIND_VALIDATORS, "twins-merged", 1);
}

static void the_notebook_sends_both_twins(void **state) {
    (void)state;
    static const struct legacy legacy = {
        .users = {{.login = "anna", .email = "anna@lab.example"},
                  {.login = "annasvc", .email = "anna@lab.example"}},
        .rights = {{.id = 11, .login = "anna"}, {.id = 12, .login = "annasvc", .kind = "DT"}},
    };
    struct plan *plan = plan_notebook(&legacy);
    expect_documents(plan, KIND_VALIDATORS, "anna, annasvc");
    expect_json(plan, KIND_VALIDATORS, "annasvc", ".groups", "['Reconstruction.Data.DT']");
}

static void the_case_of_an_address_hides_no_twin(void **state) {
    (void)state;
    static const struct legacy legacy = {
        .users = {{.login = "anna", .email = "Anna@LAB.example"},
                  {.login = "annasvc", .email = "<anna@lab.example>"}},
        .rights = {{.id = 11, .login = "anna"}, {.id = 12, .login = "annasvc", .kind = "DT"}},
    };
    expect_documents(plan_corrected(&legacy), KIND_VALIDATORS, "anna");
}

static void the_groups_of_twins_are_distinct(void **state) {
    (void)state;
    static const struct legacy legacy = {
        .users = {{.login = "anna", .email = "anna@lab.example"},
                  {.login = "annasvc", .email = "anna@lab.example"}},
        .rights = {{.id = 11, .login = "anna"}, {.id = 12, .login = "annasvc"}},
    };
    struct plan *plan = plan_corrected(&legacy);
    expect_json(plan, KIND_VALIDATORS, "anna", ".groups", "['Reconstruction.Data.CSC']");
    expect_correction(plan, KIND_VALIDATORS, "rights-distinct", 1);
}

static void twins_go_by_the_full_name_of_the_login_that_came_first(void **state) {
    (void)state;
    static const struct legacy legacy = {
        .users = {{.login = "anna", .email = "anna@lab.example"},
                  {.login = "annasvc", .email = "anna@lab.example"}},
        .rights = {{.id = 11, .login = "anna"}, {.id = 12, .login = "annasvc", .kind = "DT"}},
        .people = "annasvc,anna@lab.example,Service of Anna\nanna,anna@lab.example,Anna Brown\n",
    };
    expect_text(plan_corrected(&legacy), KIND_VALIDATORS, "anna", ".fullname", "Anna Brown");
}

static void a_validator_with_an_administrators_address_is_that_administrator(void **state) {
    (void)state;
    static const struct legacy legacy = {
        .users = {{.login = "anna", .email = "anna@lab.example"},
                  {.login = "annaadm", .email = "Anna@lab.example", .role = ADMINISTRATOR}},
        .rights = {{.id = 11}, {.id = 12, .kind = "DT"}},
    };
    struct plan *plan = plan_corrected(&legacy);
    expect_documents(plan, KIND_VALIDATORS, "");
    expect_json(plan, KIND_ADMINISTRATORS, "annaadm", "",
                "{'role': 1, 'email': 'anna@lab.example', 'fullname': null, 'groups': []}");
    expect_used(plan, "user_rights", "11", KIND_ADMINISTRATORS, "annaadm");
    expect_used(plan, "user_rights", "12", KIND_ADMINISTRATORS, "annaadm");
    expect_used(plan, "users", "annaadm", KIND_ADMINISTRATORS, "annaadm");
    expect_correction(plan, KIND_VALIDATORS, "twins-merged", 1);
}

static void an_administrator_by_the_list_is_a_twin_by_the_lists_address(void **state) {
    (void)state;
    static const struct legacy legacy = {
        .users = {{.login = "anna", .email = "anna@lab.example"},
                  {.login = "annaadm", .email = "old@lab.example", .role = ADMINISTRATOR}},
        .rights = {{.id = 11}},
        .admins = "annaadm,Anna@lab.example,Anna Brown\n",
    };
    struct plan *plan = plan_corrected(&legacy);
    expect_documents(plan, KIND_VALIDATORS, "");
    expect_used(plan, "user_rights", "11", KIND_ADMINISTRATORS, "annaadm");
}

static void two_administrators_with_one_address_are_one_document(void **state) {
    (void)state;
    static const struct legacy legacy = {
        .users = {{.login = "anna", .email = "anna@lab.example", .role = ADMINISTRATOR},
                  {.login = "annaadm", .email = "anna@lab.example", .role = ADMINISTRATOR}},
    };
    struct plan *plan = plan_corrected(&legacy);
    expect_documents(plan, KIND_ADMINISTRATORS, "anna");
    expect_used(plan, "users", "annaadm", KIND_ADMINISTRATORS, "anna");
    expect_correction(plan, KIND_ADMINISTRATORS, "twins-merged", 1);
}

static void two_lines_of_the_list_with_one_address_are_one_document(void **state) {
    (void)state;
    static const struct legacy legacy = {
        .users = {{.login = "anna", .role = ADMINISTRATOR},
                  {.login = "annaadm", .role = ADMINISTRATOR}},
        .admins = "annaadm,anna@lab.example,Anna Brown\nanna,Anna@lab.example,Anna Brown\n",
    };
    struct plan *plan = plan_corrected(&legacy);
    expect_documents(plan, KIND_ADMINISTRATORS, "annaadm");
    expect_used(plan, "administrators-list", "3", KIND_ADMINISTRATORS, "annaadm");
    expect_used(plan, "users", "anna", KIND_ADMINISTRATORS, "annaadm");
    expect_correction(plan, KIND_ADMINISTRATORS, "twins-merged", 1);
}

static void a_twin_of_a_rejected_address_has_its_own_document(void **state) {
    (void)state;
    static const struct legacy legacy = {
        .users = {{.login = "anna", .email = "anna@lab.example"},
                  {.login = "annaadm", .email = "anna@lab.example", .role = ADMINISTRATOR}},
        .rights = {{.id = 11}},
        .admins = "annaadm,nowhere,Anna Brown\n",
    };
    expect_documents(plan_corrected(&legacy), KIND_VALIDATORS, "anna");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        plan_test(two_validators_with_one_address_are_one_document),
        plan_test(the_notebook_sends_both_twins),
        plan_test(the_case_of_an_address_hides_no_twin),
        plan_test(the_groups_of_twins_are_distinct),
        plan_test(twins_go_by_the_full_name_of_the_login_that_came_first),
        plan_test(a_validator_with_an_administrators_address_is_that_administrator),
        plan_test(an_administrator_by_the_list_is_a_twin_by_the_lists_address),
        plan_test(two_administrators_with_one_address_are_one_document),
        plan_test(two_lines_of_the_list_with_one_address_are_one_document),
        plan_test(a_twin_of_a_rejected_address_has_its_own_document),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
