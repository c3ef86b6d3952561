#include "oracle/values.h"

#include <float.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

_Static_assert(sizeof(float) == 4 && sizeof(double) == 8, "IEEE 754");

enum {
    MOST_DIGITS = 17,
    MOST_FLOAT_DIGITS = 9,
    LEAST_PLAIN = -4, /* exponents to the base 10 that are written out */
    MOST_PLAIN = 15
};

/* A number that is neither 0 nor infinite: its digits, and the power of ten that the first one
 * counts. */
struct scientific {
    char digits[MOST_DIGITS + 1];
    int count;
    int exponent;
};

/* The number's bits, as IEEE 754 has them. */
static uint64_t read_bits(const unsigned char *bytes, size_t length) {
    uint64_t bits = 0;
    uint64_t all = length == sizeof(double) ? UINT64_MAX : UINT32_MAX;
    uint64_t sign = all ^ (all >> 1);
    for (size_t i = 0; i < length; i++) {
        bits = bits << 8 | bytes[i];
    }
    return (bits & sign) != 0 ? bits ^ sign : bits ^ all;
}

static double to_double(uint64_t bits, size_t length) {
    uint32_t low = (uint32_t)bits;
    float single = 0;
    double number = 0;
    if (length == sizeof number) {
        memcpy(&number, &bits, sizeof number);
        return number;
    }
    memcpy(&single, &low, sizeof single);
    return (double)single;
}

/* Whether the text is read as the number, which is positive, again in its own precision. */
static bool is_text_of(const char *text, double number, size_t length) {
    double again = length == sizeof number ? strtod(text, NULL) : (double)strtof(text, NULL);
    return again == number;
}

/* Writes "d.ddde+dd" with the locale's decimal sign, which strtod() expects, too. */
static void find_shortest(double number, size_t length, char text[40]) {
    int most = length == sizeof number ? MOST_DIGITS : MOST_FLOAT_DIGITS;
    for (int digits = 1; digits <= most; digits++) {
        snprintf(text, 40, "%.*e", digits - 1, number);
        if (is_text_of(text, number, length)) {
            return;
        }
    }
}

static struct scientific read_digits(const char *text) {
    struct scientific number = {.count = 0};
    for (; *text != 'e'; text++) {
        if (*text >= '0' && *text <= '9') {
            number.digits[number.count++] = *text;
        }
    }
    number.exponent = (int)strtol(text + 1, NULL, 10);
    return number;
}

static void append_plain(const struct scientific *number, struct bytes *out) {
    static const char zeros[] = "0000000000000000";
    int whole = number->exponent + 1;
    if (whole <= 0) {
        bytes_append_format(out, "0.%.*s%.*s", -whole, zeros, number->count, number->digits);
    } else if (whole >= number->count) {
        bytes_append_format(out, "%.*s%.*s", number->count, number->digits, whole - number->count,
                            zeros);
    } else {
        bytes_append_format(out, "%.*s.%s", whole, number->digits, number->digits + whole);
    }
}

static void append_with_exponent(const struct scientific *number, struct bytes *out) {
    bytes_append_format(out, "%c%s%se%+03d", number->digits[0], number->count > 1 ? "." : "",
                        number->digits + 1, number->exponent);
}

bool floating_append(const unsigned char *bytes, size_t length, struct bytes *out) {
    char text[40] = "";
    if (length != sizeof(float) && length != sizeof(double)) {
        return false;
    }
    double number = to_double(read_bits(bytes, length), length);
    if (isnan(number)) {
        bytes_append_text(out, "NaN");
        return true;
    }
    if (signbit(number)) {
        bytes_append_text(out, "-");
        number = -number;
    }
    if (isinf(number) || fpclassify(number) == FP_ZERO) {
        bytes_append_text(out, isinf(number) ? "Inf" : "0");
        return true;
    }
    find_shortest(number, length, text);
    struct scientific shortest = read_digits(text);
    if (shortest.exponent >= LEAST_PLAIN && shortest.exponent <= MOST_PLAIN) {
        append_plain(&shortest, out);
    } else {
        append_with_exponent(&shortest, out);
    }
    return true;
}
