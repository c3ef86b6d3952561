/* RFC 6265, section 5.2: a name and a value, and attributes. */
#include <curl/curl.h>
#include <string.h>

#include "http/cookie.h"

enum {
    PAIR_MOST_BYTES = 4096,      /* name and value, as browsers have it */
    ATTRIBUTE_MOST_BYTES = 1024, /* longer ones are ignored, as there */
    DATE_ROOM = 64
};

#define LONG_AGO INT64_MIN
#define FAR_OFF INT64_C(253402300799) /* the end of the year 9999 */

/* One reading of one header. */
struct reading {
    struct cookie *cookie;
    int64_t now;
    bool has_max_age; /* which goes before Expires, in any order */
};

static void take_expires(struct reading *reading, struct span value) {
    char date[DATE_ROOM];

    if (reading->has_max_age || value.length == 0 || value.length >= sizeof date) {
        return;
    }
    memcpy(date, value.data, value.length);
    date[value.length] = '\0';
    int64_t seconds = curl_getdate(date, NULL);
    if (seconds != -1) {
        reading->cookie->expires = seconds > 0 ? seconds : LONG_AGO;
    }
}

static void take_max_age(struct reading *reading, struct span value) {
    bool is_negative = value.length > 0 && value.data[0] == '-';
    int64_t seconds = 0;

    if (value.length == is_negative) {
        return;
    }
    for (size_t i = is_negative; i < value.length; i++) {
        if (value.data[i] < '0' || value.data[i] > '9') {
            return;
        }
        if (seconds < FAR_OFF) {
            seconds = seconds * 10 + (value.data[i] - '0');
        }
    }
    reading->has_max_age = true;
    if (is_negative || seconds == 0) {
        reading->cookie->expires = LONG_AGO;
    } else {
        reading->cookie->expires =
            seconds < FAR_OFF - reading->now ? reading->now + seconds : FAR_OFF;
    }
}

static void take_domain(struct reading *reading, struct span value) {
    if (value.length > 0 && value.data[0] == '.') {
        value.data++;
        value.length--;
    }
    if (value.length > 0) {
        reading->cookie->host = value;
        reading->cookie->has_subdomains = true;
    }
}

static void take_path(struct reading *reading, struct span value) {
    bool is_path = value.length > 0 && value.data[0] == '/';
    reading->cookie->path = is_path ? value : (struct span){0};
}

static void take_secure(struct reading *reading, struct span value) {
    (void)value;
    reading->cookie->is_secure = true;
}

static void take_http_only(struct reading *reading, struct span value) {
    (void)value;
    reading->cookie->is_http_only = true;
}

static const struct {
    const char *name;
    void (*take)(struct reading *, struct span value);
} attributes[] = {
    {"Expires", take_expires}, {"Max-Age", take_max_age}, {"Domain", take_domain},
    {"Path", take_path},       {"Secure", take_secure},   {"HttpOnly", take_http_only},
};

static void take_attribute(struct reading *reading, struct span attribute) {
    struct span value = attribute;
    struct span name = span_trim_blanks(span_cut(&value, '='));

    value = span_trim_blanks(value);
    for (size_t i = 0; i < sizeof attributes / sizeof attributes[0]; i++) {
        if (value.length <= ATTRIBUTE_MOST_BYTES &&
            span_equal_ignoring_ascii_case(name, span_of(attributes[i].name))) {
            attributes[i].take(reading, value);
        }
    }
}

bool set_cookie_parse(struct span header, int64_t now, struct cookie *cookie) {
    struct reading reading = {.cookie = cookie, .now = now};

    *cookie = (struct cookie){0};
    struct span pair = span_cut(&header, ';');
    cookie->value = pair;
    cookie->name = span_cut(&cookie->value, '=');
    bool has_sign = cookie->name.length < pair.length;
    cookie->name = span_trim_blanks(cookie->name);
    cookie->value = span_trim_blanks(cookie->value);
    if (!has_sign || span_is_empty(cookie->name)) {
        return false;
    }
    while (header.length > 0) {
        take_attribute(&reading, span_cut(&header, ';'));
    }
    return cookie->name.length + cookie->value.length <= PAIR_MOST_BYTES &&
           !cookie_text_has_control(cookie->name) && !cookie_text_has_control(cookie->value) &&
           !cookie_text_has_control(cookie->path);
}
