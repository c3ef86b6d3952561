/* Corrections email-found, email-lower and target-accepts: the address under which a user is
 * posted. */
#include "valdb_fixture.h"

/* A validator with that e-mail field, by either rule set. */
static struct legacy validator_with(const char *email) {
    return (struct legacy){.users = {{.login = "anna", .email = email}}, .rights = {{.id = 11}}};
}

static void expect_email(const char *field, const char *email, int found, int lowered) {
    struct legacy legacy = validator_with(field);
    struct plan *plan = plan_corrected(&legacy);
    expect_text(plan, KIND_VALIDATORS, "anna", ".email", email);
    expect_correction(plan, KIND_VALIDATORS, "email-found", found);
    expect_correction(plan, KIND_VALIDATORS, "email-lower", lowered);
    release_plans(NULL);
}

static void expect_notebook_email(const char *field, const char *email) {
    struct legacy legacy = validator_with(field);
    expect_text(plan_notebook(&legacy), KIND_VALIDATORS, "anna", ".email", email);
    release_plans(NULL);
}

static void an_address_at_the_start_of_the_field_is_taken(void **state) {
    (void)state;
    expect_email("anna.b+c_d-e@lab-1.sub.example", "anna.b+c_d-e@lab-1.sub.example", 0, 0);
    expect_email("anna@lab.example, bert@lab.example", "anna@lab.example", 0, 0);
    expect_email("anna@lab.example>", "anna@lab.example", 0, 0);
    expect_notebook_email("anna.b+c_d-e@lab-1.sub.example", "anna.b+c_d-e@lab-1.sub.example");
    expect_notebook_email("anna@lab.example, bert@lab.example", "anna@lab.example");
}

static void an_address_further_on_is_found(void **state) {
    (void)state;
    expect_email(" anna@lab.example", "anna@lab.example", 1, 0);
    expect_email("Anna Brown <anna@lab.example>", "anna@lab.example", 1, 0);
    expect_email("at home: anna@lab.example, bert@lab.example", "anna@lab.example", 1, 0);
}

static void the_notebook_takes_an_address_only_at_the_start(void **state) {
    (void)state;
    expect_notebook_email(" anna@lab.example", "");
    expect_notebook_email("Anna Brown <anna@lab.example>", "");
    expect_notebook_email("none", "");
    expect_notebook_email("", "");
}

static void without_an_address_it_is_the_login_at_cern(void **state) {
    (void)state;
    expect_email(SQL_NULL, "anna@cern.ch", 1, 0);
    expect_email("", "anna@cern.ch", 1, 0);
    expect_email("anna at lab dot example", "anna@cern.ch", 1, 0);
    expect_email("anna@localhost", "anna@cern.ch", 1, 0);
}

static void the_notebook_stops_at_a_null_address(void **state) {
    (void)state;
    struct legacy legacy = validator_with(SQL_NULL);
    struct plan *plan = plan_notebook(&legacy);
    expect_outcomes(plan, "user_rights", 1, 0, 0, 1);
    expect_documents(plan, KIND_VALIDATORS, "");
}

static void an_address_is_lowered(void **state) {
    (void)state;
    expect_email("Anna.Brown@LAB.Example", "anna.brown@lab.example", 0, 1);
    expect_email("(Anna@lab.example)", "anna@lab.example", 1, 1);
}

static void an_address_made_of_the_login_is_lowered(void **state) {
    (void)state;
    static const struct legacy legacy = {
        .users = {{.login = "AnnaB", .email = SQL_NULL}},
        .rights = {{.id = 11, .login = "AnnaB"}},
    };
    struct plan *plan = plan_corrected(&legacy);
    expect_text(plan, KIND_VALIDATORS, "AnnaB", ".email", "annab@cern.ch");
    expect_correction(plan, KIND_VALIDATORS, "email-lower", 1);
}

static void the_notebook_keeps_the_case_of_an_address(void **state) {
    (void)state;
    expect_notebook_email("Anna.Brown@LAB.Example", "Anna.Brown@LAB.Example");
}

static void an_address_is_counted_once_for_each_user(void **state) {
    (void)state;
    static const struct legacy legacy = {
        .users = {{.login = "anna", .email = "<Anna@lab.example>"}},
        .rights = {{.id = 11}, {.id = 12, .kind = "DT"}},
    };
    struct plan *plan = plan_corrected(&legacy);
    expect_correction(plan, KIND_VALIDATORS, "email-found", 1);
    expect_correction(plan, KIND_VALIDATORS, "email-lower", 1);
}

static void an_administrators_address_follows_the_same_rules(void **state) {
    (void)state;
    static const struct legacy legacy = {
        .users = {{.login = "anna", .email = "<Anna@lab.example>", .role = ADMINISTRATOR},
                  {.login = "bert", .email = SQL_NULL, .role = ADMINISTRATOR}}};
    struct plan *plan = plan_corrected(&legacy);
    expect_text(plan, KIND_ADMINISTRATORS, "anna", ".email", "anna@lab.example");
    expect_text(plan, KIND_ADMINISTRATORS, "bert", ".email", "bert@cern.ch");
    expect_correction(plan, KIND_ADMINISTRATORS, "email-found", 2);
    expect_correction(plan, KIND_ADMINISTRATORS, "email-lower", 1);
}

static void an_address_of_the_administrators_list_is_lowered_and_nothing_else(void **state) {
    (void)state;
    static const struct legacy legacy = {
        .users = {{.login = "anna", .role = ADMINISTRATOR},
                  {.login = "bert", .role = ADMINISTRATOR}},
        .admins = "anna,Anna@Lab.Example,Anna Brown\n"
                  "bert,<bert@lab.example>,Bert Black\n",
    };
    struct plan *plan = plan_corrected(&legacy);
    expect_text(plan, KIND_ADMINISTRATORS, "anna", ".email", "anna@lab.example");
    expect_correction(plan, KIND_ADMINISTRATORS, "email-lower", 1);
    expect_correction(plan, KIND_ADMINISTRATORS, "email-found", 0);
    expect_rejected(plan, "administrators-list", "3", "Email has an incorrect format");
}

static void an_address_that_the_target_would_refuse_is_rejected_with_its_words(void **state) {
    (void)state;
    static const struct legacy legacy = {
        .users = {{.login = "zo\xC3\xAB", .email = SQL_NULL}},
        .rights = {{.id = 11, .login = "zo\xC3\xAB"}, {.id = 12, .login = "zo\xC3\xAB"}},
    };
    struct plan *plan = plan_corrected(&legacy);
    expect_rejected(plan, "user_rights", "11", "Email has an incorrect format");
    expect_rejected(plan, "user_rights", "12", "Email has an incorrect format");
    expect_documents(plan, KIND_VALIDATORS, "");
    expect_correction(plan, KIND_VALIDATORS, "target-accepts", 2);
}

static void an_empty_address_of_the_list_is_rejected_with_the_targets_words(void **state) {
    (void)state;
    static const struct legacy legacy = {
        .users = {{.login = "anna", .role = ADMINISTRATOR}},
        .admins = "anna,,Anna Brown\n",
    };
    struct plan *plan = plan_corrected(&legacy);
    expect_rejected(plan, "administrators-list", "2", "Email is a required field, ");
    expect_rejected(plan, "users", "anna", "Email is a required field, ");
    expect_correction(plan, KIND_ADMINISTRATORS, "target-accepts", 2);
}

static void the_notebook_sends_what_the_target_will_refuse(void **state) {
    (void)state;
    static const struct legacy legacy = {
        .users = {{.login = "anna", .role = ADMINISTRATOR}},
        .admins = "anna,nowhere,Anna Brown\n",
    };
    expect_text(plan_notebook(&legacy), KIND_ADMINISTRATORS, "anna", ".email", "nowhere");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        plan_test(an_address_at_the_start_of_the_field_is_taken),
        plan_test(an_address_further_on_is_found),
        plan_test(the_notebook_takes_an_address_only_at_the_start),
        plan_test(without_an_address_it_is_the_login_at_cern),
        plan_test(the_notebook_stops_at_a_null_address),
        plan_test(an_address_is_lowered),
        plan_test(an_address_made_of_the_login_is_lowered),
        plan_test(the_notebook_keeps_the_case_of_an_address),
        plan_test(an_address_is_counted_once_for_each_user),
        plan_test(an_administrators_address_follows_the_same_rules),
        plan_test(an_address_of_the_administrators_list_is_lowered_and_nothing_else),
        plan_test(an_address_that_the_target_would_refuse_is_rejected_with_its_words),
        plan_test(an_empty_address_of_the_list_is_rejected_with_the_targets_words),
        plan_test(the_notebook_sends_what_the_target_will_refuse),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
