#define _DEFAULT_SOURCE /* explicit_bzero */
#include "base/text.h"

#include <assert.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

enum { FIRST_CAPACITY = 64 };

void text_free(struct text *text) {
    free(text->data);
    *text = (struct text){0};
}

void text_wipe(struct text *text) {
    if (text->data != NULL) {
        explicit_bzero(text->data, text->capacity);
    }
    text_free(text);
}

void text_clear(struct text *text) {
    text->length = 0;
    if (text->data != NULL) {
        text->data[0] = '\0';
    }
}

static int grow(struct text *text, size_t needed) {
    size_t capacity = text->capacity == 0 ? FIRST_CAPACITY : text->capacity;
    while (capacity < needed) {
        if (capacity > SIZE_MAX / 2) {
            return -1;
        }
        capacity *= 2;
    }
    char *data = realloc(text->data, capacity);
    if (data == NULL) {
        memory_note_failure();
        return -1;
    }
    text->data = data;
    text->capacity = capacity;
    return 0;
}

char *text_reserve(struct text *text, size_t more) {
    if (text->failed) {
        return NULL;
    }
    if (text->capacity - text->length <= more) {
        if (more >= SIZE_MAX - text->length || grow(text, text->length + more + 1) != 0) {
            text->failed = true;
            return NULL;
        }
    }
    return text->data + text->length;
}

void text_terminate(struct text *text) {
    assert(text->data != NULL);
    text->data[text->length] = '\0';
}

void text_append_growing(struct text *text, struct span span) {
    char *room = text_reserve(text, span.length);
    if (room == NULL) {
        return;
    }
    if (span.length > 0) {
        memcpy(room, span.data, span.length);
    }
    text->length += span.length;
    text_terminate(text);
}

void text_append_integer(struct text *text, int64_t number) {
    char digits[24];
    size_t at = sizeof digits;
    uint64_t rest = number < 0 ? 0 - (uint64_t)number : (uint64_t)number;
    do {
        digits[--at] = (char)('0' + rest % 10);
        rest /= 10;
    } while (rest > 0);
    if (number < 0) {
        digits[--at] = '-';
    }
    text_append(text, (struct span){digits + at, sizeof digits - at});
}

void text_append_real(struct text *text, double number) {
    char digits[40];
    for (int precision = 15; precision <= 17; precision++) {
        snprintf(digits, sizeof digits, "%.*g", precision, number);
        if (strtod(digits, NULL) == number) {
            break;
        }
    }
    size_t plain = strspn(digits, "+-0123456789");
    if (digits[plain] == ',') { /* the locale's decimal sign */
        digits[plain] = '.';
    }
    text_append_string(text, digits);
    if (digits[plain] == '\0') {
        text_append_string(text, ".0");
    }
}

void text_append_format(struct text *text, const char *format, ...) {
    char *room = text_reserve(text, FIRST_CAPACITY);
    if (room == NULL) {
        return;
    }
    va_list arguments;
    va_start(arguments, format);
    va_list again;
    va_copy(again, arguments);
    size_t free_bytes = text->capacity - text->length;
    int length = vsnprintf(room, free_bytes, format, arguments);
    if (length >= 0 && (size_t)length >= free_bytes) {
        room = text_reserve(text, (size_t)length);
        length = room == NULL ? -1 : vsnprintf(room, (size_t)length + 1, format, again);
    }
    va_end(again);
    va_end(arguments);
    if (length < 0) {
        text->failed = true;
        text_terminate(text);
        return;
    }
    text->length += (size_t)length;
}

void text_append_quoted(struct text *text, char quote, struct span span) {
    text_append_char(text, quote);
    for (size_t i = 0; i < span.length; i++) {
        text_append_char(text, span.data[i]);
        if (span.data[i] == quote) {
            text_append_char(text, quote);
        }
    }
    text_append_char(text, quote);
}

static bool is_unreserved(unsigned char byte) {
    return (byte >= 'A' && byte <= 'Z') || (byte >= 'a' && byte <= 'z') ||
           (byte >= '0' && byte <= '9') || byte == '-' || byte == '.' || byte == '_' || byte == '~';
}

void text_append_ascii_lower(struct text *text, struct span span) {
    for (size_t i = 0; i < span.length; i++) {
        char c = span.data[i];
        text_append_char(text, (char)(c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c));
    }
}

void text_append_percent_encoded(struct text *text, struct span span) {
    static const char hex[] = "0123456789ABCDEF";
    for (size_t i = 0; i < span.length; i++) {
        unsigned char byte = (unsigned char)span.data[i];
        if (is_unreserved(byte)) {
            text_append_char(text, span.data[i]);
        } else {
            char triplet[3] = {'%', hex[byte >> 4], hex[byte & 15]};
            text_append(text, (struct span){triplet, sizeof triplet});
        }
    }
}

/* The value of a hexadecimal digit, of either case, or -1. */
static int hex_value(char digit) {
    if (digit >= '0' && digit <= '9') {
        return digit - '0';
    }
    char letter = (char)(digit | 0x20);
    return letter >= 'a' && letter <= 'f' ? letter - 'a' + 10 : -1;
}

void text_append_hex_decoded(struct text *text, struct span digits) {
    for (size_t i = 0; i + 1 < digits.length; i += 2) {
        text_append_char(text,
                         (char)(hex_value(digits.data[i]) * 16 + hex_value(digits.data[i + 1])));
    }
}

void text_append_percent_decoded(struct text *text, struct span span) {
    for (size_t i = 0; i < span.length; i++) {
        bool may_be_triplet = span.data[i] == '%' && i + 2 < span.length;
        int high = may_be_triplet ? hex_value(span.data[i + 1]) : -1;
        int low = may_be_triplet ? hex_value(span.data[i + 2]) : -1;
        if (high < 0 || low < 0) {
            text_append_char(text, span.data[i]);
            continue;
        }
        text_append_char(text, (char)(high * 16 + low));
        i += 2;
    }
}

struct span text_span(const struct text *text) {
    return (struct span){text_string(text), text->length};
}

const char *text_string(const struct text *text) {
    return text->data == NULL ? "" : text->data;
}

int text_check(const struct text *text, struct error *error) {
    return text->failed ? error_set_no_memory(error) : 0;
}
