#define _POSIX_C_SOURCE 200809L /* mkdtemp, setrlimit */
#include <setjmp.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
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

static void columns_may_be_in_any_order_among_others(void **state) {
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

/* The ways in which one login comes from a spreadsheet, a directory or a keyboard; as CSV fields,
 * the first of them plain. */
static const char *const forms[] = {
    "jos\xC3\xA9.boss",
    "jos\xC3\xA9.boss ",
    "\tJOS\xC3\x89.Boss",
    "jose\xCC\x81.boss",
    "\xC2\xA0jos\xC3\xA9.boss\xC2\xA0",
    "jos\xC3\xA9.boss\xE2\x80\x8B",
    "\xEF\xBB\xBFjos\xC3\xA9.boss",
    "jos\xC3\xA9.b\xC2\xADoss",
};

enum { FORM_COUNT = sizeof forms / sizeof *forms };

static void every_form_of_a_login_is_found_by_every_other(void **state) {
    (void)state;
    char row[128];
    for (size_t listed = 0; listed < FORM_COUNT; listed++) {
        snprintf(row, sizeof row, "%s,boss@lab.example,Big Boss\n", forms[listed]);
        struct people *people = directory_of(row);
        for (size_t asked = 0; asked < FORM_COUNT; asked++) {
            const struct person *person = people_find_login(people, span_of(forms[asked]));
            assert_non_null(person);
            assert_true(span_equal_string(person->email, "boss@lab.example"));
            assert_int_equal(match_of(people, forms[asked]), PEOPLE_ONE);
        }
        people_free(people);
    }
}

static void every_form_of_a_full_name_is_found_by_every_other(void **state) {
    (void)state;
    char row[128];
    for (size_t listed = 0; listed < FORM_COUNT; listed++) {
        snprintf(row, sizeof row, "boss,boss@lab.example,%s\n", forms[listed]);
        struct people *people = directory_of(row);
        for (size_t asked = 0; asked < FORM_COUNT; asked++) {
            assert_string_equal(login_of(people, forms[asked]), "boss");
        }
        people_free(people);
    }
}

static void column_names_once_more_are_nobody(void **state) {
    (void)state;
    struct people *people = directory_of("annab,a@lab.example,Anna Brown\n"
                                         "\xEF\xBB\xBFUser_Name,Email,FullName\n"
                                         "carld,c@lab.example,Carl D\n");
    assert_null(people_find_login(people, span_of("user_name")));
    assert_string_equal(login_of(people, "Carl D"), "carld");
    people_free(people);
}

static void a_person_who_was_found_stays_the_same(void **state) {
    (void)state;
    struct people *people = directory_of("annab,a@lab.example,Anna Brown\n"
                                         "carld,c@lab.example,Carl D\n");
    const struct person *person = people_find_login(people, span_of("annab"));
    assert_string_equal(login_of(people, "Carl D"), "carld");
    assert_ptr_equal(people_find_login(people, span_of("ANNAB")), person);
    assert_string_equal(person->login.data, "annab");
    people_free(people);
}

static void note_login(void *context, const struct person *person) {
    text_append(context, person->login);
    text_append_char(context, ' ');
}

static void namesakes_come_once_each_in_the_order_of_the_lists(void **state) {
    (void)state;
    struct text found = {0};
    struct people *people = people_create();
    load(people, admins_path, "zoe,z@lab.example,Anna Brown\n");
    load(people, people_path,
         "annab,a@lab.example,Anna Brown\n"
         "ANNAB,a@lab.example,Anna Brown\n"
         "Anna Brown,b@lab.example,Somebody Else\n"
         "Zoe,z@lab.example,Anna Brown\n");
    people_each_namesake(people, span_of("anna brown"), note_login, &found);
    assert_string_equal(text_string(&found), "zoe annab Anna Brown ");
    text_free(&found);
    people_free(people);
}

/* The warning about a login of the database, or nothing. */
static void assert_explained(struct people *people, const char *login, const char *expected) {
    struct text said = {0};
    assert_int_equal(people_explain_login(people, span_of(login), &said), *expected != '\0');
    assert_string_equal(text_string(&said), expected);
    text_free(&said);
}

static void a_login_that_is_nearly_somebodys_is_explained(void **state) {
    (void)state;
    char expected[256];
    struct people *people = directory_of("annab,a@lab.example,Anna Brown\n"
                                         "j.smith,j@lab.example,Jo Smith\n"
                                         "b\xD0\xBEss,b@lab.example,Big Boss\n");
    snprintf(expected, sizeof expected,
             "nobody has the login \"jsmith\"; %s, line 3 has \"j.smith\"", people_path);
    assert_explained(people, "jsmith", expected);
    snprintf(expected, sizeof expected,
             "nobody has the login \"boss\"; %s, line 4 has \"b<U+043E>ss\"", people_path);
    assert_explained(people, "boss", expected);
    snprintf(expected, sizeof expected, "nobody has the login \"anna_b\"; %s, line 2 has \"annab\"",
             people_path);
    assert_explained(people, "anna_b", expected);
    people_free(people);
}

static void a_login_with_an_invisible_character_is_explained(void **state) {
    (void)state;
    struct people *people = directory_of("jsmith,j@lab.example,Jo Smith\n");
    assert_explained(people, "js\xE2\x80\x8Bmith",
                     "the login \"js<U+200B>mith\" has a character that cannot be seen; it is read "
                     "as \"jsmith\"");
    people_free(people);
}

static void nothing_is_said_of_other_logins(void **state) {
    (void)state;
    static const char *const others[] = {"jsmith", "JSmith ", "jsmith2", "", "...", "\xFF"};
    struct people *people = directory_of("jsmith,j@lab.example,Jo Smith\n");
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        assert_explained(people, others[i], "");
    }
    people_free(people);
}

enum { LONG_LIST = 50000, LONG_NAME = 700, MEGABYTE = 1024 * 1024 };

/* 35 MB of people, whose logins are in no order. */
static void write_long_list(void) {
    char name[LONG_NAME + 1];
    FILE *file = fopen(people_path, "wb");
    assert_non_null(file);
    memset(name, 'n', LONG_NAME);
    name[LONG_NAME] = '\0';
    fputs("user_name,email,fullname\n", file);
    for (int i = 0; i < LONG_LIST; i++) {
        int number = (int)((i * 7919LL) % LONG_LIST);
        fprintf(file, "login%d,mail%d@lab.example,%s%d\n", number, number, name, number);
    }
    assert_int_equal(fclose(file), 0);
}

static void memory_does_not_grow_with_the_list(void **state) {
    (void)state;
    struct error error = {0};
    struct people *people = people_create();
    write_long_list();
    sqlite3_memory_highwater(1);
    assert_int_equal(people_load(people, people_path, &error), 0);
    assert_non_null(people_find_login(people, span_of("LOGIN49999")));
    assert_int_equal(people_check(people, &error), 0);
    assert_true(sqlite3_memory_highwater(0) < 20LL * MEGABYTE);
    people_free(people);
}

static void a_list_that_finds_no_room_is_an_error_that_names_the_place(void **state) {
    (void)state;
    struct error error = {0};
    struct rlimit before;
    struct people *people = people_create();
    write_long_list();
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
    struct rlimit small = {MEGABYTE, before.rlim_max};
    signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
    int rc = people_load(people, people_path, &error);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
    assert_int_equal(rc, -1);
    assert_int_equal(error.code, ERROR_DISK);
    assert_non_null(strstr(error.message, "TMPDIR"));
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
        cmocka_unit_test(columns_may_be_in_any_order_among_others),
        cmocka_unit_test(a_server_is_asked_for_nobody_while_it_is_loaded),
        cmocka_unit_test(one_server_is_enough),
        cmocka_unit_test(every_form_of_a_login_is_found_by_every_other),
        cmocka_unit_test(every_form_of_a_full_name_is_found_by_every_other),
        cmocka_unit_test(column_names_once_more_are_nobody),
        cmocka_unit_test(a_person_who_was_found_stays_the_same),
        cmocka_unit_test(namesakes_come_once_each_in_the_order_of_the_lists),
        cmocka_unit_test(a_login_that_is_nearly_somebodys_is_explained),
        cmocka_unit_test(a_login_with_an_invisible_character_is_explained),
        cmocka_unit_test(nothing_is_said_of_other_logins),
        cmocka_unit_test(memory_does_not_grow_with_the_list),
        cmocka_unit_test(a_list_that_finds_no_room_is_an_error_that_names_the_place),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
