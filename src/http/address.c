#define _POSIX_C_SOURCE 200809L /* newlocale */
#include "http/address.h"

#include <curl/curl.h>
#include <locale.h>
#include <string.h>

static const char address_form[] = "https://host[:port][/prefix]";

static int reject(CURLUcode code, const char *name, struct error *error) {
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

static bool has_part(CURLU *url, CURLUPart part) {
    char *value = NULL;
    bool has = curl_url_get(url, part, &value, 0) == CURLUE_OK;
    curl_free(value);
    return has;
}

/* A part of the URL, which the caller frees with curl_free(); NULL with the error. */
static char *take_part(CURLU *url, CURLUPart part, const char *name, struct error *error) {
    char *value = NULL;
    CURLUcode code = curl_url_get(url, part, &value, CURLU_PUNYCODE);

    if (code != CURLUE_OK) {
        reject(code, name, error);
    }
    return value;
}

static int take_scheme(CURLU *url, const char *name, struct address *address, struct error *error) {
    char *scheme = take_part(url, CURLUPART_SCHEME, name, error);

    if (scheme == NULL) {
        return -1;
    }
    bool is_http = strcmp(scheme, "http") == 0;
    address->is_tls = strcmp(scheme, "https") == 0;
    address->is_secure_context = address->is_tls || address->is_loopback;
    curl_free(scheme);
    return is_http || address->is_tls
               ? 0
               : error_set(error, ERROR_USAGE, "%s has to begin with http:// or https://", name);
}

static int take_host(CURLU *url, const char *name, struct address *address, struct error *error) {
    static const char *const loopback[] = {"localhost", "127.0.0.1", "::1"};
    char *literal = take_part(url, CURLUPART_HOST, name, error);

    if (literal == NULL) {
        return -1;
    }
    struct span host = span_of(literal);
    if (host.length > 2 && host.data[0] == '[') {
        host.data += 1;
        host.length -= 2;
    }
    text_append(&address->host, host);
    for (size_t i = 0; i < sizeof loopback / sizeof loopback[0]; i++) {
        address->is_loopback |= span_equal_ignoring_ascii_case(host, span_of(loopback[i]));
    }
    curl_free(literal);
    return text_check(&address->host, error);
}

static int take_base(CURLU *url, const char *name, struct address *address, struct error *error) {
    if (has_part(url, CURLUPART_QUERY) || has_part(url, CURLUPART_FRAGMENT)) {
        return error_set(error, ERROR_USAGE, "%s must not hold a query or a fragment; expected %s",
                         name, address_form);
    }
    char *whole = take_part(url, CURLUPART_URL, name, error);
    struct span base = span_of(whole);
    if (whole == NULL) {
        return -1;
    }
    while (base.length > 0 && base.data[base.length - 1] == '/') {
        base.length--;
    }
    text_append(&address->base, base);
    curl_free(whole);
    return text_check(&address->base, error);
}

static int take_parts(CURLU *url, const char *given, const char *name, struct address *address,
                      struct error *error) {
    CURLUcode code = curl_url_set(url, CURLUPART_URL, given, CURLU_DISALLOW_USER);

    if (code != CURLUE_OK) {
        return reject(code, name, error);
    }
    return take_base(url, name, address, error) == 0 && take_host(url, name, address, error) == 0
               ? take_scheme(url, name, address, error)
               : -1;
}

/* A name in other letters than ASCII is UTF-8 here; libcurl asks the locale. */
int address_parse(const char *url, const char *name, struct address *address, struct error *error) {
    CURLU *parts = curl_url();

    if (parts == NULL) {
        return error_set_no_memory(error);
    }
    locale_t utf8 = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);
    locale_t former = uselocale(utf8);
    int rc = take_parts(parts, url, name, address, error);
    uselocale(former);
    if (utf8 != (locale_t)0) {
        freelocale(utf8);
    }
    curl_url_cleanup(parts);
    return rc;
}

void address_free(struct address *address) {
    text_free(&address->base);
    text_free(&address->host);
}
