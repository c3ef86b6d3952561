/* Which cookies a request carries, and what an answer makes of them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "http/cookie_jar.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))
#define HOST "valdb.example.org"
#define TARGET "/valdb/api/users/?name=a/b"
#define NOW 1700000000

enum { MOST = 8 };

static struct cookie_jar *make_jar(const char *host, enum cookies_channel channel) {
    struct cookie_jar *jar = cookie_jar_create(host, channel);
    assert_non_null(jar);
    return jar;
}

/* Takes the headers of one answer after the other, from NULL on none. */
static void take(struct cookie_jar *jar, const char *const *headers, size_t count) {
    for (size_t i = 0; i < count && headers[i] != NULL; i++) {
        assert_int_equal(cookie_jar_take(jar, 200, span_of(headers[i]), span_of(TARGET), NOW), 0);
    }
}

static void take_one(struct cookie_jar *jar, const char *header) {
    take(jar, &header, 1);
}

/* Puts a cookie as a file has it. */
static void put(struct cookie_jar *jar, const char *line) {
    struct cookie cookie;
    struct error error = {0};

    assert_int_equal(cookie_line_parse(span_of(line), &cookie, &error), 0);
    assert_int_equal(cookie_jar_put(jar, &cookie), 0);
}

static void check_carried(const struct cookie_jar *jar, const char *target, int64_t now,
                          const char *expected) {
    struct text header = {0};

    cookie_jar_append(jar, span_of(target), now, &header);
    assert_string_equal(text_string(&header), expected);
    text_free(&header);
}

static void check_lines(const struct cookie_jar *jar, const char *expected) {
    struct text lines = {0};

    for (size_t i = 0; i < cookie_jar_count(jar); i++) {
        cookie_line_write(cookie_jar_at(jar, i), &lines);
        text_append_char(&lines, '\n');
    }
    assert_string_equal(text_string(&lines), expected);
    text_free(&lines);
}

static void an_empty_jar_adds_nothing(void **state) {
    struct cookie_jar *jar = make_jar(HOST, COOKIES_SECURE);
    struct text header = {0};

    (void)state;
    text_append_string(&header, "before");
    cookie_jar_append(jar, span_of(TARGET), NOW, &header);
    assert_string_equal(text_string(&header), "before");
    assert_int_equal(cookie_jar_count(jar), 0);
    text_free(&header);
    cookie_jar_free(jar);
}

/* What one answer's headers make of an empty jar. */
static const struct {
    const char *host;
    const char *headers[MOST];
    const char *lines;
} answers[] = {
    /* for this very host, below the folder of the request, until the program ends */
    {HOST, {"s=v"}, HOST "\tFALSE\t/valdb/api/users\tFALSE\t0\ts\tv\n"},
    {HOST,
     {"s=v; Path=/; HttpOnly; Secure; Max-Age=60"},
     "#HttpOnly_" HOST "\tFALSE\t/\tTRUE\t1700000060\ts\tv\n"},

    /* a host that it is a part of, and no other */
    {HOST, {"s=v; Path=/; Domain=" HOST}, "." HOST "\tTRUE\t/\tFALSE\t0\ts\tv\n"},
    {HOST, {"s=v; Path=/; Domain=.EXAMPLE.org"}, ".EXAMPLE.org\tTRUE\t/\tFALSE\t0\ts\tv\n"},
    {HOST, {"s=v; Path=/; Domain=xample.org"}, ""},
    {HOST, {"s=v; Path=/; Domain=db.example.org"}, ""},
    {HOST, {"s=v; Path=/; Domain=www." HOST}, ""},
    {HOST, {"s=v; Path=/; Domain=auth.example.org"}, ""},
    {HOST, {"s=v; Path=/; Domain=..example.org"}, ""},
    {HOST, {"s=v; Path=/; Domain=org"}, ""},
    {"valdb", {"s=v; Path=/; Domain=valdb"}, ".valdb\tTRUE\t/\tFALSE\t0\ts\tv\n"},
    {"10.0.0.1", {"s=v; Path=/; Domain=10.0.0.1"}, ".10.0.0.1\tTRUE\t/\tFALSE\t0\ts\tv\n"},
    {"10.0.0.1", {"s=v; Path=/; Domain=0.0.1"}, ""},
    {"fd00::1", {"s=v; Path=/"}, "fd00::1\tFALSE\t/\tFALSE\t0\ts\tv\n"},

    /* one of the same name, host and path goes, and keeps its place; an old one deletes it */
    {HOST,
     {"a=1; Path=/", "b=2; Path=/", "a=3; Path=/; Secure"},
     HOST "\tFALSE\t/\tTRUE\t0\ta\t3\n" HOST "\tFALSE\t/\tFALSE\t0\tb\t2\n"},
    {HOST,
     {"a=1; Path=/", "A=2; Path=/"},
     HOST "\tFALSE\t/\tFALSE\t0\ta\t1\n" HOST "\tFALSE\t/\tFALSE\t0\tA\t2\n"},
    {HOST,
     {"a=1; Path=/", "b=2; Path=/", "a=; Path=/; Max-Age=0"},
     HOST "\tFALSE\t/\tFALSE\t0\tb\t2\n"},
    {HOST, {"a=1; Path=/", "a=; Path=/; Expires=Thu, 01 Jan 1970 00:00:00 GMT"}, ""},
    {HOST,
     {"a=1; Path=/", "a=; Path=/; Max-Age=60; Expires=Thu, 01 Jan 1970 00:00:00 GMT"},
     HOST "\tFALSE\t/\tFALSE\t1700000060\ta\t\n"},
    {HOST, {"a=1; Path=/x", "a=; Path=/; Max-Age=0"}, HOST "\tFALSE\t/x\tFALSE\t0\ta\t1\n"},
    {HOST,
     {"a=1; Path=/; Domain=example.org", "a=; Path=/; Max-Age=0"},
     ".example.org\tTRUE\t/\tFALSE\t0\ta\t1\n"},
    {HOST, {"a=; Path=/; Max-Age=0"}, ""},

    /* names that promise something */
    {HOST,
     {"__Secure-a=v; Path=/; Secure; Domain=example.org"},
     ".example.org\tTRUE\t/\tTRUE\t0\t__Secure-a\tv\n"},
    {HOST, {"__Secure-a=v; Path=/", "__secure-a=v; Path=/"}, ""},
    {HOST, {"__Host-a=v; Path=/; Secure"}, HOST "\tFALSE\t/\tTRUE\t0\t__Host-a\tv\n"},
    {HOST,
     {"__Host-a=v; Path=/", "__Host-a=v; Path=/x; Secure", "__Host-a=v; Secure",
      "__Host-a=v; Path=/; Secure; Domain=" HOST},
     ""},

    /* a broken one leaves what is there */
    {HOST,
     {"a=1; Path=/", "a", "=2; Path=/", "a=2\t3; Path=/", ""},
     HOST "\tFALSE\t/\tFALSE\t0\ta\t1\n"},
};

static void every_answer_is_heeded(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT(answers); i++) {
        struct cookie_jar *jar = make_jar(answers[i].host, COOKIES_SECURE);

        take(jar, answers[i].headers, MOST);
        check_lines(jar, answers[i].lines);
        cookie_jar_free(jar);
    }
}

static void the_default_path_is_the_folder_of_the_request(void **state) {
    static const struct {
        const char *target;
        const char *line;
    } cases[] = {
        {"/valdb/api/users/", HOST "\tFALSE\t/valdb/api/users\tFALSE\t0\ts\tv\n"},
        {"/valdb/api?x=/a/b", HOST "\tFALSE\t/valdb\tFALSE\t0\ts\tv\n"},
        {"/valdb", HOST "\tFALSE\t/\tFALSE\t0\ts\tv\n"},
        {"/?x=/a/b", HOST "\tFALSE\t/\tFALSE\t0\ts\tv\n"},
        {"", HOST "\tFALSE\t/\tFALSE\t0\ts\tv\n"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct cookie_jar *jar = make_jar(HOST, COOKIES_SECURE);

        assert_int_equal(cookie_jar_take(jar, 200, span_of("s=v"), span_of(cases[i].target), NOW),
                         0);
        check_lines(jar, cases[i].line);
        cookie_jar_free(jar);
    }
}

static void a_cookie_goes_with_the_requests_below_its_path(void **state) {
    static const struct {
        const char *path;
        const char *target;
        bool is_carried;
    } cases[] = {
        {"/", "/", true},
        {"/", "/valdb/?x", true},
        {"/valdb", "/valdb", true},
        {"/valdb", "/valdb?x", true},
        {"/valdb", "/valdb/", true},
        {"/valdb", "/valdb/api/users/", true},
        {"/valdb/", "/valdb/api", true},
        {"/valdb/", "/valdb", false},
        {"/valdb", "/valdb2/", false},
        {"/valdb", "/", false},
        {"/valdb", "/VALDB/", false},
        {"/valdb", "/x?/valdb/", false},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct cookie_jar *jar = make_jar(HOST, COOKIES_SECURE);
        struct text header = {0};

        text_append_format(&header, "s=v; Path=%s", cases[i].path);
        take_one(jar, text_string(&header));
        check_carried(jar, cases[i].target, NOW, cases[i].is_carried ? "s=v" : "");
        text_free(&header);
        cookie_jar_free(jar);
    }
}

static void the_longest_path_goes_first_and_then_the_oldest(void **state) {
    static const char *const headers[] = {
        "a=1; Path=/; Domain=example.org",
        "b=2; Path=/",
        "c=3; Path=/valdb",
        "d=4; Path=/",
        "e=5; Path=/valdb/api",
        "f=6; Path=/elsewhere",
        "b=7; Path=/",
    };
    struct cookie_jar *jar = make_jar(HOST, COOKIES_SECURE);

    (void)state;
    take(jar, headers, COUNT(headers));
    check_carried(jar, TARGET, NOW, "e=5; c=3; a=1; b=7; d=4");
    cookie_jar_free(jar);
}

static void a_file_s_cookie_is_carried_only_to_its_host(void **state) {
    static const struct {
        const char *host;
        const char *line;
        bool is_carried;
    } cases[] = {
        {HOST, HOST "\tFALSE\t/\tFALSE\t0\ts\tv", true},
        {HOST, "VALDB.example.org\tFALSE\t/\tFALSE\t0\ts\tv", true},
        {HOST, ".example.org\tTRUE\t/\tFALSE\t0\ts\tv", true},
        {HOST, "example.org\tFALSE\t/\tFALSE\t0\ts\tv", false},
        {HOST, "db.example.org\tTRUE\t/\tFALSE\t0\ts\tv", false},
        {HOST, "www." HOST "\tTRUE\t/\tFALSE\t0\ts\tv", false},
        {"127.0.0.1", "127.0.0.1\tFALSE\t/\tFALSE\t0\ts\tv", true},
        {"127.0.0.1", "0.0.1\tTRUE\t/\tFALSE\t0\ts\tv", false},
        {"::1", "::1\tFALSE\t/\tFALSE\t0\ts\tv", true},
        {HOST, HOST "\tFALSE\t/\tFALSE\t0\t__Secure-s\tv", false},
        {HOST, HOST "\tFALSE\t/\tFALSE\t1700000000\ts\tv", false},
        {HOST, HOST "\tFALSE\t/\tFALSE\t1700000001\ts\tv", true},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct cookie_jar *jar = make_jar(cases[i].host, COOKIES_SECURE);

        put(jar, cases[i].line);
        check_carried(jar, TARGET, NOW, cases[i].is_carried ? "s=v" : "");
        cookie_jar_free(jar);
    }
}

static void an_answer_renews_a_file_s_cookie_and_leaves_other_hosts_alone(void **state) {
    struct cookie_jar *jar = make_jar(HOST, COOKIES_SECURE);

    (void)state;
    put(jar, "auth.example.org\tFALSE\t/\tTRUE\t0\ts\tother's");
    put(jar, HOST "\tFALSE\t/\tTRUE\t1800000000\ts\told");
    take_one(jar, "s=new; Path=/; Secure");
    check_carried(jar, TARGET, NOW, "s=new");
    check_lines(jar, HOST "\tFALSE\t/\tTRUE\t0\ts\tnew\n"
                          "auth.example.org\tFALSE\t/\tTRUE\t0\ts\tother's\n");
    cookie_jar_free(jar);
}

/* Exporters differ in what they call a host's own cookie. */
static void a_cookie_is_renewed_whether_or_not_it_was_for_subdomains(void **state) {
    struct cookie_jar *jar = make_jar(HOST, COOKIES_SECURE);

    (void)state;
    put(jar, "." HOST "\tTRUE\t/\tTRUE\t0\ts\told");
    take_one(jar, "s=new; Path=/; Secure");
    check_carried(jar, TARGET, NOW, "s=new");

    put(jar, "example.org\tFALSE\t/\tTRUE\t0\tt\tv");
    check_carried(jar, TARGET, NOW, "s=new");
    put(jar, "example.org\tTRUE\t/\tTRUE\t0\tt\tw");
    check_carried(jar, TARGET, NOW, "s=new; t=w");
    put(jar, "example.org\tFALSE\t/\tTRUE\t0\tt\tx");
    check_carried(jar, TARGET, NOW, "s=new");
    assert_int_equal(cookie_jar_count(jar), 2);
    cookie_jar_free(jar);
}

static void a_cookie_ends_in_time(void **state) {
    struct cookie_jar *jar = make_jar(HOST, COOKIES_SECURE);

    (void)state;
    take_one(jar, "s=v; Path=/; Max-Age=60");
    check_carried(jar, TARGET, NOW + 59, "s=v");
    check_carried(jar, TARGET, NOW + 60, "");
    cookie_jar_free(jar);
}

static void over_plain_http_nothing_secret_is_carried_or_set(void **state) {
    static const char *const headers[] = {
        "a=clear; Path=/; Secure",             /* as if it were secret */
        "s=clear; Path=/",                     /* in the place of what is */
        "s=clear; Path=/valdb",                /* ahead of it */
        "s=; Path=/; Max-Age=0",               /* off with it */
        "b=clear; Path=/; Domain=example.org", /* well */
        "__Secure-c=clear; Path=/; Secure",
    };
    struct cookie_jar *jar = make_jar(HOST, COOKIES_PLAIN);

    (void)state;
    put(jar, HOST "\tFALSE\t/\tTRUE\t0\ts\tsecret");
    take(jar, headers, COUNT(headers));
    check_carried(jar, TARGET, NOW, "b=clear");
    check_lines(jar,
                HOST "\tFALSE\t/\tTRUE\t0\ts\tsecret\n.example.org\tTRUE\t/\tFALSE\t0\tb\tclear\n");
    cookie_jar_free(jar);
}

static void only_an_answer_that_accepts_the_session_sets_cookies(void **state) {
    static const int statuses[] = {200, 201, 204, 400, 403, 404, 409, 500, 503};
    static const int others[] = {0, 100, 103, 300, 301, 302, 303, 304, 307, 308, 401};

    (void)state;
    for (size_t i = 0; i < COUNT(statuses) + COUNT(others); i++) {
        bool is_taken = i < COUNT(statuses);
        int status = is_taken ? statuses[i] : others[i - COUNT(statuses)];
        struct cookie_jar *jar = make_jar(HOST, COOKIES_SECURE);

        take_one(jar, "s=old; Path=/");
        assert_int_equal(
            cookie_jar_take(jar, status, span_of("s=new; Path=/"), span_of(TARGET), NOW), 0);
        check_carried(jar, TARGET, NOW, is_taken ? "s=new" : "s=old");
        cookie_jar_free(jar);
    }
}

static void take_numbered(struct cookie_jar *jar, size_t count, size_t size) {
    struct text header = {0};

    for (size_t i = 0; i < count; i++) {
        text_clear(&header);
        text_append_format(&header, "n%03zu=%0*d; Path=/", i, (int)size, 1);
        take_one(jar, text_string(&header));
    }
    text_free(&header);
}

static void a_server_cannot_fill_the_jar(void **state) {
    struct cookie_jar *jar = make_jar(HOST, COOKIES_SECURE);

    (void)state;
    take_numbered(jar, 1000, 1);
    assert_int_equal(cookie_jar_count(jar), 150);
    take_one(jar, "n007=renewed; Path=/");
    assert_true(span_equal_string(cookie_jar_at(jar, 7)->value, "renewed"));
    take_one(jar, "n007=; Path=/; Max-Age=0");
    take_one(jar, "late=v; Path=/");
    assert_true(span_equal_string(cookie_jar_at(jar, 149)->name, "late"));
    cookie_jar_free(jar);
}

static void a_header_has_a_limit(void **state) {
    struct cookie_jar *jar = make_jar(HOST, COOKIES_SECURE);
    struct text header = {0};

    (void)state;
    take_numbered(jar, 10, 2000);
    cookie_jar_append(jar, span_of(TARGET), NOW, &header);
    assert_int_equal(header.length, 4 * strlen("n000=; ") - 2 + 4 * 2000);
    text_free(&header);
    cookie_jar_free(jar);
}

/* Masks the words in a text of the answer. */
static void check_masked(const struct cookie_jar *jar, const char *said, const char *expected) {
    struct text text = {0};

    text_append_string(&text, said);
    cookie_jar_mask(jar, &text);
    assert_string_equal(text_string(&text), expected);
    text_free(&text);
}

static void every_value_is_masked(void **state) {
    struct cookie_jar *jar = make_jar(HOST, COOKIES_SECURE);

    (void)state;
    put(jar, HOST "\tFALSE\t/\tTRUE\t0\ta\tsecret-a");
    put(jar, "auth.example.org\tFALSE\t/\tTRUE\t0\tb\tsecret-b");
    put(jar, HOST "\tFALSE\t/\tTRUE\t0\tc\tshort");
    check_masked(jar, "x secret-a, secret-asecret-b: short", "x ********, ****************: short");
    cookie_jar_free(jar);
}

/* The answer that renews the cookie may quote the old one, and so may those to requests that left
 * with it. */
static void a_value_that_was_replaced_or_deleted_is_masked(void **state) {
    struct cookie_jar *jar = make_jar(HOST, COOKIES_SECURE);

    (void)state;
    take_one(jar, "s=secret-1; Path=/");
    take_one(jar, "s=secret-2; Path=/");
    take_one(jar, "s=; Path=/; Max-Age=0");
    check_masked(jar, "secret-1 secret-2", "******** ********");
    for (int i = 0; i < 64; i++) {
        take_one(jar, i % 2 == 0 ? "s=secret-3; Path=/" : "s=secret-4; Path=/");
    }
    check_masked(jar, "secret-1 secret-3 secret-4", "secret-1 ******** ********");
    cookie_jar_free(jar);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_empty_jar_adds_nothing),
        cmocka_unit_test(every_answer_is_heeded),
        cmocka_unit_test(the_default_path_is_the_folder_of_the_request),
        cmocka_unit_test(a_cookie_goes_with_the_requests_below_its_path),
        cmocka_unit_test(the_longest_path_goes_first_and_then_the_oldest),
        cmocka_unit_test(a_file_s_cookie_is_carried_only_to_its_host),
        cmocka_unit_test(an_answer_renews_a_file_s_cookie_and_leaves_other_hosts_alone),
        cmocka_unit_test(a_cookie_is_renewed_whether_or_not_it_was_for_subdomains),
        cmocka_unit_test(a_cookie_ends_in_time),
        cmocka_unit_test(over_plain_http_nothing_secret_is_carried_or_set),
        cmocka_unit_test(only_an_answer_that_accepts_the_session_sets_cookies),
        cmocka_unit_test(a_server_cannot_fill_the_jar),
        cmocka_unit_test(a_header_has_a_limit),
        cmocka_unit_test(every_value_is_masked),
        cmocka_unit_test(a_value_that_was_replaced_or_deleted_is_masked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
