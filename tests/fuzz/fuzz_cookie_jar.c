/* Set-Cookie headers, one a line, taken one after the other. */
#define _GNU_SOURCE /* memmem */
#include <string.h>

#include "base/text.h"
#include "fuzz.h"
#include "http/cookie_jar.h"

enum { NOW = 1700000000, TAKEN_MOST = 150, HEADER_MOST = 8182, SHORTEST_SECRET = 6 };

static const char host[] = "valdb.example";

static struct cookie_jar *make_jar(enum cookies_channel channel) {
    struct cookie_jar *jar = cookie_jar_create(host, channel);
    CHECK(jar != NULL);
    return jar;
}

static void take(struct cookie_jar *jar, int status, struct span header) {
    CHECK(cookie_jar_take(jar, status, header, span_of("/valdb/api/?x=/y"), NOW) == 0);
}

static void write_lines(const struct cookie_jar *jar, struct text *lines) {
    for (size_t i = 0; i < cookie_jar_count(jar); i++) {
        cookie_line_write(cookie_jar_at(jar, i), lines);
        text_append_char(lines, '\n');
    }
}

/* A cookie that was taken can be saved and loaded, and is for the host. */
static void check_cookie(const struct cookie *cookie) {
    struct cookie again;
    struct error error;
    struct text line = {0};

    CHECK(cookie_is_for_host(cookie, span_of(host)) && cookie_keeps_prefix(cookie));
    CHECK(cookie->expires == 0 || cookie->expires > NOW);
    cookie_line_write(cookie, &line);
    CHECK(!cookie_line_is_empty(text_span(&line)));
    CHECK(cookie_line_parse(text_span(&line), &again, &error) == 0);
    CHECK(span_equal(again.host, cookie->host) && span_equal(again.path, cookie->path));
    CHECK(span_equal(again.name, cookie->name) && span_equal(again.value, cookie->value));
    CHECK(again.expires == cookie->expires && again.is_secure == cookie->is_secure);
    CHECK(again.has_subdomains == cookie->has_subdomains);
    CHECK(again.is_http_only == cookie->is_http_only);
    text_free(&line);
}

/* No value is left; one of asterisks alone is none. */
static void check_masking(const struct cookie_jar *jar, const struct cookie *cookie) {
    struct span value = cookie->value;
    struct text said = {0};

    if (value.length < SHORTEST_SECRET || memchr(value.data, '*', value.length) != NULL) {
        return;
    }
    text_append_string(&said, "not ");
    text_append(&said, value);
    text_append_string(&said, ".");
    cookie_jar_mask(jar, &said);
    CHECK(memmem(said.data, said.length, value.data, value.length) == NULL);
    text_free(&said);
}

/* Whatever the path, nothing can break out of the header. */
static void check_header(const struct cookie_jar *jar, struct span target) {
    struct text header = {0};

    cookie_jar_append(jar, target, NOW, &header);
    CHECK(!header.failed && header.length <= HEADER_MOST);
    CHECK(!cookie_text_has_control(text_span(&header)));
    text_free(&header);
}

static void check_jar(const struct cookie_jar *jar) {
    CHECK(cookie_jar_count(jar) <= TAKEN_MOST);
    check_header(jar, span_of("/"));
    check_header(jar, span_of("/valdb/api/users/?x"));
    for (size_t i = 0; i < cookie_jar_count(jar); i++) {
        check_cookie(cookie_jar_at(jar, i));
        check_masking(jar, cookie_jar_at(jar, i));
    }
}

/* Answers that do not accept the session change nothing. */
static void check_refusal(struct cookie_jar *jar, struct span headers) {
    struct text before = {0};
    struct text after = {0};

    write_lines(jar, &before);
    while (headers.length > 0) {
        struct span header = fuzz_take(&headers, '\n');
        take(jar, 302, header);
        take(jar, 401, header);
        take(jar, 103, header);
    }
    write_lines(jar, &after);
    CHECK(span_equal(text_span(&before), text_span(&after)));
    text_free(&before);
    text_free(&after);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct span rest = fuzz_span(data, size);
    struct cookie_jar *secure = make_jar(COOKIES_SECURE);
    struct cookie_jar *plain = make_jar(COOKIES_PLAIN);

    while (rest.length > 0) {
        struct span header = fuzz_take(&rest, '\n');
        take(secure, 200, header);
        take(plain, 403, header);
    }
    check_jar(secure);
    check_jar(plain);
    check_refusal(secure, fuzz_span(data, size));
    for (size_t i = 0; i < cookie_jar_count(plain); i++) {
        CHECK(!cookie_jar_at(plain, i)->is_secure);
    }
    cookie_jar_free(secure);
    cookie_jar_free(plain);
    return 0;
}
