#include "http/base64.h"

#include <stdint.h>
#include <string.h>

static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
static const char url_digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

void base64_append_encoded(struct text *out, struct span bytes) {
    for (size_t at = 0; at < bytes.length; at += 3) {
        uint32_t group = 0;
        size_t taken = bytes.length - at < 3 ? bytes.length - at : 3;

        for (size_t i = 0; i < 3; i++) {
            group = group << 8 | (i < taken ? (unsigned char)bytes.data[at + i] : 0);
        }
        for (size_t i = 0; i < 4; i++) {
            text_append_char(out, (char)(i <= taken ? digits[group >> (18 - 6 * i) & 0x3F] : '='));
        }
    }
}

/* Up to four digits to the bytes in them. 0 or -1. */
static int append_group(struct text *out, struct span group) {
    uint32_t bits = 0;

    for (size_t i = 0; i < group.length; i++) {
        const char *digit = memchr(url_digits, group.data[i], sizeof url_digits - 1);
        if (digit == NULL) {
            return -1;
        }
        bits |= (uint32_t)(digit - url_digits) << (18 - 6 * i);
    }
    size_t bytes = group.length * 6 / 8;
    if (bytes == 0 || (bits & (0xFFFFFFU >> (8 * bytes))) != 0) {
        return -1;
    }
    for (size_t i = 0; i < bytes; i++) {
        text_append_char(out, (char)(bits >> (16 - 8 * i) & 0xFF));
    }
    return 0;
}

int base64_append_url_decoded(struct text *out, struct span encoded) {
    for (size_t at = 0; at < encoded.length; at += 4) {
        size_t left = encoded.length - at;
        if (append_group(out, (struct span){encoded.data + at, left < 4 ? left : 4}) != 0) {
            return -1;
        }
    }
    return 0;
}
