/* Administrators, with and without a list of them. */
#include "valdb_fixture.h"

static void with_a_list_the_bodies_come_from_the_list(void **state) {
    (void)state;
    static const struct legacy legacy = {
        .users = {{.login = "anna", .email = "old@lab.example", .role = ADMINISTRATOR}},
        .admins = "anna,anna@lab.example,Anna Brown\n",
    };
    struct plan *plan = plan_corrected(&legacy);
    expect_json(plan, KIND_ADMINISTRATORS, "anna", "",
                "{'role': 1, 'email': 'anna@lab.example', 'fullname': 'Anna Brown',"
                " 'groups': []}");
    expect_used(plan, "administrators-list", "2", KIND_ADMINISTRATORS, "anna");
    expect_used(plan, "users", "anna", KIND_ADMINISTRATORS, "anna");
}

static void the_notebook_takes_the_bodies_from_the_list(void **state) {
    (void)state;
    static const struct legacy legacy = {
        .users = {{.login = "anna", .role = ADMINISTRATOR}},
        .admins = "anna,Anna@Lab.Example,Anna  Brown\n",
    };
    struct plan *plan = plan_notebook(&legacy);
    expect_json(plan, KIND_ADMINISTRATORS, "anna", "",
                "{'role': 1, 'email': 'Anna@Lab.Example', 'fullname': 'Anna  Brown',"
                " 'groups': []}");
    expect_used(plan, "users", "anna", KIND_ADMINISTRATORS, "anna");
    expect_no_corrections(plan);
}

static void a_full_name_of_the_list_has_its_blanks_folded(void **state) {
    (void)state;
    static const struct legacy legacy = {
        .users = {{.login = "anna", .role = ADMINISTRATOR}},
        .admins = "anna,anna@lab.example,  Anna \t Brown\n",
    };
    expect_text(plan_corrected(&legacy), KIND_ADMINISTRATORS, "anna", ".fullname", "Anna Brown");
}

static void administrators_are_in_the_order_of_the_list(void **state) {
    (void)state;
    static const struct legacy legacy = {
        .users = {{.login = "anna", .role = ADMINISTRATOR},
                  {.login = "bert", .role = ADMINISTRATOR}},
        .admins = "bert,bert@lab.example,Bert Black\nanna,anna@lab.example,Anna Brown\n",
    };
    expect_documents(plan_corrected(&legacy), KIND_ADMINISTRATORS, "bert, anna");
    expect_documents(plan_notebook(&legacy), KIND_ADMINISTRATORS, "bert, anna");
}

static void a_line_of_somebody_who_is_no_administrator_is_skipped(void **state) {
    (void)state;
    static const struct legacy legacy = {
        .users = {{.login = "anna", .role = ADMINISTRATOR}, {.login = "bert"}},
        .admins = "anna,anna@lab.example,Anna Brown\n"
                  "bert,bert@lab.example,Bert Black\n"
                  "cleo,cleo@lab.example,Cleo Cyan\n",
    };
    struct plan *plan = plan_corrected(&legacy);
    expect_documents(plan, KIND_ADMINISTRATORS, "anna");
    expect_skipped(plan, "administrators-list", "3", "listed-not-admin");
    expect_skipped(plan, "administrators-list", "4", "listed-not-admin");
    expect_lost_value(plan, "administrators-list", "3", ".USER_NAME", "'bert'");
    expect_outcomes(plan, "administrators-list", 3, 1, 2, 0);
    expect_outcomes(plan_notebook(&legacy), "administrators-list", 3, 1, 2, 0);
}

static void an_administrator_who_is_not_in_the_list_is_skipped(void **state) {
    (void)state;
    static const struct legacy legacy = {
        .users = {{.login = "anna", .role = ADMINISTRATOR},
                  {.login = "bert", .role = ADMINISTRATOR}},
        .admins = "anna,anna@lab.example,Anna Brown\n",
    };
    struct plan *plan = plan_corrected(&legacy);
    expect_skipped(plan, "users", "bert", "admin-not-listed");
    expect_outcomes(plan, "users", 2, 1, 1, 0);
    expect_skipped(plan_notebook(&legacy), "users", "bert", "admin-not-listed");
}

static void without_a_list_the_notebook_has_no_administrators(void **state) {
    (void)state;
    static const struct legacy legacy = {.users = {{.login = "anna", .role = ADMINISTRATOR}}};
    struct plan *plan = plan_notebook(&legacy);
    expect_documents(plan, KIND_ADMINISTRATORS, "");
    expect_skipped(plan, "users", "anna", "admin-not-listed");
}

static void without_a_list_the_bodies_come_from_the_database_and_the_directory(void **state) {
    (void)state;
    static const struct legacy legacy = {
        .users = {{.login = "bert", .role = ADMINISTRATOR},
                  {.login = "anna", .role = ADMINISTRATOR_AND_VALIDATOR}},
        .people = "anna,elsewhere@lab.example,Anna  Brown\n",
    };
    struct plan *plan = plan_corrected(&legacy);
    expect_documents(plan, KIND_ADMINISTRATORS, "anna, bert");
    expect_json(plan, KIND_ADMINISTRATORS, "anna", "",
                "{'role': 1, 'email': 'anna@lab.example', 'fullname': 'Anna Brown',"
                " 'groups': []}");
    expect_json(plan, KIND_ADMINISTRATORS, "bert", ".fullname", "null");
    expect_outcomes(plan, "users", 2, 2, 0, 0);
}

static void an_administrators_login_may_have_any_length(void **state) {
    (void)state;
    static const struct legacy legacy = {
        .users = {{.login = "averylonglogin", .role = ADMINISTRATOR}},
        .admins = "averylonglogin,anna@lab.example,Anna Brown\n",
    };
    expect_documents(plan_corrected(&legacy), KIND_ADMINISTRATORS, "averylonglogin");
    expect_documents(plan_notebook(&legacy), KIND_ADMINISTRATORS, "averylonglogin");
}

static void the_first_line_of_a_login_counts(void **state) {
    (void)state;
    static const struct legacy legacy = {
        .users = {{.login = "anna", .role = ADMINISTRATOR}},
        .admins = "anna,anna@lab.example,Anna Brown\nanna,other@lab.example,Other\n",
    };
    struct plan *plan = plan_corrected(&legacy);
    expect_text(plan, KIND_ADMINISTRATORS, "anna", ".email", "anna@lab.example");
    expect_used(plan, "administrators-list", "3", KIND_ADMINISTRATORS, "anna");
    plan = plan_notebook(&legacy);
    expect_text(plan, KIND_ADMINISTRATORS, "anna", ".email", "anna@lab.example");
}

static void the_list_may_have_quoted_fields(void **state) {
    (void)state;
    static const struct legacy legacy = {
        .users = {{.login = "anna", .role = ADMINISTRATOR}},
        .admins = "\"anna\",anna@lab.example,\"Brown, \"\"Anna\"\"\"\r\n",
    };
    expect_text(plan_corrected(&legacy), KIND_ADMINISTRATORS, "anna", ".fullname",
                "Brown, \"Anna\"");
    expect_text(plan_notebook(&legacy), KIND_ADMINISTRATORS, "anna", ".fullname",
                "Brown, \"Anna\"");
}

static void an_administrators_rights_are_not_sent(void **state) {
    (void)state;
    static const struct legacy legacy = {
        .users = {{.login = "anna", .role = ADMINISTRATOR_AND_VALIDATOR}},
        .rights = {{.id = 11}},
    };
    struct plan *plan = plan_corrected(&legacy);
    expect_json(plan, KIND_ADMINISTRATORS, "anna", ".groups", "[]");
    expect_skipped(plan, "user_rights", "11", "right-of-nobody");
}

static void a_line_is_read_as_a_person_would_read_it(void **state) {
    (void)state;
    static const char *const lines[] = {
        "anna ,anna@lab.example,Anna Brown\n",
        "ANNA,anna@lab.example,Anna Brown\n",
        "\302\240anna,anna@lab.example,Anna Brown\n",
        "an\xE2\x80\x8Bna,anna@lab.example,Anna Brown\n",
        "anna,anna@lab.example ,Anna Brown\n",
        "anna,mailto:anna@lab.example,Anna Brown\n",
        "\"=\"\"anna\"\"\",anna@lab.example,Anna Brown\n",
        "anna,Anna@Lab.Example,Anna \xC2\xA0 Brown\n",
    };
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        struct legacy legacy = {
            .users = {{.login = "anna", .email = "old@lab.example", .role = ADMINISTRATOR}},
            .admins = lines[i],
        };
        struct plan *plan = plan_corrected(&legacy);
        expect_json(plan, KIND_ADMINISTRATORS, "anna", "",
                    "{'role': 1, 'email': 'anna@lab.example', 'fullname': 'Anna Brown',"
                    " 'groups': []}");
        expect_outcomes(plan, "administrators-list", 1, 1, 0, 0);
        expect_outcomes(plan, "users", 1, 1, 0, 0);
        release_plans(NULL);
    }
}

static void the_notebook_reads_a_line_byte_for_byte(void **state) {
    (void)state;
    static const struct legacy legacy = {
        .users = {{.login = "anna", .role = ADMINISTRATOR}},
        .admins = "ANNA,anna@lab.example,Anna Brown\n",
    };
    struct plan *plan = plan_notebook(&legacy);
    expect_skipped(plan, "administrators-list", "2", "listed-not-admin");
    expect_skipped(plan, "users", "anna", "admin-not-listed");
    expect_no_warnings(plan);
}

static void the_very_spelling_of_a_login_comes_first(void **state) {
    (void)state;
    static const struct legacy legacy = {
        .users = {{.login = "anna", .role = ADMINISTRATOR},
                  {.login = "Anna", .role = ADMINISTRATOR},
                  {.login = "Bert", .role = ADMINISTRATOR},
                  {.login = "BERT", .role = ADMINISTRATOR}},
        .admins = "Anna,first@lab.example,A\nanna,second@lab.example,B\n"
                  "bert,third@lab.example,C\n",
    };
    struct plan *plan = plan_corrected(&legacy);
    expect_text(plan, KIND_ADMINISTRATORS, "Anna", ".email", "first@lab.example");
    expect_text(plan, KIND_ADMINISTRATORS, "anna", ".email", "second@lab.example");
    /* Which of the two is meant cannot be known. */
    expect_skipped(plan, "administrators-list", "4", "listed-not-admin");
}

static void a_near_miss_is_a_warning_that_shows_it(void **state) {
    (void)state;
    static const struct legacy legacy = {
        .users = {{.login = "jsmith", .role = ADMINISTRATOR}},
        .admins = "j.smith,j.smith@lab.example,Jane Smith\n",
    };
    struct plan *plan = plan_corrected(&legacy);
    expect_skipped(plan, "users", "jsmith", "admin-not-listed");
    expect_warning(plan, "jsmith", "\"j.smith\"");
}

static void a_line_of_a_rejected_user_is_rejected(void **state) {
    (void)state;
    static const struct legacy legacy = {
        .sql = "INSERT INTO users VALUES ('anna', 'anna@lab.example', 2, 0)",
        .admins = "anna,anna@lab.example,Anna Brown\n",
    };
    struct plan *plan = plan_corrected(&legacy);
    expect_rejected(plan, "administrators-list", "2", "its row of USERS is rejected: ADMIN is 2");
}

static void a_list_that_cannot_be_read_stops_the_plan(void **state) {
    (void)state;
    static const struct legacy legacy = {
        .users = {{.login = "anna", .role = ADMINISTRATOR}},
        .admins = "anna,anna@lab.example\n",
    };
    expect_no_plan(&legacy, ERROR_INPUT, "line 2: 2 fields, where the header has 3");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        plan_test(with_a_list_the_bodies_come_from_the_list),
        plan_test(the_notebook_takes_the_bodies_from_the_list),
        plan_test(a_full_name_of_the_list_has_its_blanks_folded),
        plan_test(administrators_are_in_the_order_of_the_list),
        plan_test(a_line_of_somebody_who_is_no_administrator_is_skipped),
        plan_test(an_administrator_who_is_not_in_the_list_is_skipped),
        plan_test(without_a_list_the_notebook_has_no_administrators),
        plan_test(without_a_list_the_bodies_come_from_the_database_and_the_directory),
        plan_test(an_administrators_login_may_have_any_length),
        plan_test(the_first_line_of_a_login_counts),
        plan_test(the_list_may_have_quoted_fields),
        plan_test(an_administrators_rights_are_not_sent),
        plan_test(a_line_is_read_as_a_person_would_read_it),
        plan_test(the_notebook_reads_a_line_byte_for_byte),
        plan_test(the_very_spelling_of_a_login_comes_first),
        plan_test(a_near_miss_is_a_warning_that_shows_it),
        plan_test(a_line_of_a_rejected_user_is_rejected),
        plan_test(a_list_that_cannot_be_read_stops_the_plan),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
