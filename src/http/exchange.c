#include "http/exchange.h"

#include <curl/curl.h>
#include <string.h>

#include "base/clock.h"
#include "base/date.h"
#include "http/headers.h"
#include "http/link.h"
#include "http/sentence.h"

enum { FIELD_VALUE_SIZE = sizeof((struct exchange *)NULL)->retry_after };

static const struct method methods[] = {
    {"GET", DEPARTS_AGAIN, false, NULL},       {"POST", DEPARTS_ONCE, true, NULL},
    {"PUT", DEPARTS_ONCE, true, "PUT"},        {"PATCH", DEPARTS_ONCE, true, "PATCH"},
    {"DELETE", DEPARTS_ONCE, false, "DELETE"},
};

const struct method *method_find(const char *name) {
    for (size_t i = 0; i < sizeof methods / sizeof methods[0]; i++) {
        if (strcmp(methods[i].name, name) == 0) {
            return &methods[i];
        }
    }
    return NULL;
}

/* Nothing in a path may end the line that it is in. */
static bool is_path(struct span path) {
    for (size_t i = 0; i < path.length; i++) {
        if (path.data[i] <= ' ' || path.data[i] > '~') {
            return false;
        }
    }
    return true;
}

const char *exchange_find_fault(const struct exchange *exchange) {
    struct span lines = text_span(&exchange->headers);
    if (!is_path(text_span(&exchange->path))) {
        return "the path has a character that no path may have";
    }
    while (lines.length > 0) {
        if (!headers_may_add_line(span_cut(&lines, '\n'))) {
            return "a header has a name or a character that no header of a document may have";
        }
    }
    return NULL;
}

void exchange_begin(struct exchange *exchange) {
    exchange->end = EXCHANGE_NOT_SENT;
    exchange->status = 0;
    exchange->is_json = false;
    exchange->content_type[0] = '\0';
    text_clear(&exchange->answer);
    text_clear(&exchange->location);
    text_clear(&exchange->next);
    text_clear(&exchange->moved_to);
    exchange->moves_slash = false;
    exchange->retry_after_ms = -1;
    exchange->retry_after[0] = '\0';
    exchange->server_date = -1;
    exchange->started = date_now();
    exchange->began = clock_now();
    exchange->duration = 0;
    exchange->failure[0] = '\0';
}

/* The value up to one of these two characters. */
static struct span cut_at(struct span value, char one, char other) {
    size_t length = 0;
    while (length < value.length && value.data[length] != one && value.data[length] != other) {
        length++;
    }
    return (struct span){value.data, length};
}

/* Terminates a copy of the value; one that is too long for any date or number is empty then. */
static const char *copy_value(struct span value, char buffer[FIELD_VALUE_SIZE]) {
    size_t length = value.length < FIELD_VALUE_SIZE ? value.length : 0;
    memcpy(buffer, length > 0 ? value.data : "", length);
    buffer[length] = '\0';
    return buffer;
}

/* JSON by any of its names (RFC 8259, RFC 6839), in lower or upper case. */
static bool names_json(struct span type) {
    static const char application[] = "application/";
    static const char suffix[] = "+json";
    size_t start = sizeof application - 1;
    size_t end = sizeof suffix - 1;

    if (type.length > start + end &&
        span_equal_ignoring_ascii_case((struct span){type.data, start}, span_of(application)) &&
        span_equal_ignoring_ascii_case((struct span){type.data + type.length - end, end},
                                       span_of(suffix))) {
        return true;
    }
    return span_equal_ignoring_ascii_case(type, span_of("application/json")) ||
           span_equal_ignoring_ascii_case(type, span_of("text/json"));
}

static void take_content_type(struct exchange *exchange, struct span value) {
    if (exchange->content_type[0] != '\0') {
        return;
    }
    struct span type = span_trim_blanks(cut_at(value, ';', ' '));
    sentence_append(exchange->content_type, sizeof exchange->content_type, type);
    for (char *at = exchange->content_type; *at != '\0'; at++) {
        if (*at >= 'A' && *at <= 'Z') {
            *at = (char)(*at - 'A' + 'a');
        }
    }
    exchange->is_json = names_json(type);
}

/* An HTTP date (RFC 9110, 5.6.7), in whatever form libcurl knows. 0 or -1. */
static int read_date(const char *value, int64_t *moment) {
    time_t seconds = curl_getdate(value, NULL);
    return seconds == -1 ? -1 : date_moment_from_seconds(seconds, moment);
}

static void take_date(struct exchange *exchange, struct span value) {
    char buffer[FIELD_VALUE_SIZE];
    if (exchange->server_date < 0 &&
        read_date(copy_value(value, buffer), &exchange->server_date) != 0) {
        exchange->server_date = -1;
    }
}

/* The query of a redirect may hold what signs in; that of a record's place belongs to it. */
static void take_location(struct exchange *exchange, struct span value) {
    if (exchange->location.length == 0) {
        text_append(&exchange->location, cut_at(value, exchange->status >= 300 ? '?' : '#', '#'));
    }
}

/* "120": only digits. The sum stops growing at the most that is ever waited. */
static long seconds_in_ms(const char *digits) {
    long ms = 0;

    for (const char *digit = digits; *digit != '\0'; digit++) {
        ms = ms * 10 + (*digit - '0') * 1000L;
        if (ms > EXCHANGE_RETRY_AFTER_MOST_MS) {
            return EXCHANGE_RETRY_AFTER_MOST_MS;
        }
    }
    return ms;
}

long exchange_parse_retry_after(const char *value, int64_t now) {
    int64_t moment = 0;

    if (value == NULL || *value == '\0') {
        return -1;
    }
    if (value[strspn(value, "0123456789")] == '\0') {
        return seconds_in_ms(value);
    }
    if (read_date(value, &moment) != 0) {
        return -1;
    }
    if (moment <= now) {
        return 0;
    }
    int64_t ms = (moment - now + 999) / 1000;
    return ms > EXCHANGE_RETRY_AFTER_MOST_MS ? EXCHANGE_RETRY_AFTER_MOST_MS : (long)ms;
}

static void take_retry_after(struct exchange *exchange, struct span value) {
    if (exchange->status >= 300 && exchange->retry_after[0] == '\0') {
        copy_value(value, exchange->retry_after);
    }
}

static void take_link(struct exchange *exchange, struct span value) {
    if (exchange->next.length == 0) {
        text_append(&exchange->next, link_find_next(value));
    }
}

enum { FIELDS = 5 };

const char *const exchange_fields[FIELDS + 1] = {"Content-Type", "Date",        "Link",
                                                 "Location",     "Retry-After", NULL};

static void (*const takers[FIELDS])(struct exchange *, struct span) = {
    take_content_type, take_date, take_link, take_location, take_retry_after};

void exchange_take_field(struct exchange *exchange, struct span name, struct span value) {
    for (size_t i = 0; i < FIELDS; i++) {
        if (span_equal_ignoring_ascii_case(name, span_of(exchange_fields[i]))) {
            takers[i](exchange, value);
            return;
        }
    }
}

/* An object or an array, by how it begins. */
static bool begins_as_json(const struct text *answer) {
    struct span body = span_trim(text_span(answer));

    return body.length > 0 && (body.data[0] == '{' || body.data[0] == '[');
}

/* The URL that the location names, without query and fragment; NULL where it is none that could be
 * the target's. The caller frees it with curl_free(). */
static char *resolve(const char *base, const char *location) {
    CURLU *url = curl_url();
    char *resolved = NULL;

    if (url != NULL && curl_url_set(url, CURLUPART_URL, base, 0) == CURLUE_OK &&
        curl_url_set(url, CURLUPART_URL, location, CURLU_DISALLOW_USER) == CURLUE_OK &&
        curl_url_set(url, CURLUPART_QUERY, NULL, 0) == CURLUE_OK &&
        curl_url_set(url, CURLUPART_FRAGMENT, NULL, 0) == CURLUE_OK &&
        curl_url_get(url, CURLUPART_URL, &resolved, 0) != CURLUE_OK) {
        resolved = NULL;
    }
    curl_url_cleanup(url);
    return resolved;
}

static struct span without_slashes(struct span path) {
    while (path.length > 0 && path.data[path.length - 1] == '/') {
        path.length--;
    }
    return path;
}

static void read_redirect(struct exchange *exchange, const char *base) {
    struct span query = text_span(&exchange->path);
    struct span path = span_cut(&query, '?');
    struct span end = without_slashes(path);
    char *resolved = resolve(base, text_string(&exchange->location));
    struct span whole = span_of(resolved);
    struct span start = without_slashes(whole);

    if (end.length > 0 && start.length >= end.length &&
        memcmp(start.data + start.length - end.length, end.data, end.length) == 0) {
        size_t slashes = whole.length - start.length;
        start.length -= end.length;
        if (span_equal_string(start, base)) {
            exchange->moves_slash = slashes != path.length - end.length;
        } else {
            text_append(&exchange->moved_to, start);
        }
    }
    curl_free(resolved);
}

void exchange_end_answered(struct exchange *exchange, const char *base) {
    /* Of the clock that the answer's Date shows, which may differ from ours by minutes. */
    int64_t now = exchange->server_date >= 0 ? exchange->server_date : date_now();

    exchange->end = EXCHANGE_ANSWERED;
    exchange->retry_after_ms = exchange_parse_retry_after(exchange->retry_after, now);
    if (exchange->status / 100 == 3 && exchange->location.length > 0) {
        read_redirect(exchange, base);
    }
    if (exchange->content_type[0] == '\0') {
        exchange->is_json = begins_as_json(&exchange->answer);
    }
    exchange->duration = clock_now() - exchange->began;
}

void exchange_end_failed(struct exchange *exchange, enum exchange_end end, const char *why) {
    exchange->end = end;
    exchange->content_type[0] = '\0';
    exchange->is_json = false;
    text_clear(&exchange->location);
    text_clear(&exchange->next);
    exchange->retry_after_ms = -1;
    exchange->server_date = -1;
    sentence_append(exchange->failure, sizeof exchange->failure, span_of(why));
    exchange->duration = clock_now() - exchange->began;
}

void exchange_clear(struct exchange *exchange) {
    text_free(&exchange->path);
    text_free(&exchange->headers);
    text_free(&exchange->next);
    text_free(&exchange->answer);
    text_free(&exchange->location);
    text_free(&exchange->moved_to);
    *exchange = (struct exchange){0};
}
