/* Lines of a cookie file, each by itself. */
#include <string.h>

#include "base/text.h"
#include "fuzz.h"
#include "http/cookie.h"

/* An IP address ends in a number, if it has no colon, and has no subdomains. */
static bool may_be_ip_address(struct span host) {
    char last = host.data[host.length - 1];
    return memchr(host.data, ':', host.length) != NULL || (last >= '0' && last <= '9');
}

static void check_host(const struct cookie *cookie) {
    struct text inner = {0};

    CHECK(cookie_is_for_host(cookie, cookie->host));
    text_append_string(&inner, "www.");
    text_append(&inner, cookie->host);
    bool is_inside = cookie_is_for_host(cookie, text_span(&inner));
    CHECK(is_inside == cookie->has_subdomains || (!is_inside && may_be_ip_address(cookie->host)));
    text_clear(&inner);
    text_append_string(&inner, "www");
    text_append(&inner, cookie->host);
    CHECK(!cookie_is_for_host(cookie, text_span(&inner)) || cookie->host.data[0] == '.');
    text_free(&inner);
}

/* A cookie that was written reads as it was; a host that begins with a mark is read otherwise. */
static void check_writing(const struct cookie *cookie) {
    struct cookie again;
    struct error error;
    struct text written = {0};

    cookie_line_write(cookie, &written);
    if (cookie->host.data[0] != '#' && cookie->host.data[0] != '.') {
        CHECK(cookie_line_parse(text_span(&written), &again, &error) == 0);
        CHECK(span_equal(again.host, cookie->host) && span_equal(again.path, cookie->path));
        CHECK(span_equal(again.name, cookie->name) && span_equal(again.value, cookie->value));
        CHECK(again.expires == cookie->expires && again.is_secure == cookie->is_secure);
        CHECK(again.has_subdomains == cookie->has_subdomains);
        CHECK(again.is_http_only == cookie->is_http_only);
    }
    text_free(&written);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct span rest = fuzz_span(data, size);

    while (rest.length > 0) {
        struct span line = fuzz_take(&rest, '\n');
        struct cookie cookie;
        struct error error = {0};
        if (cookie_line_is_empty(line)) {
            continue;
        }
        if (cookie_line_parse(line, &cookie, &error) == 0) {
            CHECK(cookie.expires >= 0 && *cookie.path.data == '/' && cookie.name.length > 0);
            check_host(&cookie);
            check_writing(&cookie);
        } else {
            CHECK(error.code == ERROR_INPUT && error.message[0] != '\0');
        }
    }
    return 0;
}
