/* A user found again on the target, and compared. */
#include "valdb/user_record.h"
#include "valdb_records.h"

static void expect_path(const char *email, const char *expected) {
    struct text body = {0};
    text_append_format(&body, "{'email': '%s'}", email);
    assert_path(user_build_find, "anna", text_string(&body), 0, expected);
    text_free(&body);
}

static void a_user_is_looked_up_by_address_with_an_empty_sort(void **state) {
    (void)state;
    expect_path("anna", "/api/users/?search=anna&sort=");
}

static void the_address_is_escaped_for_the_expression_and_for_the_url(void **state) {
    (void)state;
    expect_path("anna.b+c@lab.example",
                "/api/users/?search=anna%5C.b%5C%2Bc%40lab%5C.example&sort=");
    expect_path("a_b-c@d", "/api/users/?search=a_b-c%40d&sort=");
}

static void every_character_that_means_something_is_escaped(void **state) {
    (void)state;
    struct text out = {0};
    user_append_escaped(&out, span_of("\\^$.|?*+()[]{}"));
    assert_string_equal(text_string(&out), "\\\\\\^\\$\\.\\|\\?\\*\\+\\(\\)\\[\\]\\{\\}");
    text_clear(&out);
    user_append_escaped(&out, span_of("aZ09_-@ /%\"'\xC3\xA9"));
    assert_string_equal(text_string(&out), "aZ09_-@ /%\"'\xC3\xA9");
    text_free(&out);
}

static void expect_found(const char *answer, const char *names) {
    assert_matches(user_find_matches, "anna", "{'email': 'anna@lab.example'}", KIND_FIND, answer,
                   names);
}

static void the_records_are_those_with_the_very_address(void **state) {
    (void)state;
    expect_found("[{'id': '1', 'email': 'joanna@lab.example'},"
                 " {'id': '2', 'email': 'Anna@lab.example'},"
                 " {'id': '3', 'email': 'anna@lab.example'},"
                 " {'id': '4', 'email': 'anna@lab.example'}]",
                 "3, 4");
}

static void a_list_without_the_address_says_that_it_is_missing(void **state) {
    (void)state;
    expect_found("[]", "");
    expect_found("[{'id': '1', 'email': 'joanna@lab.example'}]", "");
    expect_found("[null, {'id': '1', 'email': null}, {'id': '2'}]", "");
}

static void an_answer_that_is_no_list_cannot_be_read(void **state) {
    (void)state;
    expect_found("{'message': 'no'}", NULL);
    expect_found("null", NULL);
    expect_found("{'email': 'anna@lab.example'}", NULL);
}

static void the_answer_to_a_post_is_the_record_itself(void **state) {
    (void)state;
    const char *body = "{'email': 'anna@lab.example'}";
    assert_matches(user_find_matches, "anna", body, KIND_CREATE,
                   "{'id': '3', 'email': 'anna@lab.example'}", "3");
    assert_matches(user_find_matches, "anna", body, KIND_CREATE,
                   "{'id': '3', 'email': 'ann@lab.example'}", "");
    assert_matches(user_find_matches, "anna", body, KIND_CREATE, "[]", NULL);
}

#define VALIDATOR                                                                                  \
    "{'role': 2, 'email': 'anna@lab.example', 'fullname': null,"                                   \
    " 'groups': ['HLT.Data.Tau', 'PAGs.Data.Top']}"

static void expect_differences(const char *body, const char *record, enum comparison comparison,
                               const char *lines) {
    assert_compared(user_compare, body, record, comparison, lines);
}

static void an_equal_record_has_no_differences(void **state) {
    (void)state;
    const char *record = "{'id': '1', 'created_at': 'x', 'updated_at': 'x', 'role': 2,"
                         " 'email': 'anna@lab.example', 'fullname': null,"
                         " 'groups': ['HLT.Data.Tau', 'PAGs.Data.Top']}";
    expect_differences(VALIDATOR, record, COMPARE_ANSWER, "");
    expect_differences(VALIDATOR, record, COMPARE_READ_BACK, "");
}

static void groups_are_a_set(void **state) {
    (void)state;
    expect_differences(VALIDATOR,
                       "{'role': 2, 'email': 'anna@lab.example', 'fullname': null,"
                       " 'groups': ['PAGs.Data.Top', 'HLT.Data.Tau']}",
                       COMPARE_ANSWER, "");
}

static void a_missing_or_a_further_group_is_a_difference(void **state) {
    (void)state;
    expect_differences(VALIDATOR,
                       "{'role': 2, 'email': 'anna@lab.example', 'fullname': null,"
                       " 'groups': ['HLT.Data.Tau']}",
                       COMPARE_READ_BACK,
                       "groups: [\"HLT.Data.Tau\",\"PAGs.Data.Top\"] / [\"HLT.Data.Tau\"]\n");
    expect_differences("{'role': 2, 'email': 'a@b.c', 'fullname': null, 'groups': []}",
                       "{'role': 2, 'email': 'a@b.c', 'fullname': null, 'groups': ['X']}",
                       COMPARE_ANSWER, "groups: [] / [\"X\"]\n");
    expect_differences("{'role': 2, 'email': 'a@b.c', 'fullname': null, 'groups': ['X', 'X']}",
                       "{'role': 2, 'email': 'a@b.c', 'fullname': null, 'groups': ['X', 'Y']}",
                       COMPARE_ANSWER, "groups: [\"X\",\"X\"] / [\"X\",\"Y\"]\n");
}

static void an_administrators_groups_are_passed(void **state) {
    (void)state;
    const char *body = "{'role': 1, 'email': 'a@b.c', 'fullname': 'Anna', 'groups': []}";
    const char *record = "{'role': 1, 'email': 'a@b.c', 'fullname': 'Anna', 'groups': ['X', 'Y']}";
    expect_differences(body, record, COMPARE_ANSWER, "");
    expect_differences(body, record, COMPARE_READ_BACK, "");
}

static void an_authors_groups_are_compared(void **state) {
    (void)state;
    expect_differences("{'role': 3, 'email': 'a@b.c', 'fullname': 'Anna', 'groups': []}",
                       "{'role': 3, 'email': 'a@b.c', 'fullname': 'Anna', 'groups': ['X']}",
                       COMPARE_READ_BACK, "groups: [] / [\"X\"]\n");
}

static void a_name_that_was_not_planned_is_passed_when_read_back(void **state) {
    (void)state;
    const char *record = "{'role': 2, 'email': 'anna@lab.example', 'fullname': 'Anna Brown',"
                         " 'groups': ['HLT.Data.Tau', 'PAGs.Data.Top']}";
    expect_differences(VALIDATOR, record, COMPARE_READ_BACK, "");
    expect_differences(VALIDATOR, record, COMPARE_ANSWER, "fullname: null / \"Anna Brown\"\n");
}

static void a_name_that_was_planned_is_compared(void **state) {
    (void)state;
    const char *body = "{'role': 3, 'email': 'a@b.c', 'fullname': 'Anna', 'groups': []}";
    expect_differences(body, "{'role': 3, 'email': 'a@b.c', 'fullname': null, 'groups': []}",
                       COMPARE_READ_BACK, "fullname: \"Anna\" / null\n");
    expect_differences(body, "{'role': 3, 'email': 'a@b.c', 'groups': []}", COMPARE_ANSWER,
                       "fullname: \"Anna\" / nothing\n");
}

static void another_role_or_address_is_a_difference(void **state) {
    (void)state;
    expect_differences("{'role': 3, 'email': 'a@b.c', 'fullname': null, 'groups': []}",
                       "{'role': 2, 'email': 'A@b.c', 'fullname': null, 'groups': []}",
                       COMPARE_READ_BACK, "email: \"a@b.c\" / \"A@b.c\"\nrole: 3 / 2\n");
}

static void a_record_that_is_no_object_differs_in_everything(void **state) {
    (void)state;
    expect_differences("{'role': 3, 'email': 'a@b.c', 'fullname': null, 'groups': []}", "null",
                       COMPARE_READ_BACK,
                       "email: \"a@b.c\" / nothing\nrole: 3 / nothing\ngroups: [] / nothing\n");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_user_is_looked_up_by_address_with_an_empty_sort),
        cmocka_unit_test(the_address_is_escaped_for_the_expression_and_for_the_url),
        cmocka_unit_test(every_character_that_means_something_is_escaped),
        cmocka_unit_test(the_records_are_those_with_the_very_address),
        cmocka_unit_test(a_list_without_the_address_says_that_it_is_missing),
        cmocka_unit_test(an_answer_that_is_no_list_cannot_be_read),
        cmocka_unit_test(the_answer_to_a_post_is_the_record_itself),
        cmocka_unit_test(an_equal_record_has_no_differences),
        cmocka_unit_test(groups_are_a_set),
        cmocka_unit_test(a_missing_or_a_further_group_is_a_difference),
        cmocka_unit_test(an_administrators_groups_are_passed),
        cmocka_unit_test(an_authors_groups_are_compared),
        cmocka_unit_test(a_name_that_was_not_planned_is_passed_when_read_back),
        cmocka_unit_test(a_name_that_was_planned_is_compared),
        cmocka_unit_test(another_role_or_address_is_a_difference),
        cmocka_unit_test(a_record_that_is_no_object_differs_in_everything),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
