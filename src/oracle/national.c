#include "oracle/values.h"

#include <stdint.h>

enum { REPLACEMENT = 0xFFFD, MOST_BYTES_OF_UNIT = 3 };

static bool is_high(uint32_t unit) {
    return unit >= 0xD800 && unit <= 0xDBFF;
}

static bool is_low(uint32_t unit) {
    return unit >= 0xDC00 && unit <= 0xDFFF;
}

static uint32_t read_unit(const unsigned char *bytes) {
    return (uint32_t)bytes[0] << 8 | bytes[1];
}

/* The character at `bytes`; at least one unit of it is before `end`. Moves `bytes` after it. */
static uint32_t take_character(const unsigned char **bytes, const unsigned char *end) {
    uint32_t unit = read_unit(*bytes);
    *bytes += 2;
    if (is_high(unit) && *bytes < end && is_low(read_unit(*bytes))) {
        uint32_t low = read_unit(*bytes);
        *bytes += 2;
        return 0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00);
    }
    return is_high(unit) || is_low(unit) ? REPLACEMENT : unit;
}

static unsigned char *put_character(unsigned char *room, uint32_t code) {
    if (code < 0x80) {
        *room++ = (unsigned char)code;
        return room;
    }
    if (code < 0x800) {
        *room++ = (unsigned char)(0xC0 | code >> 6);
    } else {
        if (code < 0x10000) {
            *room++ = (unsigned char)(0xE0 | code >> 12);
        } else {
            *room++ = (unsigned char)(0xF0 | code >> 18);
            *room++ = (unsigned char)(0x80 | (code >> 12 & 0x3F));
        }
        *room++ = (unsigned char)(0x80 | (code >> 6 & 0x3F));
    }
    *room++ = (unsigned char)(0x80 | (code & 0x3F));
    return room;
}

bool national_append(const unsigned char *bytes, size_t length, struct bytes *out) {
    if (length % 2 != 0) {
        return false;
    }
    if (length == 0) {
        return true;
    }
    unsigned char *start = bytes_reserve(out, length / 2 * MOST_BYTES_OF_UNIT);
    if (start == NULL) {
        return true;
    }
    unsigned char *room = start;
    const unsigned char *end = bytes + length;
    while (bytes < end) {
        room = put_character(room, take_character(&bytes, end));
    }
    bytes_advance(out, (size_t)(room - start));
    return true;
}
