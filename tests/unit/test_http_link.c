/* Where a link of an answer leads (RFC 3986, 5): the examples of its section 5.4, and what stays
 * below the address of the target. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "http/link.h"

/* `path` is NULL where it leads elsewhere. */
static void check(const char *base, const char *from, const char *reference, const char *path) {
    struct text out = {0};
    int rc = link_resolve(base, span_of(from), reference, &out);
    assert_int_equal(rc, path != NULL);
    assert_string_equal(text_string(&out), path == NULL ? "" : path);
    text_free(&out);
}

static void a_reference_is_resolved_against_the_path_of_the_request(void **state) {
    (void)state;
    static const char *const cases[][2] = {{"g", "/b/c/g"},
                                           {"./g", "/b/c/g"},
                                           {"g/", "/b/c/g/"},
                                           {"/g", "/g"},
                                           {"?y", "/b/c/d;p?y"},
                                           {"g?y", "/b/c/g?y"},
                                           {"#s", "/b/c/d;p?q"},
                                           {"g#s", "/b/c/g"},
                                           {"g?y#s", "/b/c/g?y"},
                                           {";x", "/b/c/;x"},
                                           {"g;x?y#s", "/b/c/g;x?y"},
                                           {".", "/b/c/"},
                                           {"./", "/b/c/"},
                                           {"..", "/b/"},
                                           {"../", "/b/"},
                                           {"../g", "/b/g"},
                                           {"../..", "/"},
                                           {"../../g", "/g"},
                                           {"../../../g", "/g"},
                                           {"/./g", "/g"},
                                           {"/../g", "/g"},
                                           {"./g/.", "/b/c/g/"},
                                           {"g/../h", "/b/c/h"},
                                           {"g;x=1/../y", "/b/c/y"},
                                           {"g?y/../x", "/b/c/g?y/../x"},
                                           {"http://a/b/g?y", "/b/g?y"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        check("http://a", "/b/c/d;p?q", cases[i][0], cases[i][1]);
    }
}

static void nothing_is_asked_of_another_origin(void **state) {
    (void)state;
    static const char *const elsewhere[] = {"//g",          "//a:81/b",           "https://a/b",
                                            "http://b/b",   "http://a.example/b", "http://a:1/b",
                                            "g:h",          "file:///etc/passwd", "http://x@a/b",
                                            "http://a@b/b", "http://[::1]/b"};
    for (size_t i = 0; i < sizeof elsewhere / sizeof *elsewhere; i++) {
        check("http://a", "/b", elsewhere[i], NULL);
    }
}

static void an_origin_may_be_written_in_several_ways(void **state) {
    (void)state;
    check("https://a.example", "/b", "HTTPS://A.Example:443/c", "/c");
    check("https://a.example:443", "/b", "//a.example/c", "/c");
    check("http://127.0.0.1:8080", "/b", "http://127.0.0.1:8080/c?d=1", "/c?d=1");
}

static void a_path_stays_below_that_of_the_target(void **state) {
    (void)state;
    check("http://a/api", "/users", "users?page=2", "/users?page=2");
    check("http://a/api", "/users", "/api/users?page=2", "/users?page=2");
    check("http://a/api", "/users?page=1", "?page=2", "/users?page=2");
    check("http://a/api", "/users", "/users?page=2", NULL);
    check("http://a/api", "/users", "../users", NULL);
    check("http://a/api", "/users", "/apiary/users", NULL);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_reference_is_resolved_against_the_path_of_the_request),
        cmocka_unit_test(nothing_is_asked_of_another_origin),
        cmocka_unit_test(an_origin_may_be_written_in_several_ways),
        cmocka_unit_test(a_path_stays_below_that_of_the_target),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
