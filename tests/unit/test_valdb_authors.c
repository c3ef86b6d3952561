/* Corrections authors-resolved and authors-registered: who wrote a report. */
#include "valdb_fixture.h"

#define NO_COMMENTS "**Comments:** No comments provided\n\n**Links:** No links provided"
#define ANNA "anna,Anna.Brown@lab.example,Anna Brown\n"

/* The authors of the one report that `who` wrote, and its content. */
static void expect_author(const char *who, const char *people, const char *authors,
                          const char *content) {
    struct legacy legacy = {.reports = {{.id = 1, .who = who}}, .people = people};
    struct plan *plan = plan_corrected(&legacy);
    expect_json(plan, KIND_CAMPAIGNS, "12_5_0", ".reports[0].authors", authors);
    expect_text(plan, KIND_CAMPAIGNS, "12_5_0", ".reports[0].content", content);
    release_plans(NULL);
}

static void an_author_is_found_by_full_name(void **state) {
    (void)state;
    expect_author("Anna Brown", ANNA, "['anna.brown@lab.example']", NO_COMMENTS);
    expect_author("  ANNA \t brown ", ANNA, "['anna.brown@lab.example']", NO_COMMENTS);
}

static void an_author_is_found_by_login(void **state) {
    (void)state;
    expect_author("anna", ANNA, "['anna.brown@lab.example']", NO_COMMENTS);
    expect_author(" Anna", ANNA, "['anna.brown@lab.example']", NO_COMMENTS);
}

static void an_author_whom_nobody_knows_is_in_the_content(void **state) {
    (void)state;
    expect_author(" Bert\r\nBlack ", ANNA, "[]", NO_COMMENTS "\n\n**Author:** Bert\nBlack");
    expect_author("Brown", ANNA, "[]", NO_COMMENTS "\n\n**Author:** Brown");
}

static void an_author_who_may_be_several_people_is_in_the_content(void **state) {
    (void)state;
    expect_author("Anna Brown", ANNA "annab,anna.b@lab.example,Anna  BROWN\n", "[]",
                  NO_COMMENTS "\n\n**Author:** Anna Brown");
}

static void two_logins_with_one_address_are_one_author(void **state) {
    (void)state;
    expect_author("Anna Brown", ANNA "annasvc,anna.brown@LAB.example,Anna Brown\n",
                  "['anna.brown@lab.example']", NO_COMMENTS);
}

static void unknown_name_is_nobody(void **state) {
    (void)state;
    expect_author("Unknown name", "anna,anna@lab.example,Unknown name\n", "[]",
                  NO_COMMENTS "\n\n**Author:** Unknown name");
}

static void a_report_without_a_writer_names_none(void **state) {
    (void)state;
    expect_author(SQL_NULL, ANNA, "[]", NO_COMMENTS);
    expect_author(" ", ANNA, "[]", NO_COMMENTS);
}

static void a_person_whose_address_the_target_would_refuse_is_nobody(void **state) {
    (void)state;
    expect_author("Anna Brown", "anna,nowhere,Anna Brown\n", "[]",
                  NO_COMMENTS "\n\n**Author:** Anna Brown");
}

static void the_administrators_list_is_part_of_the_directory(void **state) {
    (void)state;
    static const struct legacy legacy = {
        .reports = {{.id = 1, .who = "Bert Black"}, {.id = 2, .kind = "DT", .who = "Anna Brown"}},
        .admins = "bert,bert@lab.example,Bert  Black\n",
        .people = ANNA,
    };
    struct plan *plan = plan_corrected(&legacy);
    expect_json(plan, KIND_CAMPAIGNS, "12_5_0", ".reports[0].authors", "['bert@lab.example']");
    expect_json(plan, KIND_CAMPAIGNS, "12_5_0", ".reports[1].authors",
                "['anna.brown@lab.example']");
    expect_correction(plan, KIND_CAMPAIGNS, "authors-resolved", 2);
}

static void without_a_directory_every_author_is_in_the_content(void **state) {
    (void)state;
    expect_author("Anna Brown", NULL, "[]", NO_COMMENTS "\n\n**Author:** Anna Brown");
}

static void the_notebook_leaves_the_authors_empty(void **state) {
    (void)state;
    static const struct legacy legacy = {
        .reports = {{.id = 1, .who = "Anna Brown"}},
        .people = ANNA,
    };
    struct plan *plan = plan_notebook(&legacy);
    expect_json(plan, KIND_CAMPAIGNS, "12_5_0", ".reports[0].authors", "[]");
    expect_documents(plan, KIND_AUTHORS, "");
}

static void an_author_who_is_no_user_is_posted_once_under_the_login(void **state) {
    (void)state;
    static const struct legacy legacy = {
        .reports =
            {
                {.id = 1, .who = "Anna Brown"},
                {.id = 2, .kind = "DT", .who = "anna"},
                {.id = 3, .campaign = "12_6_0", .who = "ANNA BROWN"},
            },
        .people = "bert,bert@lab.example,Bert Black\n" ANNA,
    };
    struct plan *plan = plan_corrected(&legacy);
    expect_documents(plan, KIND_AUTHORS, "anna");
    expect_json(plan, KIND_AUTHORS, "anna", "",
                "{'role': 3, 'email': 'anna.brown@lab.example', 'fullname': 'Anna Brown',"
                " 'groups': []}");
    expect_origin(plan, KIND_AUTHORS, "anna", "people.csv, line 3");
    expect_correction(plan, KIND_AUTHORS, "authors-registered", 1);
    expect_correction(plan, KIND_CAMPAIGNS, "authors-resolved", 3);
}

static void an_author_who_is_a_validator_or_an_administrator_is_not_posted_again(void **state) {
    (void)state;
    static const struct legacy legacy = {
        .users = {{.login = "anna", .email = "Anna.Brown@lab.example"},
                  {.login = "bert", .email = "bert@lab.example", .role = ADMINISTRATOR}},
        .rights = {{.id = 11}},
        .reports = {{.id = 1, .who = "Anna Brown"}, {.id = 2, .kind = "DT", .who = "Bert Black"}},
        .people = ANNA "bert,bert@lab.example,Bert Black\n",
    };
    struct plan *plan = plan_corrected(&legacy);
    expect_documents(plan, KIND_AUTHORS, "");
    expect_json(plan, KIND_CAMPAIGNS, "12_5_0", ".reports[1].authors", "['bert@lab.example']");
    expect_correction(plan, KIND_AUTHORS, "authors-registered", 0);
}

static void a_validator_without_rights_is_posted_as_an_author(void **state) {
    (void)state;
    static const struct legacy legacy = {
        .users = {{.login = "anna", .email = "anna.brown@lab.example"}},
        .reports = {{.id = 1, .who = "Anna Brown"}},
        .people = ANNA,
    };
    expect_documents(plan_corrected(&legacy), KIND_AUTHORS, "anna");
}

static void the_writer_of_an_earlier_row_is_no_author(void **state) {
    (void)state;
    static const struct legacy legacy = {
        .reports = {{.id = 1, .date = "2023-01-01", .who = "Anna Brown"}, {.id = 2, .who = "Bert"}},
        .people = ANNA,
    };
    struct plan *plan = plan_corrected(&legacy);
    expect_json(plan, KIND_CAMPAIGNS, "12_5_0", ".reports[0].authors", "[]");
    expect_documents(plan, KIND_AUTHORS, "");
}

static void a_person_without_a_full_name_is_posted_with_null(void **state) {
    (void)state;
    static const struct legacy legacy = {
        .reports = {{.id = 1, .who = "anna"}},
        .people = "anna,anna@lab.example,\n",
    };
    expect_json(plan_corrected(&legacy), KIND_AUTHORS, "anna", ".fullname", "null");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        plan_test(an_author_is_found_by_full_name),
        plan_test(an_author_is_found_by_login),
        plan_test(an_author_whom_nobody_knows_is_in_the_content),
        plan_test(an_author_who_may_be_several_people_is_in_the_content),
        plan_test(two_logins_with_one_address_are_one_author),
        plan_test(unknown_name_is_nobody),
        plan_test(a_report_without_a_writer_names_none),
        plan_test(a_person_whose_address_the_target_would_refuse_is_nobody),
        plan_test(the_administrators_list_is_part_of_the_directory),
        plan_test(without_a_directory_every_author_is_in_the_content),
        plan_test(the_notebook_leaves_the_authors_empty),
        plan_test(an_author_who_is_no_user_is_posted_once_under_the_login),
        plan_test(an_author_who_is_a_validator_or_an_administrator_is_not_posted_again),
        plan_test(a_validator_without_rights_is_posted_as_an_author),
        plan_test(the_writer_of_an_earlier_row_is_no_author),
        plan_test(a_person_without_a_full_name_is_posted_with_null),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
