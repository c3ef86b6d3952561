#include "http/cookie.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { COOKIE_FILE_MOST_BYTES = 4 * 1024 * 1024, FIELDS = 7 };

static const char http_only_mark[] = "#HttpOnly_";

int cookie_file_read(const char *path, struct text *content, struct error *error) {
    int rc = -1;
    FILE *file = fopen(path, "rbe");

    if (file == NULL) {
        return error_set(error, ERROR_INPUT, "the cookie file %s cannot be read: %s", path,
                         strerror(errno));
    }
    setvbuf(file, NULL, _IONBF, 0);
    char *space = text_reserve(content, COOKIE_FILE_MOST_BYTES);
    if (space == NULL) {
        error_set_no_memory(error);
        goto out;
    }
    content->length = fread(space, 1, COOKIE_FILE_MOST_BYTES, file);
    text_terminate(content);
    if (ferror(file)) {
        error_set(error, ERROR_INPUT, "the cookie file %s cannot be read: %s", path,
                  strerror(errno));
        goto out;
    }
    if (content->length == COOKIE_FILE_MOST_BYTES) {
        error_set(error, ERROR_INPUT, "%s is no cookie file: it is larger than %d bytes", path,
                  COOKIE_FILE_MOST_BYTES);
        goto out;
    }
    rc = 0;
out:
    fclose(file);
    return rc;
}

struct span cookie_file_start(const struct text *file) {
    static const char mark[] = "\xef\xbb\xbf";
    size_t length = sizeof mark - 1;
    struct span content = text_span(file);

    if (content.length >= length && memcmp(content.data, mark, length) == 0) {
        content.data += length;
        content.length -= length;
    }
    return content;
}

bool cookie_file_next_line(struct span *rest, struct span *line) {
    if (rest->length == 0) {
        return false;
    }
    *line = span_cut(rest, '\n');
    if (line->length > 0 && line->data[line->length - 1] == '\r') {
        line->length--;
    }
    return true;
}

bool cookie_line_is_empty(struct span line) {
    struct span start = span_trim(line);

    if (span_is_empty(start)) {
        return true;
    }
    return (start.data[0] == '#' || start.data[0] == '$') &&
           !span_begins_with_ignoring_ascii_case(line, http_only_mark);
}

/* Counts the fields and keeps the first seven. */
static size_t split(struct span line, char separator, struct span fields[FIELDS]) {
    size_t count = 0;
    const char *end = line.data + line.length;

    for (const char *at = line.data;; count++) {
        const char *stop = memchr(at, separator, (size_t)(end - at));
        if (count < FIELDS) {
            fields[count] = (struct span){at, (size_t)((stop != NULL ? stop : end) - at)};
        }
        if (stop == NULL) {
            return count + 1;
        }
        at = stop + 1;
    }
}

static int reject_fields(struct span line, size_t count, struct error *error) {
    struct span fields[FIELDS];

    if (split(line, ' ', fields) == FIELDS) {
        return error_set(error, ERROR_INPUT,
                         "the seven fields of a cookie are separated by blanks instead of tabs; "
                         "save the exported file itself, do not paste it");
    }
    if (count == 1 && memchr(line.data, '=', line.length) != NULL) {
        return error_set(error, ERROR_INPUT,
                         "name=value pairs instead of cookies in Netscape format (cookies.txt); "
                         "export them in that format");
    }
    return error_set(error, ERROR_INPUT,
                     "%zu fields instead of the seven, separated by tabs, of a cookie in Netscape "
                     "format (cookies.txt)",
                     count);
}

/* TRUE or FALSE, or 1 or 0. 0 or -1. */
static int parse_flag(struct span field, bool *flag) {
    *flag = span_equal_ignoring_ascii_case(field, span_of("TRUE")) || span_equal_string(field, "1");
    return *flag || span_equal_ignoring_ascii_case(field, span_of("FALSE")) ||
                   span_equal_string(field, "0")
               ? 0
               : -1;
}

/* Seconds since 1970, perhaps with a fraction. Nothing, -1 and "Session" mean a session's cookie,
 * as some exporters have it. 0 or -1. */
static int parse_expiry(struct span field, int64_t *expires) {
    char digits[32];
    char *end = NULL;

    *expires = 0;
    if (span_is_empty(field) || span_equal_string(field, "-1") ||
        span_equal_ignoring_ascii_case(field, span_of("session"))) {
        return 0;
    }
    if (field.length >= sizeof digits || field.data[0] < '0' || field.data[0] > '9') {
        return -1;
    }
    memcpy(digits, field.data, field.length);
    digits[field.length] = '\0';
    errno = 0;
    *expires = strtoll(digits, &end, 10);
    if (*end == '.') {
        end += 1 + strspn(end + 1, "0123456789");
    }
    return *end == '\0' && errno == 0 ? 0 : -1;
}

bool cookie_text_has_control(struct span text) {
    for (size_t i = 0; i < text.length; i++) {
        unsigned char byte = (unsigned char)text.data[i];
        if (byte < 0x20 || byte == 0x7F) {
            return true;
        }
    }
    return false;
}

static struct span without_dot(struct span host) {
    if (host.length > 0 && host.data[0] == '.') {
        host.data++;
        host.length--;
    }
    return host;
}

static size_t count_last_digits(struct span host) {
    size_t digits = 0;

    while (digits < host.length && host.data[host.length - 1 - digits] >= '0' &&
           host.data[host.length - 1 - digits] <= '9') {
        digits++;
    }
    return digits;
}

/* Cookies do not know ports (RFC 6265, 8.5), but some exporters write one. */
static struct span without_port(struct span host) {
    size_t digits = count_last_digits(host);
    const char *colon = memchr(host.data, ':', host.length);
    bool has_port = digits > 0 && colon == host.data + host.length - 1 - digits;
    return has_port ? (struct span){host.data, host.length - digits - 1} : host;
}

/* What is wrong with the fields, or NULL. */
static const char *take_fields(const struct span fields[FIELDS], struct cookie *cookie) {
    for (size_t i = 0; i < FIELDS; i++) {
        if (cookie_text_has_control(fields[i])) {
            return "a cookie has a control character";
        }
    }
    cookie->host = without_port(without_dot(fields[0]));
    cookie->path = fields[2];
    cookie->name = fields[5];
    cookie->value = fields[6];
    if (span_is_empty(cookie->host) || span_is_empty(cookie->name)) {
        return "a cookie without a host or without a name";
    }
    if (span_is_empty(cookie->path) || cookie->path.data[0] != '/') {
        return "the third field, a path, does not begin with /";
    }
    if (parse_flag(fields[1], &cookie->has_subdomains) != 0 ||
        parse_flag(fields[3], &cookie->is_secure) != 0) {
        return "the second and the fourth field have to be TRUE or FALSE";
    }
    if (parse_expiry(fields[4], &cookie->expires) != 0) {
        return "the fifth field has to be seconds since 1970";
    }
    return NULL;
}

int cookie_line_parse(struct span line, struct cookie *cookie, struct error *error) {
    struct span fields[FIELDS] = {0};

    cookie->is_http_only = span_begins_with_ignoring_ascii_case(line, http_only_mark);
    if (cookie->is_http_only) {
        line.data += sizeof http_only_mark - 1;
        line.length -= sizeof http_only_mark - 1;
    }
    size_t count = split(line, '\t', fields);
    if (count == FIELDS - 1) { /* an empty value whose tab was lost at the end of the line */
        fields[count++] = (struct span){line.data + line.length, 0};
    }
    if (count != FIELDS) {
        return reject_fields(line, count, error);
    }
    const char *wrong = take_fields(fields, cookie);
    return wrong == NULL ? 0 : error_set(error, ERROR_INPUT, "%s", wrong);
}

void cookie_line_write(const struct cookie *cookie, struct text *out) {
    text_append_string(out, cookie->is_http_only ? http_only_mark : "");
    text_append_string(out, cookie->has_subdomains ? "." : "");
    text_append(out, cookie->host);
    text_append_string(out, cookie->has_subdomains ? "\tTRUE\t" : "\tFALSE\t");
    text_append(out, cookie->path);
    text_append_string(out, cookie->is_secure ? "\tTRUE\t" : "\tFALSE\t");
    text_append_integer(out, cookie->expires);
    text_append_char(out, '\t');
    text_append(out, cookie->name);
    text_append_char(out, '\t');
    text_append(out, cookie->value);
}

/* The last label of a name is never a number. */
static bool is_ip_address(struct span host) {
    size_t digits = count_last_digits(host);
    bool is_v4 =
        digits > 0 && (digits == host.length || host.data[host.length - 1 - digits] == '.');
    return is_v4 || memchr(host.data, ':', host.length) != NULL;
}

bool cookie_is_for_host(const struct cookie *cookie, struct span host) {
    if (span_equal_ignoring_ascii_case(cookie->host, host)) {
        return true;
    }
    if (!cookie->has_subdomains || cookie->host.length + 1 >= host.length || is_ip_address(host)) {
        return false;
    }
    size_t ahead = host.length - cookie->host.length;
    struct span tail = {host.data + ahead, cookie->host.length};
    return host.data[ahead - 1] == '.' && span_equal_ignoring_ascii_case(cookie->host, tail);
}

bool cookie_has_ended(const struct cookie *cookie, int64_t now) {
    return cookie->expires != 0 && cookie->expires <= now;
}

bool cookie_is_same(const struct cookie *cookie, const struct cookie *other) {
    return span_equal(cookie->name, other->name) && span_equal(cookie->path, other->path) &&
           span_equal_ignoring_ascii_case(cookie->host, other->host);
}

bool cookie_keeps_prefix(const struct cookie *cookie) {
    if (span_begins_with_ignoring_ascii_case(cookie->name, "__Secure-")) {
        return cookie->is_secure;
    }
    return !span_begins_with_ignoring_ascii_case(cookie->name, "__Host-") ||
           (cookie->is_secure && !cookie->has_subdomains && span_equal_string(cookie->path, "/"));
}
