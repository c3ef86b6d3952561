#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "people/directory_private.h"

static struct directory_place parse(const char *location, const char *attributes) {
    struct directory_place place = {0};
    struct error error = {0};
    if (directory_place_parse(&place, location, attributes, &error) != 0) {
        fail_msg("%s", error.message);
    }
    return place;
}

static void assert_refused(const char *location, const char *attributes, const char *words) {
    struct directory_place place = {0};
    struct error error = {0};
    assert_int_equal(directory_place_parse(&place, location, attributes, &error), -1);
    assert_int_equal(error.code, ERROR_USAGE);
    if (strstr(error.message, words) == NULL) {
        fail_msg("\"%s\" lacks \"%s\"", error.message, words);
    }
    directory_place_free(&place);
}

static void a_url_names_host_port_and_base(void **state) {
    (void)state;
    struct directory_place place = parse("ldap://Directory.example:1389/dc=example", NULL);
    assert_false(place.is_tls);
    assert_string_equal(place.server, "ldap://Directory.example:1389");
    assert_string_equal(place.host, "Directory.example");
    assert_string_equal(place.port, "1389");
    assert_string_equal(place.base, "dc=example");
    assert_int_equal(place.scope, DIRECTORY_SUBTREE);
    assert_null(place.filter);
    directory_place_free(&place);
}

static void the_ports_are_those_of_the_schemes(void **state) {
    (void)state;
    struct directory_place plain = parse("ldap://d.example/dc=example", NULL);
    struct directory_place secure = parse("LDAPS://d.example/dc=example", NULL);
    assert_string_equal(plain.port, "389");
    assert_string_equal(secure.port, "636");
    assert_true(secure.is_tls);
    directory_place_free(&plain);
    directory_place_free(&secure);
}

static void an_ipv6_address_is_in_brackets(void **state) {
    (void)state;
    struct directory_place place = parse("ldap://[::1]:1389/dc=example", NULL);
    assert_string_equal(place.host, "::1");
    assert_string_equal(place.server, "ldap://[::1]:1389");
    directory_place_free(&place);
}

static void a_base_is_percent_encoded(void **state) {
    (void)state;
    struct directory_place place =
        parse("ldap://d.example/ou=Users%2Cou=Org%20Units,dc=caf%C3%A9", NULL);
    assert_string_equal(place.base, "ou=Users,ou=Org Units,dc=caf\xC3\xA9");
    directory_place_free(&place);
}

static void a_scope_and_a_filter_may_follow_the_base(void **state) {
    (void)state;
    struct directory_place place = parse("ldap://d.example/dc=x??one?(type=Primary)", NULL);
    assert_int_equal(place.scope, DIRECTORY_ONE_LEVEL);
    assert_string_equal(place.filter, "(type=Primary)");
    directory_place_free(&place);
}

static void a_url_that_says_too_little_is_refused(void **state) {
    (void)state;
    assert_refused("ldap://", NULL, "ldap://HOST");
    assert_refused("ldap:///dc=example", NULL, "names no host");
    assert_refused("ldap://d.example", NULL, "names no base DN");
    assert_refused("ldap://d.example/", NULL, "names no base DN");
    assert_refused("ldap:d.example", NULL, "no URL of a directory");
    assert_refused("ldapi://%2Frun%2Fslapd/dc=x", NULL, "no URL of a directory");
    assert_refused("pldap://d.example/dc=x", NULL, "no URL of a directory");
    assert_refused("cldap://d.example/dc=x", NULL, "no URL of a directory");
    assert_refused("ldap://d.example/people", NULL, "\"people\" is no DN");
    assert_refused("ldap://d.example/dc=%FF", NULL, "is no DN");
}

static void what_has_an_option_is_not_in_the_url(void **state) {
    (void)state;
    assert_refused("ldap://d.example/dc=x?cn", NULL, "--ldap-attributes");
    assert_refused("ldap://d.example/dc=x????bindname=cn=me", NULL, "--ldap-bind");
}

static void attributes_are_those_of_cern_unless_named(void **state) {
    (void)state;
    struct directory_place place = parse("ldap://d.example/dc=x", NULL);
    assert_string_equal(place.attributes[DIRECTORY_LOGIN], "cn");
    assert_string_equal(place.attributes[DIRECTORY_NAME], "displayName");
    assert_string_equal(place.attributes[DIRECTORY_MAIL], "mail");
    assert_null(place.attributes[DIRECTORY_ATTRIBUTE_COUNT]);
    directory_place_free(&place);
    place = parse("ldap://d.example/dc=x", "name=cn,login=uid");
    assert_string_equal(place.attributes[DIRECTORY_LOGIN], "uid");
    assert_string_equal(place.attributes[DIRECTORY_NAME], "cn");
    assert_string_equal(place.attributes[DIRECTORY_MAIL], "mail");
    directory_place_free(&place);
}

static void attributes_that_are_none_are_refused(void **state) {
    (void)state;
    static const char *const lists[] = {"",          "login",    "login=",       "phone=x",
                                        "login=a b", "login=a,", "login=(cn=*)", "name=a;lang-en"};
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
        assert_refused("ldap://d.example/dc=x", lists[i], "--ldap-attributes");
    }
}

/* RFC 4515, section 3. */
static void assert_value(const char *value, const char *expected) {
    struct text out = {0};
    directory_place_append_value(&out, span_of(value));
    assert_string_equal(text_string(&out), expected);
    text_free(&out);
}

static void what_has_a_meaning_in_a_filter_is_escaped(void **state) {
    (void)state;
    assert_value("Anna Brown", "Anna Brown");
    assert_value("*", "\\2A");
    assert_value("a(b)c", "a\\28b\\29c");
    assert_value("back\\slash", "back\\5Cslash");
    assert_value("", "");
    struct text out = {0};
    directory_place_append_value(&out, (struct span){"a\0b", 3});
    assert_string_equal(text_string(&out), "a\\00b");
    text_free(&out);
}

static void what_is_not_ascii_is_escaped_byte_by_byte(void **state) {
    (void)state;
    assert_value("Zo\xC3\xAB", "Zo\\C3\\AB");
}

static void assert_filter(const char *location, const char *expected) {
    static const struct span names[] = {{"anna", 4}, {"B*", 2}};
    struct directory_place place = parse(location, "login=uid,name=cn");
    struct text out = {0};
    directory_place_append_filter(&out, &place, names, 2);
    assert_string_equal(text_string(&out), expected);
    text_free(&out);
    directory_place_free(&place);
}

static void a_filter_asks_for_many_names_as_login_and_as_name(void **state) {
    (void)state;
    assert_filter("ldap://d.example/dc=x", "(|(uid=anna)(cn=anna)(uid=B\\2A)(cn=B\\2A))");
}

static void a_filter_of_the_url_holds_for_all_of_them(void **state) {
    (void)state;
    assert_filter("ldap://d.example/dc=x??sub?(a=b)",
                  "(&(a=b)(|(uid=anna)(cn=anna)(uid=B\\2A)(cn=B\\2A)))");
    assert_filter("ldap://d.example/dc=x??sub?a=b",
                  "(&(a=b)(|(uid=anna)(cn=anna)(uid=B\\2A)(cn=B\\2A)))");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_url_names_host_port_and_base),
        cmocka_unit_test(the_ports_are_those_of_the_schemes),
        cmocka_unit_test(an_ipv6_address_is_in_brackets),
        cmocka_unit_test(a_base_is_percent_encoded),
        cmocka_unit_test(a_scope_and_a_filter_may_follow_the_base),
        cmocka_unit_test(a_url_that_says_too_little_is_refused),
        cmocka_unit_test(what_has_an_option_is_not_in_the_url),
        cmocka_unit_test(attributes_are_those_of_cern_unless_named),
        cmocka_unit_test(attributes_that_are_none_are_refused),
        cmocka_unit_test(what_has_a_meaning_in_a_filter_is_escaped),
        cmocka_unit_test(what_is_not_ascii_is_escaped_byte_by_byte),
        cmocka_unit_test(a_filter_asks_for_many_names_as_login_and_as_name),
        cmocka_unit_test(a_filter_of_the_url_holds_for_all_of_them),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
