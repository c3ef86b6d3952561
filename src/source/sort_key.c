#include "source/sort_key.h"

#include <math.h>
#include <string.h>

/* What a part begins with. */
enum class_of_value { CLASS_NULL = 1, CLASS_NUMBER, CLASS_TEXT, CLASS_BLOB };

enum { NUMBER_SIZE = 1 + 2 * sizeof(uint64_t) };

/* A zero byte within a text is followed by 0xFF, and one behind its end by 0x00. */
enum { END_SIZE = 2 };

size_t sort_key_room(const struct value *value) {
    return value->kind == VALUE_TEXT || value->kind == VALUE_BLOB
               ? 1 + 2 * value->text.length + END_SIZE
               : NUMBER_SIZE;
}

static char *write_big_endian(char *room, uint64_t number) {
    for (int shift = 56; shift >= 0; shift -= 8) {
        *room++ = (char)(unsigned char)(number >> shift);
    }
    return room;
}

/* Negative numbers have all their bits turned, the others the first one. */
static uint64_t order_of_real(double real) {
    uint64_t bits;
    const uint64_t sign = UINT64_C(1) << 63;
    real = real == 0 ? 0 : real; /* -0 is 0 */
    memcpy(&bits, &real, sizeof bits);
    return (bits & sign) != 0 ? ~bits : bits | sign;
}

/* The whole part, for numbers that are the same as reals: beyond 2^53 integers stand closer. */
static int64_t whole_of(double real) {
    const double limit = 9223372036854775808.0; /* 2^63 */
    if (real >= limit) {
        return INT64_MAX;
    }
    return real >= -limit ? (int64_t)real : INT64_MIN;
}

static char *write_number(char *room, double real, int64_t whole) {
    *room++ = CLASS_NUMBER;
    room = write_big_endian(room, order_of_real(real));
    return write_big_endian(room, (uint64_t)whole ^ UINT64_C(1) << 63);
}

static char *write_bytes(char *room, enum class_of_value first, struct span bytes) {
    *room++ = (char)first;
    while (bytes.length > 0) {
        const char *zero = memchr(bytes.data, '\0', bytes.length);
        size_t run = zero == NULL ? bytes.length : (size_t)(zero - bytes.data);
        memcpy(room, bytes.data, run);
        room += run;
        bytes.data += run;
        bytes.length -= run;
        if (zero != NULL) {
            *room++ = '\0';
            *room++ = (char)0xFF;
            bytes.data++;
            bytes.length--;
        }
    }
    *room++ = '\0';
    *room++ = '\0';
    return room;
}

char *sort_key_write(char *room, const struct value *value) {
    switch (value->kind) {
    case VALUE_INTEGER:
        return write_number(room, (double)value->integer, value->integer);
    case VALUE_REAL:
        if (!isnan(value->real)) {
            return write_number(room, value->real, whole_of(value->real));
        }
        break; /* SQLite knows it as null */
    case VALUE_TEXT:
        return write_bytes(room, CLASS_TEXT, value->text);
    case VALUE_BLOB:
        return write_bytes(room, CLASS_BLOB, value->text);
    case VALUE_NULL:
        break;
    }
    *room++ = CLASS_NULL;
    return room;
}
