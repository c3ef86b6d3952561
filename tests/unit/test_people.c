#define _POSIX_C_SOURCE 200809L /* mkdtemp */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "people/people.h"

static char folder[] = "/tmp/rowpost-people-XXXXXX";
static char admins_path[64];
static char people_path[64];

static int make_folder(void **state) {
    (void)state;
    if (mkdtemp(folder) == NULL) {
        return -1;
    }
    snprintf(admins_path, sizeof admins_path, "%s/admins.csv", folder);
    snprintf(people_path, sizeof people_path, "%s/people.csv", folder);
    return 0;
}

static int remove_folder(void **state) {
    (void)state;
    remove(admins_path);
    remove(people_path);
    return rmdir(folder);
}

static void load(struct people *people, const char *path, const char *rows) {
    struct error error = {0};
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    fprintf(file, "user_name,email,fullname\n%s", rows);
    assert_int_equal(fclose(file), 0);
    if (people_load(people, path, &error) != 0) {
        fail_msg("%s", error.message);
    }
}

static struct people *directory_of(const char *rows) {
    struct people *people = people_create();
    assert_non_null(people);
    load(people, people_path, rows);
    return people;
}

/* Good enough here: an address has an @. */
static bool has_at_sign(void *context, struct span address) {
    (void)context;
    return span_find(address, "@") != NULL;
}

static enum people_match match_of(struct people *people, const char *name) {
    const struct person *person = NULL;
    return people_find_name(people, span_of(name), has_at_sign, NULL, &person);
}

/* The login of the one person with that name. */
static const char *login_of(struct people *people, const char *name) {
    const struct person *person = NULL;
    assert_int_equal(people_find_name(people, span_of(name), has_at_sign, NULL, &person),
                     PEOPLE_ONE);
    return person->login.data;
}

static void a_login_is_found_whatever_its_case_and_blanks(void **state) {
    (void)state;
    struct people *people = directory_of(" AnnaB ,anna.b@lab.example,Anna B\n");
    const struct person *person = people_find_login(people, span_of("annab "));
    assert_non_null(person);
    assert_true(span_equal_string(person->login, "AnnaB"));
    assert_true(span_equal_string(person->email, "anna.b@lab.example"));
    assert_true(span_equal_string(person->fullname, "Anna B"));
    assert_null(people_find_login(people, span_of("anna")));
    assert_null(people_find_login(people, span_of("")));
    people_free(people);
}

static void a_person_knows_the_line_it_came_from(void **state) {
    (void)state;
    struct people *people = directory_of("annab,a@lab.example,\"Anna\nB\"\ncarld,c@lab.example,\n");
    const struct person *person = people_find_login(people, span_of("carld"));
    assert_string_equal(person->list, people_path);
    assert_int_equal(person->line, 4);
    people_free(people);
}

static void a_full_name_has_its_blanks_folded(void **state) {
    (void)state;
    struct people *people = directory_of("annab,a@lab.example,\"  Anna \t\xC2\xA0 B \"\n");
    assert_true(span_equal_string(people_find_login(people, span_of("annab"))->fullname, "Anna B"));
    people_free(people);
}

static void an_empty_full_name_is_null(void **state) {
    (void)state;
    struct people *people = directory_of("annab,a@lab.example,  \n");
    assert_true(span_is_null(people_find_login(people, span_of("annab"))->fullname));
    people_free(people);
}

static void a_name_is_found_with_blanks_folded_and_case_ignored(void **state) {
    (void)state;
    struct people *people = directory_of("annab,a@lab.example,  Anna   BROWN\n");
    assert_string_equal(login_of(people, "anna brown"), "annab");
    assert_string_equal(login_of(people, " Anna\tBrown\n"), "annab");
    assert_int_equal(match_of(people, "AnnaBrown"), PEOPLE_NOBODY);
    assert_int_equal(match_of(people, "Anna"), PEOPLE_NOBODY);
    people_free(people);
}

static void accented_letters_have_a_case_too(void **state) {
    (void)state;
    struct people *people = directory_of("zoel,z@lab.example,Zo\xC3\x8B \xC5\x81UKASZ\n");
    assert_string_equal(login_of(people, "zo\xC3\xAB \xC5\x82ukasz"), "zoel");
    assert_int_equal(match_of(people, "zoe lukasz"), PEOPLE_NOBODY);
    people_free(people);
}

static void a_login_is_a_name(void **state) {
    (void)state;
    struct people *people = directory_of("annab,a@lab.example,Anna Brown\n");
    assert_string_equal(login_of(people, "ANNAB"), "annab");
    people_free(people);
}

static void one_name_with_two_addresses_is_several_people(void **state) {
    (void)state;
    struct people *people = directory_of("annab,a@lab.example,Anna Brown\n"
                                         "annab2,b@lab.example,Anna Brown\n");
    assert_int_equal(match_of(people, "Anna Brown"), PEOPLE_SEVERAL);
    assert_string_equal(login_of(people, "annab2"), "annab2");
    people_free(people);
}

static void a_name_that_is_somebody_elses_login_is_several_people(void **state) {
    (void)state;
    struct people *people = directory_of("brown,a@lab.example,Anna\n"
                                         "carl,c@lab.example,Brown\n");
    assert_int_equal(match_of(people, "Brown"), PEOPLE_SEVERAL);
    people_free(people);
}

static void twins_by_address_are_one_person_the_first(void **state) {
    (void)state;
    struct people *people = directory_of("annab,Anna.Brown@Lab.example,Anna Brown\n"
                                         "annasvc,anna.brown@lab.example,Anna Brown\n");
    assert_string_equal(login_of(people, "Anna Brown"), "annab");
    people_free(people);
}

static void an_entry_without_an_accepted_address_is_nobody(void **state) {
    (void)state;
    struct people *people = directory_of("annab,,Anna Brown\n"
                                         "annab2,b@lab.example,Anna Brown\n"
                                         "carld,none,Carl D\n");
    assert_string_equal(login_of(people, "Anna Brown"), "annab2");
    assert_int_equal(match_of(people, "Carl D"), PEOPLE_NOBODY);
    people_free(people);
}

static void nobody_has_the_empty_name(void **state) {
    (void)state;
    struct people *people = directory_of("annab,a@lab.example,\n,b@lab.example,\n");
    assert_int_equal(match_of(people, ""), PEOPLE_NOBODY);
    assert_int_equal(match_of(people, "  "), PEOPLE_NOBODY);
    people_free(people);
}

static void a_row_without_a_login_is_found_by_its_name(void **state) {
    (void)state;
    const struct person *person = NULL;
    struct people *people = directory_of(",a@lab.example,Anna Brown\n,c@lab.example,Carl D\n");
    assert_int_equal(people_find_name(people, span_of("Carl D"), has_at_sign, NULL, &person),
                     PEOPLE_ONE);
    assert_true(span_equal_string(person->email, "c@lab.example"));
    people_free(people);
}

static void the_list_that_was_loaded_first_wins(void **state) {
    (void)state;
    struct people *people = people_create();
    load(people, admins_path, "annab,anna@lab.example,Anna Brown\n");
    load(people, people_path,
         "ANNAB,other@lab.example,Anna B. Brown\n"
         "carld,c@lab.example,Carl D\n");
    const struct person *person = people_find_login(people, span_of("annab"));
    assert_true(span_equal_string(person->email, "anna@lab.example"));
    assert_string_equal(person->list, admins_path);
    assert_string_equal(login_of(people, "Carl D"), "carld");
    people_free(people);
}

static void a_later_full_name_of_a_login_is_one_more_name(void **state) {
    (void)state;
    const struct person *person = NULL;
    struct people *people = directory_of("annab,anna@lab.example,Anna Brown\n"
                                         "annab,other@lab.example,Anna B. Brown\n");
    assert_int_equal(people_find_name(people, span_of("Anna B. Brown"), has_at_sign, NULL, &person),
                     PEOPLE_ONE);
    assert_true(span_equal_string(person->email, "anna@lab.example"));
    people_free(people);
}

static void a_mistake_in_a_list_names_file_and_line(void **state) {
    (void)state;
    struct error error = {0};
    char expected[256];
    struct people *people = people_create();
    FILE *file = fopen(people_path, "wb");
    fputs("user_name,email,fullname\nannab,a@lab.example\n", file);
    assert_int_equal(fclose(file), 0);
    assert_int_equal(people_load(people, people_path, &error), -1);
    assert_int_equal(error.code, ERROR_INPUT);
    snprintf(expected, sizeof expected, "%s, line 2: 2 fields, where the header has 3",
             people_path);
    assert_string_equal(error.message, expected);
    people_free(people);
}

static void columns_may_stand_in_any_order_among_others(void **state) {
    (void)state;
    struct error error = {0};
    struct people *people = people_create();
    FILE *file = fopen(people_path, "wb");
    fputs("Phone,FULLNAME,Email,User_Name\n1,Anna Brown,a@lab.example,annab\n", file);
    assert_int_equal(fclose(file), 0);
    assert_int_equal(people_load(people, people_path, &error), 0);
    assert_string_equal(login_of(people, "Anna Brown"), "annab");
    people_free(people);
}

static void a_server_is_asked_for_nobody_while_it_is_loaded(void **state) {
    (void)state;
    struct error error = {0};
    struct people *people = people_create();
    assert_false(people_is_asked(people));
    assert_int_equal(people_load(people, "LDAPS://directory.invalid/dc=example", &error), 0);
    assert_true(people_is_asked(people));
    people_free(people);
}

static void one_server_is_enough(void **state) {
    (void)state;
    struct error error = {0};
    struct people *people = people_create();
    assert_int_equal(people_load(people, "ldap://directory.invalid/dc=example", &error), 0);
    assert_int_equal(people_load(people, "ldap://directory.invalid/dc=example", &error), -1);
    assert_int_equal(error.code, ERROR_USAGE);
    people_free(people);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_login_is_found_whatever_its_case_and_blanks),
        cmocka_unit_test(a_person_knows_the_line_it_came_from),
        cmocka_unit_test(a_full_name_has_its_blanks_folded),
        cmocka_unit_test(an_empty_full_name_is_null),
        cmocka_unit_test(a_name_is_found_with_blanks_folded_and_case_ignored),
        cmocka_unit_test(accented_letters_have_a_case_too),
        cmocka_unit_test(a_login_is_a_name),
        cmocka_unit_test(one_name_with_two_addresses_is_several_people),
        cmocka_unit_test(a_name_that_is_somebody_elses_login_is_several_people),
        cmocka_unit_test(twins_by_address_are_one_person_the_first),
        cmocka_unit_test(an_entry_without_an_accepted_address_is_nobody),
        cmocka_unit_test(nobody_has_the_empty_name),
        cmocka_unit_test(a_row_without_a_login_is_found_by_its_name),
        cmocka_unit_test(the_list_that_was_loaded_first_wins),
        cmocka_unit_test(a_later_full_name_of_a_login_is_one_more_name),
        cmocka_unit_test(a_mistake_in_a_list_names_file_and_line),
        cmocka_unit_test(columns_may_stand_in_any_order_among_others),
        cmocka_unit_test(a_server_is_asked_for_nobody_while_it_is_loaded),
        cmocka_unit_test(one_server_is_enough),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
