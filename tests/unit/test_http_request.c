/* The bytes of a request. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "http/request.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))
#define START(line, host)                                                                          \
    line " HTTP/1.1\r\nHost: " host "\r\nUser-Agent: rowpost/" ROWPOST_VERSION                     \
         "\r\nAccept: application/json\r\n"

/* Writes one request of a session with that URL; what request_write() returns. */
static int write_one(const char *base, const char *token, struct exchange exchange,
                     struct text *out, struct error *error) {
    struct transfer_settings settings = {0};
    struct request_form form = {0};

    text_append_string(&settings.base, base);
    assert_int_equal(headers_open(&settings.headers, "application/json", error), 0);
    if (token != NULL) {
        assert_int_equal(headers_set_token(&settings.headers, token, error), 0);
    }
    assert_int_equal(request_form_open(&form, &settings, error), 0);
    int rc = request_write(&form, &exchange, out, error);
    request_form_free(&form);
    transfer_settings_free(&settings);
    return rc;
}

static struct exchange exchange_of(const char *method, const char *path, const char *body) {
    struct exchange exchange = {.method = method, .body = span_of(body)};
    text_append_string(&exchange.path, path);
    return exchange;
}

static void a_request_has_these_lines(void **state) {
    static const struct {
        const char *base, *method, *path, *body, *token, *request;
    } cases[] = {
        {"http://h", "GET", "/a?b=c", NULL, NULL, START("GET /a?b=c", "h") "\r\n"},
        {"http://h", "GET", "/a", NULL, "t0ken",
         START("GET /a", "h") "Authorization: Bearer t0ken\r\n\r\n"},
        {"http://h", "POST", "/a/", "{}", NULL,
         START("POST /a/", "h") "Content-Type: application/json\r\nContent-Length: 2\r\n\r\n{}"},
        {"http://h", "POST", "/a/", NULL, NULL,
         START("POST /a/", "h") "Content-Type: application/json\r\nContent-Length: 0\r\n\r\n"},
        {"http://h", "PUT", "/a/", "[1]", NULL,
         START("PUT /a/", "h") "Content-Type: application/json\r\nContent-Length: 3\r\n\r\n[1]"},
        {"http://h", "DELETE", "/a/1/", NULL, NULL, START("DELETE /a/1/", "h") "\r\n"},

        /* the host as the URL has it, without the port that goes without saying */
        {"http://h:8080", "GET", "/", NULL, NULL, START("GET /", "h:8080") "\r\n"},
        {"http://h:80", "GET", "/", NULL, NULL, START("GET /", "h") "\r\n"},
        {"https://h:443", "GET", "/", NULL, NULL, START("GET /", "h") "\r\n"},
        {"https://h:80", "GET", "/", NULL, NULL, START("GET /", "h:80") "\r\n"},
        {"http://[::1]:8080", "GET", "/", NULL, NULL, START("GET /", "[::1]:8080") "\r\n"},
        {"http://[fe80::1%25eth0]:80", "GET", "/", NULL, NULL, START("GET /", "[fe80::1]") "\r\n"},

        /* a URL with a path goes before every path */
        {"http://h/valdb/v2", "GET", "/a", NULL, NULL, START("GET /valdb/v2/a", "h") "\r\n"},
        {"http://h:80/v2", "GET", "/a", NULL, NULL, START("GET /v2/a", "h") "\r\n"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct exchange exchange = exchange_of(cases[i].method, cases[i].path, cases[i].body);
        struct error error = {0};
        struct text out = {0};

        assert_int_equal(write_one(cases[i].base, cases[i].token, exchange, &out, &error), 1);
        assert_string_equal(text_string(&out), cases[i].request);
        text_free(&out);
        exchange_clear(&exchange);
    }
}

static void a_path_that_would_be_another_request_is_none(void **state) {
    static const char *const paths[] = {"/a b",  "/a\r\nX: y", "/\n", "/\t",
                                        "/\x7f", "/\xc3\xa9",  "a",   ""};

    (void)state;
    for (size_t i = 0; i < COUNT(paths); i++) {
        struct exchange exchange = exchange_of("GET", paths[i], NULL);
        struct error error = {0};
        struct text out = {0};

        assert_int_equal(write_one("http://h", NULL, exchange, &out, &error), 0);
        text_free(&out);
        exchange_clear(&exchange);
    }
}

static void a_body_is_sent_byte_for_byte(void **state) {
    static const char body[] = "{\"a\":\"\0\r\n\r\n\"}";
    struct exchange exchange = exchange_of("POST", "/", NULL);
    struct error error = {0};
    struct text out = {0};

    (void)state;
    exchange.body = (struct span){body, sizeof body - 1};
    assert_int_equal(write_one("http://h", NULL, exchange, &out, &error), 1);
    assert_memory_equal(out.data + out.length - (sizeof body - 1), body, sizeof body - 1);
    assert_non_null(strstr(text_string(&out), "Content-Length: 13\r\n\r\n{"));
    text_free(&out);
    exchange_clear(&exchange);
}

static void an_unknown_method_is_a_mistake(void **state) {
    struct exchange exchange = exchange_of("PATCH", "/", NULL);
    struct error error = {0};
    struct text out = {0};

    (void)state;
    assert_int_equal(write_one("http://h", NULL, exchange, &out, &error), -1);
    assert_int_equal(error.code, ERROR_INTERNAL);
    text_free(&out);
    exchange_clear(&exchange);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_request_has_these_lines),
        cmocka_unit_test(a_path_that_would_be_another_request_is_none),
        cmocka_unit_test(a_body_is_sent_byte_for_byte),
        cmocka_unit_test(an_unknown_method_is_a_mistake),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
