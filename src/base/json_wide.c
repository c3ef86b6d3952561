#include "base/json_wide.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define MEMBER "\"$number\""

/* A number that is longer is no wide one: its text is refused, as ever. */
enum { DIGITS_MOST = 1000 };

static bool is_of_number(char c) {
    return isdigit((unsigned char)c) || c == '-' || c == '+' || c == '.' || c == 'e' || c == 'E';
}

/* Whether the characters are a number of JSON (RFC 8259, section 6) without room in 64 bits. */
static bool is_wide(struct span number) {
    char digits[DIGITS_MOST + 1];
    char *end;
    const char *first = number.length > 0 && *number.data == '-' ? number.data + 1 : number.data;
    bool begins_well = number.length > 0 && isdigit((unsigned char)*first) &&
                       !(*first == '0' && isdigit((unsigned char)first[1]));
    if (!begins_well || number.length > DIGITS_MOST) {
        return false;
    }
    memcpy(digits, number.data, number.length);
    digits[number.length] = '\0';
    errno = 0;
    if (strpbrk(digits, ".eE") == NULL) {
        strtoll(digits, &end, 10);
    } else {
        double value = strtod(digits, &end);
        errno = value > 1 || value < -1 ? errno : 0; /* too small is no matter */
    }
    return errno == ERANGE && *end == '\0';
}

bool json_wide_is(const json_t *value) {
    const json_t *digits = json_object_get(value, "$number");
    return json_object_size(value) == 1 && json_is_string(digits) &&
           is_wide((struct span){json_string_value(digits), json_string_length(digits)});
}

/* Where the text that begins there ends, behind its quotation mark. */
static size_t skip_text(struct span json, size_t at) {
    for (at++; at < json.length && json.data[at] != '"'; at++) {
        at += json.data[at] == '\\';
    }
    return at < json.length ? at + 1 : json.length;
}

static size_t skip_number(struct span json, size_t at) {
    while (at < json.length && is_of_number(json.data[at])) {
        at++;
    }
    return at;
}

void json_wide_mark(struct span json, struct text *out) {
    size_t at = 0;
    while (at < json.length) {
        size_t begin = at;
        bool is_number = json.data[at] == '-' || isdigit((unsigned char)json.data[at]);
        at = json.data[at] == '"' ? skip_text(json, at)
             : is_number          ? skip_number(json, at)
                                  : at + 1;
        struct span piece = {json.data + begin, at - begin};
        if (is_number && is_wide(piece)) {
            text_append_string(out, "{" MEMBER ":\"");
            text_append(out, piece);
            text_append_string(out, "\"}");
        } else {
            text_append(out, piece);
        }
    }
}

static const char *skip_blanks(const char *json) {
    return json + strspn(json, " \t\r\n");
}

/* The number in the object that begins there, and where the object ends; null where it has none. */
static struct span find_number(const char *object, const char **end) {
    const struct span none = {0};
    const char *at = skip_blanks(object + 1);
    if (strncmp(at, MEMBER, strlen(MEMBER)) != 0) {
        return none;
    }
    at = skip_blanks(at + strlen(MEMBER));
    at = *at == ':' ? skip_blanks(at + 1) : "";
    size_t length = *at == '"' ? strcspn(at + 1, "\"") : 0;
    struct span number = {at + 1, length};
    if (length == 0 || at[length + 1] != '"' || !is_wide(number)) {
        return none;
    }
    at = skip_blanks(at + length + 2);
    *end = at + 1;
    return *at == '}' ? number : none;
}

void json_wide_unmark(char *json) {
    const char *from = json;
    char *to = json;
    const struct span whole = span_of(json);
    if (strstr(json, MEMBER) == NULL) {
        return;
    }
    while (*from != '\0') {
        const char *end = from + 1;
        struct span piece = {0};
        if (*from == '{') {
            piece = find_number(from, &end);
        }
        if (span_is_null(piece)) {
            size_t at = (size_t)(from - json);
            end = *from == '"' ? json + skip_text(whole, at) : from + 1;
            piece = (struct span){from, (size_t)(end - from)};
        }
        for (size_t i = 0; i < piece.length; i++) {
            *to++ = piece.data[i];
        }
        from = end;
    }
    *to = '\0';
}
