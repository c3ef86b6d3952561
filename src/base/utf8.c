#include "base/utf8.h"

#include <utf8proc.h>

/* What may follow a lead byte: how many bytes, and the range of the first of them. The range is
 * what keeps out overlong forms, surrogates and code points above U+10FFFF. */
struct lead {
    unsigned char first, last; /* lead bytes */
    unsigned char more;
    unsigned char low, high;
};

static const struct lead leads[] = {
    {0xC2, 0xDF, 1, 0x80, 0xBF}, {0xE0, 0xE0, 2, 0xA0, 0xBF}, {0xE1, 0xEC, 2, 0x80, 0xBF},
    {0xED, 0xED, 2, 0x80, 0x9F}, {0xEE, 0xEF, 2, 0x80, 0xBF}, {0xF0, 0xF0, 3, 0x90, 0xBF},
    {0xF1, 0xF3, 3, 0x80, 0xBF}, {0xF4, 0xF4, 3, 0x80, 0x8F},
};

static const struct lead *find_lead(unsigned char byte) {
    for (size_t i = 0; i < sizeof leads / sizeof leads[0]; i++) {
        if (byte >= leads[i].first && byte <= leads[i].last) {
            return &leads[i];
        }
    }
    return NULL;
}

size_t utf8_decode(const char *data, size_t length, uint32_t *code) {
    const unsigned char *bytes = (const unsigned char *)data;
    if (bytes[0] < 0x80) {
        *code = bytes[0];
        return 1;
    }
    *code = UTF8_INVALID;
    const struct lead *lead = find_lead(bytes[0]);
    if (lead == NULL) {
        return 1;
    }
    uint32_t value = bytes[0] & (0x3Fu >> lead->more);
    unsigned char low = lead->low;
    unsigned char high = lead->high;
    for (size_t i = 1; i <= lead->more; i++) {
        if (i >= length || bytes[i] < low || bytes[i] > high) {
            return i;
        }
        value = (value << 6) | (bytes[i] & 0x3Fu);
        low = 0x80;
        high = 0xBF;
    }
    *code = value;
    return (size_t)lead->more + 1;
}

size_t utf8_encode(uint32_t code, char buffer[UTF8_MAX_BYTES]) {
    return (size_t)utf8proc_encode_char((utf8proc_int32_t)code, (utf8proc_uint8_t *)buffer);
}

bool utf8_is_blank(uint32_t code) {
    if (code <= 0x20) {
        return code == 0x20 || (code >= 0x09 && code <= 0x0D) || code >= 0x1C;
    }
    switch (code) {
    case 0x0085: /* next line */
    case 0x00A0: /* no-break space */
    case 0x1680: /* Ogham space mark */
    case 0x2028: /* line separator */
    case 0x2029: /* paragraph separator */
    case 0x202F: /* narrow no-break space */
    case 0x205F: /* medium mathematical space */
    case 0x3000: /* ideographic space */
        return true;
    default:
        return code >= 0x2000 && code <= 0x200A; /* en quad to hair space */
    }
}
