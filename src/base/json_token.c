#include "base/json_token.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include "base/hex.h"
#include "base/utf8.h"

/* Numbers within these fit a 64-bit integer or a double, whatever else is in them. */
enum { MOST_DIGITS = 18, MOST_EXPONENT_DIGITS = 2 };

enum { HEX_DIGITS = 4 };

/* XXXX of \uXXXX. */
static const char *scan_hex(const char *at, const char *end, uint32_t *code) {
    if (end - at < HEX_DIGITS) {
        return NULL;
    }
    *code = 0;
    for (int i = 0; i < HEX_DIGITS; i++) {
        int value = hex_value(at[i]);
        if (value < 0) {
            return NULL;
        }
        *code = *code * 16 + (uint32_t)value;
    }
    return at + HEX_DIGITS;
}

/* A character beyond the first 65,536 is two of them (RFC 8259, section 7); half of one is no
 * character. */
static const char *scan_unicode(const char *at, const char *end, uint32_t *code) {
    uint32_t low = 0;
    at = scan_hex(at, end, code);
    if (at == NULL || *code < 0xD800 || *code > 0xDFFF) {
        return at;
    }
    if (*code > 0xDBFF || end - at < 2 || at[0] != '\\' || at[1] != 'u') {
        return NULL;
    }
    at = scan_hex(at + 2, end, &low);
    if (at == NULL || low < 0xDC00 || low > 0xDFFF) {
        return NULL;
    }
    *code = 0x10000 + ((*code - 0xD800) << 10) + (low - 0xDC00);
    return at;
}

static const char *scan_escape(const char *at, const char *end, uint32_t *code) {
    static const struct {
        char letter;
        unsigned char code;
    } escapes[] = {{'"', '"'},  {'\\', '\\'}, {'/', '/'},  {'b', '\b'},
                   {'f', '\f'}, {'n', '\n'},  {'r', '\r'}, {'t', '\t'}};
    if (end - at < 2) {
        return NULL;
    }
    if (at[1] == 'u') {
        return scan_unicode(at + 2, end, code);
    }
    for (size_t i = 0; i < sizeof escapes / sizeof *escapes; i++) {
        if (escapes[i].letter == at[1]) {
            *code = escapes[i].code;
            return at + 2;
        }
    }
    return NULL;
}

const char *json_token_character(const char *at, const char *end, uint32_t *code) {
    if (*at == '\\') {
        return scan_escape(at, end, code);
    }
    size_t bytes = utf8_decode(at, (size_t)(end - at), code);
    return *code == UTF8_INVALID || *code < 0x20 ? NULL : at + bytes;
}

static bool is_plain(char byte) {
    return (unsigned char)byte >= 0x20 && (unsigned char)byte < 0x80 && byte != '"' && byte != '\\';
}

const char *json_token_rest_of_string(const char *at, const char *end) {
    uint32_t code;
    while (at != NULL) {
        at += block_count_plain(at, (size_t)(end - at));
        while (at < end && is_plain(*at)) {
            at++;
        }
        if (at == end) {
            return NULL;
        }
        if (*at == '"') {
            return at + 1;
        }
        at = json_token_character(at, end, &code);
    }
    return NULL;
}

const char *json_token_rest_of_name(const char *at, const char *end) {
    const char *behind = json_token_rest_of_string(at, end);
    return behind == NULL || memchr(at, '\\', (size_t)(behind - at)) != NULL ? NULL : behind;
}

/* At most so many digits, and one at least. */
static const char *scan_digits(const char *at, const char *end, ptrdiff_t most) {
    const char *first = at;
    while (at < end && *at >= '0' && *at <= '9') {
        at++;
    }
    return at > first && at - first <= most ? at : NULL;
}

static const char *scan_exponent(const char *at, const char *end) {
    at++;
    if (at < end && (*at == '+' || *at == '-')) {
        at++;
    }
    return scan_digits(at, end, MOST_EXPONENT_DIGITS);
}

const char *json_token_number(const char *at, const char *end) {
    const char *first = *at == '-' ? at + 1 : at;
    at = scan_digits(first, end, MOST_DIGITS);
    if (at == NULL || (*first == '0' && at > first + 1)) {
        return NULL;
    }
    if (at < end && *at == '.') {
        at = scan_digits(at + 1, end, MOST_DIGITS);
    }
    if (at != NULL && at < end && (*at == 'e' || *at == 'E')) {
        at = scan_exponent(at, end);
    }
    return at;
}

const char *json_token_word(const char *at, const char *end, struct span word) {
    return (size_t)(end - at) >= word.length && memcmp(at, word.data, word.length) == 0
               ? at + word.length
               : NULL;
}
