/* What is read from the value of a Set-Cookie header. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "http/cookie.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))
#define NOW 1700000000
#define PAST INT64_MIN
#define YEAR_9999 INT64_C(253402300799)

/* A header, and the cookie; the fields in the order host, path, name, value. */
static const struct {
    const char *header;
    const char *texts[4];
    int64_t expires;
    bool is_http_only;
    bool is_secure;
} readings[] = {
    /* name and value */
    {"session=v", {NULL, NULL, "session", "v"}, 0, false, false},
    {" \tsession \t= \tv w\t ", {NULL, NULL, "session", "v w"}, 0, false, false},
    {"session=", {NULL, NULL, "session", ""}, 0, false, false},
    {"session=a=b==", {NULL, NULL, "session", "a=b=="}, 0, false, false},
    {"session=\"a b\"", {NULL, NULL, "session", "\"a b\""}, 0, false, false},
    {"session=v;", {NULL, NULL, "session", "v"}, 0, false, false},
    {"session=v;;; ;Secure;", {NULL, NULL, "session", "v"}, 0, false, true},

    /* attributes, in any order and any letters, and those that nobody knows */
    {"s=v; Path=/valdb; Domain=.Example.org; Secure; HttpOnly",
     {"Example.org", "/valdb", "s", "v"},
     0,
     true,
     true},
    {"s=v;HTTPONLY=yes;secure=no;pAtH=/;dOmAin=a.b", {"a.b", "/", "s", "v"}, 0, true, true},
    {"s=v; SameSite=Lax; Priority=High; =x; Securely", {NULL, NULL, "s", "v"}, 0, false, false},
    {"s=v; Path=/a; Path=/b", {NULL, "/b", "s", "v"}, 0, false, false},
    {"s=v; Path=/a; Path", {NULL, NULL, "s", "v"}, 0, false, false},
    {"s=v; Path=\"/\"", {NULL, NULL, "s", "v"}, 0, false, false},
    {"s=v; Path=a/b", {NULL, NULL, "s", "v"}, 0, false, false},
    {"s=v; Domain=", {NULL, NULL, "s", "v"}, 0, false, false},
    {"s=v; Domain=.", {NULL, NULL, "s", "v"}, 0, false, false},
    {"s=v; Domain=a.b; Domain=c.d", {"c.d", NULL, "s", "v"}, 0, false, false},

    /* the end, by date */
    {"s=v; Expires=Wed, 09 Jun 2032 10:18:14 GMT",
     {NULL, NULL, "s", "v"},
     1970389094,
     false,
     false},
    {"s=v; expires=Wed, 09-Jun-32 10:18:14 GMT", {NULL, NULL, "s", "v"}, 1970389094, false, false},
    {"s=v; Expires=Thu, 01 Jan 1970 00:00:00 GMT", {NULL, NULL, "s", "v"}, PAST, false, false},
    {"s=v; Expires=Sun, 01 Jan 1905 00:00:00 GMT", {NULL, NULL, "s", "v"}, PAST, false, false},
    {"s=v; Expires=tomorrow", {NULL, NULL, "s", "v"}, 0, false, false},
    {"s=v; Expires=", {NULL, NULL, "s", "v"}, 0, false, false},
    {"s=v; Expires", {NULL, NULL, "s", "v"}, 0, false, false},

    /* and by age, which goes first */
    {"s=v; Max-Age=600", {NULL, NULL, "s", "v"}, NOW + 600, false, false},
    {"s=v; Max-Age=0", {NULL, NULL, "s", "v"}, PAST, false, false},
    {"s=v; Max-Age=-600", {NULL, NULL, "s", "v"}, PAST, false, false},
    {"s=v; Max-Age=99999999999999999999999", {NULL, NULL, "s", "v"}, YEAR_9999, false, false},
    {"s=v; Max-Age=600; Max-Age=60", {NULL, NULL, "s", "v"}, NOW + 60, false, false},
    {"s=v; Max-Age=600; Expires=Thu, 01 Jan 1970 00:00:00 GMT",
     {NULL, NULL, "s", "v"},
     NOW + 600,
     false,
     false},
    {"s=v; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Max-Age=600",
     {NULL, NULL, "s", "v"},
     NOW + 600,
     false,
     false},
    {"s=v; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Max-Age=soon",
     {NULL, NULL, "s", "v"},
     PAST,
     false,
     false},
    {"s=v; Max-Age=-", {NULL, NULL, "s", "v"}, 0, false, false},
    {"s=v; Max-Age=", {NULL, NULL, "s", "v"}, 0, false, false},
    {"s=v; Max-Age=6x", {NULL, NULL, "s", "v"}, 0, false, false},
    {"s=v; Max-Age=+6", {NULL, NULL, "s", "v"}, 0, false, false},
};

static void check_text(struct span read, const char *expected) {
    if (expected == NULL) {
        assert_null(read.data);
    } else {
        assert_true(span_equal_string(read, expected));
    }
}

static void every_attribute_is_understood(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT(readings); i++) {
        struct cookie cookie;

        assert_true(set_cookie_parse(span_of(readings[i].header), NOW, &cookie));
        check_text(cookie.host, readings[i].texts[0]);
        check_text(cookie.path, readings[i].texts[1]);
        check_text(cookie.name, readings[i].texts[2]);
        check_text(cookie.value, readings[i].texts[3]);
        assert_int_equal(cookie.has_subdomains, readings[i].texts[0] != NULL);
        assert_true(cookie.expires == readings[i].expires);
        assert_int_equal(cookie.is_http_only, readings[i].is_http_only);
        assert_int_equal(cookie.is_secure, readings[i].is_secure);
    }
}

static void what_is_broken_is_passed_over(void **state) {
    static const char *const headers[] = {
        "",
        "session",
        "session; Path=/",
        "=v",
        " =v; Path=/",
        "; session=v",
        "session=a\tb",
        "ses\tsion=v",
        "session=a\x01z",
        "session=a\x7f",
        "session=v; Path=/a\tb",
    };

    (void)state;
    for (size_t i = 0; i < COUNT(headers); i++) {
        struct cookie cookie;
        assert_false(set_cookie_parse(span_of(headers[i]), NOW, &cookie));
    }
}

/* "s=" and so many letters, then the end of it. */
static void build(struct text *header, size_t value, const char *end) {
    text_clear(header);
    text_append_string(header, "s=");
    memset(text_reserve(header, value), 'v', value);
    header->length += value;
    text_terminate(header);
    text_append_string(header, end);
}

static void sizes_have_a_limit(void **state) {
    struct text header = {0};
    struct cookie cookie;

    (void)state;
    build(&header, 4095, "; Path=/a");
    assert_true(set_cookie_parse(text_span(&header), NOW, &cookie));
    assert_int_equal(cookie.value.length, 4095);
    build(&header, 4096, "; Path=/a");
    assert_false(set_cookie_parse(text_span(&header), NOW, &cookie));

    build(&header, 1, "; Path=/a; Path=/");
    memset(text_reserve(&header, 1024), 'p', 1024);
    header.length += 1023;
    text_terminate(&header);
    assert_true(set_cookie_parse(text_span(&header), NOW, &cookie));
    assert_int_equal(cookie.path.length, 1024);
    text_append_char(&header, 'p');
    assert_true(set_cookie_parse(text_span(&header), NOW, &cookie));
    assert_true(span_equal_string(cookie.path, "/a"));
    text_free(&header);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_attribute_is_understood),
        cmocka_unit_test(what_is_broken_is_passed_over),
        cmocka_unit_test(sizes_have_a_limit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
