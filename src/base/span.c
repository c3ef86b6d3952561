#define _GNU_SOURCE /* memmem */
#include "base/span.h"

#include <stdint.h>
#include <string.h>

#include "base/utf8.h"

struct span span_of(const char *string) {
    return (struct span){string, string == NULL ? 0 : strlen(string)};
}

bool span_is_null(struct span span) {
    return span.data == NULL;
}

bool span_is_empty(struct span span) {
    return span.data == NULL || span.length == 0;
}

bool span_equal(struct span a, struct span b) {
    if (a.data == NULL || b.data == NULL) {
        return a.data == b.data;
    }
    return a.length == b.length && memcmp(a.data, b.data, a.length) == 0;
}

bool span_equal_string(struct span span, const char *string) {
    return span_equal(span, span_of(string));
}

static unsigned char ascii_lower(char character) {
    unsigned char byte = (unsigned char)character;
    return byte >= 'A' && byte <= 'Z' ? (unsigned char)(byte + 32) : byte;
}

bool span_equal_ignoring_ascii_case(struct span a, struct span b) {
    if (a.data == NULL || b.data == NULL) {
        return a.data == b.data;
    }
    if (a.length != b.length) {
        return false;
    }
    for (size_t i = 0; i < a.length; i++) {
        /* Mostly the bytes are equal. */
        if (a.data[i] != b.data[i] && ascii_lower(a.data[i]) != ascii_lower(b.data[i])) {
            return false;
        }
    }
    return true;
}

bool span_begins_with_ignoring_ascii_case(struct span span, const char *beginning) {
    size_t length = strlen(beginning);
    return span.length >= length &&
           span_equal_ignoring_ascii_case((struct span){span.data, length},
                                          (struct span){beginning, length});
}

int span_compare(struct span a, struct span b) {
    if (a.data == NULL || b.data == NULL) {
        return (a.data != NULL) - (b.data != NULL);
    }
    size_t shorter = a.length < b.length ? a.length : b.length;
    int order = shorter == 0 ? 0 : memcmp(a.data, b.data, shorter);
    return order != 0 ? order : (a.length > b.length) - (a.length < b.length);
}

/* How many bytes at the start are a blank; 0 where there is none. */
static size_t leading_blank(struct span span) {
    uint32_t code = 0;
    size_t bytes = utf8_decode(span.data, span.length, &code);
    return utf8_is_blank(code) ? bytes : 0;
}

/* The same at the end: blanks take 1 to 3 bytes. */
static size_t trailing_blank(struct span span) {
    unsigned char last = (unsigned char)span.data[span.length - 1];
    if (last < 0x80) {
        return utf8_is_blank(last) ? 1 : 0;
    }
    for (size_t bytes = 2; bytes <= 3 && bytes <= span.length; bytes++) {
        uint32_t code = 0;
        if (utf8_decode(span.data + span.length - bytes, bytes, &code) == bytes &&
            utf8_is_blank(code)) {
            return bytes;
        }
    }
    return 0;
}

struct span span_trim(struct span span) {
    size_t blank = 0;
    while (span.length > 0 && (blank = leading_blank(span)) > 0) {
        span.data += blank;
        span.length -= blank;
    }
    while (span.length > 0 && (blank = trailing_blank(span)) > 0) {
        span.length -= blank;
    }
    return span;
}

static bool is_plain_blank(char character) {
    return character == ' ' || character == '\t' || character == '\n';
}

struct span span_trim_blanks(struct span span) {
    while (span.length > 0 && is_plain_blank(span.data[0])) {
        span.data++;
        span.length--;
    }
    while (span.length > 0 && is_plain_blank(span.data[span.length - 1])) {
        span.length--;
    }
    return span;
}

size_t span_count_characters(struct span span) {
    size_t count = 0;
    for (size_t at = 0; at < span.length;) {
        uint32_t code = 0;
        size_t bytes = utf8_decode(span.data + at, span.length - at, &code);
        count += code == UTF8_INVALID ? bytes : 1;
        at += bytes;
    }
    return count;
}

const char *span_find(struct span span, const char *needle) {
    if (span.data == NULL) {
        return NULL;
    }
    return memmem(span.data, span.length, needle, strlen(needle));
}

struct span span_cut(struct span *rest, char separator) {
    const char *found = memchr(rest->data, separator, rest->length);
    struct span first = *rest;
    if (found == NULL) {
        *rest = (struct span){rest->data + rest->length, 0};
        return first;
    }
    first.length = (size_t)(found - rest->data);
    *rest = (struct span){found + 1, rest->length - first.length - 1};
    return first;
}
