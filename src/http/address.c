#define _POSIX_C_SOURCE 200809L /* newlocale */
#include "http/address.h"

#include <curl/curl.h>
#include <locale.h>
#include <string.h>

static const char address_form[] = "https://host[:port][/prefix]";

struct url {
    CURLU *parts;
    const char *name; /* for messages */
};

static int address_reject(CURLUcode code, const char *name, struct error *error) {
    if (code == CURLUE_OUT_OF_MEMORY) { /* libcurl's word for a name that has no ASCII form, too */
        return error_set(error, ERROR_USAGE,
                         "%s is not usable: its host name is not valid (or memory ran out); "
                         "expected %s",
                         name, address_form);
    }
    if (code == CURLUE_USER_NOT_ALLOWED) {
        return error_set(error, ERROR_USAGE,
                         "%s must not hold a user name or a password; there are other ways to sign "
                         "in, such as a cookie file or a token",
                         name);
    }
    return error_set(error, ERROR_USAGE, "%s is not usable: %s; expected %s", name,
                     curl_url_strerror(code), address_form);
}

static bool url_has(const struct url *url, CURLUPart part) {
    char *value = NULL;
    bool has = curl_url_get(url->parts, part, &value, 0) == CURLUE_OK;
    curl_free(value);
    return has;
}

/* Appends a part of the URL; 0 or -1. */
static int url_take(const struct url *url, CURLUPart part, unsigned flags, struct text *out,
                    struct error *error) {
    char *value = NULL;
    CURLUcode code = curl_url_get(url->parts, part, &value, flags);

    if (code != CURLUE_OK) {
        return address_reject(code, url->name, error);
    }
    text_append_string(out, value);
    curl_free(value);
    return text_check(out, error);
}

static int address_take_scheme(const struct url *url, struct address *address,
                               struct error *error) {
    struct text scheme = {0};
    int rc = -1;

    if (url_take(url, CURLUPART_SCHEME, 0, &scheme, error) != 0) {
        goto out;
    }
    if (strcmp(text_string(&scheme), "http") != 0 && strcmp(text_string(&scheme), "https") != 0) {
        error_set(error, ERROR_USAGE, "%s has to begin with http:// or https://", url->name);
        goto out;
    }
    address->is_tls = strcmp(text_string(&scheme), "https") == 0;
    address->is_secure_context = address->is_tls || address->is_loopback;
    rc = 0;
out:
    text_free(&scheme);
    return rc;
}

static int address_take_host(const struct url *url, struct address *address, struct error *error) {
    static const char *const loopback[] = {"localhost", "127.0.0.1", "::1"};
    struct text literal = {0};
    int rc = -1;

    if (url_take(url, CURLUPART_HOST, CURLU_PUNYCODE, &literal, error) != 0) {
        goto out;
    }
    struct span host = text_span(&literal);
    if (host.length > 2 && host.data[0] == '[') {
        host.data += 1;
        host.length -= 2;
    }
    text_append(&address->host, host);
    for (size_t i = 0; i < sizeof loopback / sizeof loopback[0]; i++) {
        address->is_loopback |= span_equal_ignoring_ascii_case(host, span_of(loopback[i]));
    }
    rc = text_check(&address->host, error);
out:
    text_free(&literal);
    return rc;
}

static int address_take_base(const struct url *url, struct address *address, struct error *error) {
    if (url_has(url, CURLUPART_QUERY) || url_has(url, CURLUPART_FRAGMENT)) {
        return error_set(error, ERROR_USAGE, "%s must not hold a query or a fragment; expected %s",
                         url->name, address_form);
    }
    if (url_take(url, CURLUPART_URL, CURLU_PUNYCODE, &address->base, error) != 0) {
        return -1;
    }
    while (address->base.length > 0 && address->base.data[address->base.length - 1] == '/') {
        address->base.length--;
        text_terminate(&address->base);
    }
    return 0;
}

static int take_parts(const struct url *parsed, const char *url, struct address *address,
                      struct error *error) {
    CURLUcode code = curl_url_set(parsed->parts, CURLUPART_URL, url, CURLU_DISALLOW_USER);

    if (code != CURLUE_OK) {
        return address_reject(code, parsed->name, error);
    }
    return address_take_base(parsed, address, error) == 0 &&
                   address_take_host(parsed, address, error) == 0 &&
                   address_take_scheme(parsed, address, error) == 0
               ? 0
               : -1;
}

/* A name in other letters than ASCII is UTF-8 here; libcurl asks the locale. */
int address_parse(const char *url, const char *name, struct address *address, struct error *error) {
    struct url parsed = {curl_url(), name};

    if (parsed.parts == NULL) {
        return error_set_no_memory(error);
    }
    locale_t utf8 = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);
    locale_t former = uselocale(utf8);
    int rc = take_parts(&parsed, url, address, error);
    uselocale(former);
    if (utf8 != (locale_t)0) {
        freelocale(utf8);
    }
    curl_url_cleanup(parsed.parts);
    return rc;
}

void address_free(struct address *address) {
    text_free(&address->base);
    text_free(&address->host);
}
