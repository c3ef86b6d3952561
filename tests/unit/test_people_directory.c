/* A directory of which the cache has every answer, so that no server is asked. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "people/people.h"

#define EARLY "\"asked\":\"2026-11-01T00:00:00.000Z\","
#define LATE "\"asked\":\"2026-11-02T00:00:00.000Z\","
#define ENTRY(dn, login, name, mail)                                                               \
    "{\"dn\":\"" dn "\",\"login\":[" login "],\"name\":[" name "],\"mail\":[" mail "]}"

struct answer {
    const char *name;
    const char *answer;
};

struct cache {
    const struct answer *answers;
    size_t count;
    struct text directory; /* of the last question */
};

static int find(void *context, struct span directory, struct span name, struct text *answer,
                struct error *error) {
    struct cache *cache = context;
    text_clear(&cache->directory);
    text_append(&cache->directory, directory);
    for (size_t i = 0; i < cache->count; i++) {
        if (span_equal_string(name, cache->answers[i].name)) {
            text_append_string(answer, cache->answers[i].answer);
            return 1;
        }
    }
    return error_set(error, ERROR_INTERNAL, "asked for %.*s", (int)name.length, name.data);
}

/* What was asked of it goes into `error`. */
static struct people *ask(struct cache *cache, const char *const *names, size_t count,
                          const char *bind_dn, struct error *error) {
    const struct people_access access = {
        .patience = 1, .bind_dn = bind_dn, .cache = {.context = cache, .find = find}};
    struct people *people = people_create();
    int rc = 0;
    assert_non_null(people);
    people_set_access(people, &access);
    assert_int_equal(people_load(people, "ldap://directory.invalid/dc=x", error), 0);
    for (size_t i = 0; i < count; i++) {
        assert_int_equal(people_want(people, span_of(names[i]), error), 0);
    }
    rc = people_ask(people, error);
    if (rc == 0) {
        return people;
    }
    people_free(people);
    return NULL;
}

static bool take_any(void *context, struct span address) {
    (void)context;
    return !span_is_empty(address);
}

static void assert_one(struct people *people, const char *name, const char *email) {
    const struct person *person = NULL;
    assert_int_equal(people_find_name(people, span_of(name), take_any, NULL, &person), PEOPLE_ONE);
    assert_true(span_equal_string(person->email, email));
}

static enum people_match match_of(struct people *people, const char *name) {
    const struct person *person = NULL;
    return people_find_name(people, span_of(name), take_any, NULL, &person);
}

static struct people *ask_once(const struct answer *answers, size_t answer_count,
                               const char *const *names, size_t count, struct error *error) {
    struct cache cache = {.answers = answers, .count = answer_count};
    struct people *people = ask(&cache, names, count, NULL, error);
    text_free(&cache.directory);
    return people;
}

#define ASK(answers, names, error)                                                                 \
    ask_once(answers, sizeof(answers) / sizeof *(answers), names, sizeof(names) / sizeof *(names), \
             error)

static void spellings_of_a_name_are_one_question(void **state) {
    (void)state;
    static const struct answer answers[] = {
        {"anna brown",
         "{" EARLY "\"entries\":[" ENTRY("cn=a", "\"annab\"", "\"Anna  BROWN\"", "\"a@x\"") "]}"}};
    static const char *const names[] = {"Anna Brown", " ANNA \t brown ", "", "  "};
    struct error error = {0};
    struct people *people = ASK(answers, names, &error);
    assert_non_null(people);
    assert_one(people, "anna   Brown", "a@x");
    const struct person *person = people_find_login(people, span_of("ANNAB"));
    assert_true(span_equal_string(person->fullname, "Anna BROWN"));
    struct text origin = {0};
    people_append_origin(person, &origin);
    assert_string_equal(text_string(&origin), "ldap://directory.invalid:389, cn=a");
    text_free(&origin);
    people_free(people);
}

static void nobody_is_an_answer_too(void **state) {
    (void)state;
    static const struct answer answers[] = {{"anna", "{" EARLY "\"entries\":[]}"}};
    static const char *const names[] = {"Anna"};
    struct error error = {0};
    struct people *people = ASK(answers, names, &error);
    assert_non_null(people);
    assert_int_equal(match_of(people, "Anna"), PEOPLE_NOBODY);
    people_free(people);
}

static void what_was_read_last_of_an_entry_counts(void **state) {
    (void)state;
    static const struct answer answers[] = {
        {"new", "{" LATE "\"entries\":[" ENTRY("cn=a", "\"a\"", "\"New\"", "\"new@x\"") "]}"},
        {"old", "{" EARLY "\"entries\":[" ENTRY("cn=a", "\"a\"", "\"Old\"", "\"old@x\"") "]}"}};
    static const char *const names[] = {"new", "old"};
    static const char *const turned[] = {"old", "new"};
    struct error error = {0};
    struct people *people = ASK(answers, names, &error);
    assert_one(people, "new", "new@x");
    assert_int_equal(match_of(people, "old"), PEOPLE_NOBODY);
    people_free(people);
    people = ASK(answers, turned, &error);
    assert_one(people, "new", "new@x");
    assert_int_equal(match_of(people, "old"), PEOPLE_NOBODY);
    people_free(people);
}

static void two_entries_with_one_address_are_one_person_the_first_login(void **state) {
    (void)state;
    static const struct answer answers[] = {
        {"anna",
         "{" EARLY "\"entries\":[" ENTRY("cn=b", "\"annab2\"", "\"Anna\"", "\"a@x\"") "," ENTRY(
             "cn=a", "\"annab\"", "\"Anna\"", "\"A@X\"") "]}"}};
    static const char *const names[] = {"anna"};
    struct error error = {0};
    struct people *people = ASK(answers, names, &error);
    assert_one(people, "anna", "A@X");
    people_free(people);
}

static void one_login_of_two_addresses_is_several_people(void **state) {
    (void)state;
    static const struct answer answers[] = {
        {"anna",
         "{" EARLY "\"entries\":[" ENTRY("cn=a,ou=p", "\"anna\"", "\"One\"", "\"a@x\"") "," ENTRY(
             "cn=a,ou=q", "\"anna\"", "\"Two\"", "\"b@x\"") "]}"}};
    static const char *const names[] = {"anna"};
    struct error error = {0};
    struct people *people = ASK(answers, names, &error);
    assert_int_equal(match_of(people, "anna"), PEOPLE_SEVERAL);
    people_free(people);
}

static void the_first_value_that_is_not_empty_counts(void **state) {
    (void)state;
    static const struct answer answers[] = {
        {"anna", "{" EARLY "\"entries\":[" ENTRY("cn=a", "\"\",\"anna\",\"ab\"", "\"Anna\",\"Ann\"",
                                                 "\" \",\"a@x\",\"b@x\"") "]}"}};
    static const char *const names[] = {"anna"};
    struct error error = {0};
    struct people *people = ASK(answers, names, &error);
    assert_one(people, "anna", "a@x");
    assert_one(people, "ab", "a@x");
    assert_one(people, "Ann", "a@x");
    people_free(people);
}

static void an_answer_that_cannot_be_read_is_refused(void **state) {
    (void)state;
    static const char *const broken[] = {"",
                                         "{}",
                                         "[]",
                                         "{" EARLY "\"entries\":{}}",
                                         "{\"entries\":[]}",
                                         "{" EARLY "\"entries\":[]"};
    static const char *const names[] = {"anna"};
    for (size_t i = 0; i < sizeof broken / sizeof *broken; i++) {
        const struct answer answers[] = {{"anna", broken[i]}};
        struct error error = {0};
        assert_null(ASK(answers, names, &error));
        assert_int_equal(error.code, ERROR_WORKSPACE);
        assert_non_null(strstr(error.message, "--people-refresh"));
    }
}

static void an_entry_of_odd_json_is_a_person_without_names(void **state) {
    (void)state;
    static const struct answer answers[] = {
        {"anna", "{" EARLY "\"entries\":[5,{\"dn\":7,\"login\":[1,null],\"name\":\"x\"}]}"}};
    static const char *const names[] = {"anna"};
    struct error error = {0};
    struct people *people = ASK(answers, names, &error);
    assert_non_null(people);
    assert_int_equal(match_of(people, "anna"), PEOPLE_NOBODY);
    people_free(people);
}

static void the_question_names_the_directory_its_attributes_and_who_asks(void **state) {
    (void)state;
    static const char *const names[] = {"anna"};
    static const struct answer answers[] = {{"anna", "{" EARLY "\"entries\":[]}"}};
    struct error error = {0};
    struct cache cache = {.answers = answers, .count = 1};
    people_free(ask(&cache, names, 1, NULL, &error));
    assert_string_equal(text_string(&cache.directory),
                        "ldap://directory.invalid:389/dc=x?cn,displayName,mail?sub");
    people_free(ask(&cache, names, 1, "cn=me", &error));
    assert_string_equal(text_string(&cache.directory),
                        "ldap://directory.invalid:389/dc=x?cn,displayName,mail?sub as cn=me");
    text_free(&cache.directory);
}

static void what_is_not_utf8_is_not_asked_for(void **state) {
    (void)state;
    static const char *const names[] = {"Zo\xEB"};
    static const struct answer answers[] = {{"anna", ""}};
    struct error error = {0};
    struct people *people = ASK(answers, names, &error);
    assert_non_null(people);
    assert_int_equal(match_of(people, "Zo\xEB"), PEOPLE_NOBODY);
    people_free(people);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(spellings_of_a_name_are_one_question),
        cmocka_unit_test(nobody_is_an_answer_too),
        cmocka_unit_test(what_was_read_last_of_an_entry_counts),
        cmocka_unit_test(two_entries_with_one_address_are_one_person_the_first_login),
        cmocka_unit_test(one_login_of_two_addresses_is_several_people),
        cmocka_unit_test(the_first_value_that_is_not_empty_counts),
        cmocka_unit_test(an_answer_that_cannot_be_read_is_refused),
        cmocka_unit_test(an_entry_of_odd_json_is_a_person_without_names),
        cmocka_unit_test(the_question_names_the_directory_its_attributes_and_who_asks),
        cmocka_unit_test(what_is_not_utf8_is_not_asked_for),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
