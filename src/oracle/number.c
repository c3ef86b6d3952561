#include "oracle/values.h"

#include <string.h>

enum {
    MOST_PAIRS = 20, /* digits to the base 100 */
    EXCESS = 192,    /* of the exponent's byte: with it, the decimal point is before the digits */
    END_OF_MINUS = 102,
    ZERO = 0x80,
    MINUS_INFINITY = 0,
    LONGEST = 192 /* characters: a sign, "0.", 128 zeros, 40 digits */
};

/* "00" to "99". */
static const char pairs_text[] = "00010203040506070809"
                                 "10111213141516171819"
                                 "20212223242526272829"
                                 "30313233343536373839"
                                 "40414243444546474849"
                                 "50515253545556575859"
                                 "60616263646566676869"
                                 "70717273747576777879"
                                 "80818283848586878889"
                                 "90919293949596979899";

/* Digits to the base 100, the first and the last of which are not 0; none: zero. */
struct decimal {
    unsigned char pairs[MOST_PAIRS];
    int count;
    int point; /* so many pairs are before the decimal point; may be below 0 or above `count` */
    bool is_negative;
};

static void strip_zeros(struct decimal *number) {
    int first = 0;
    while (number->count > 0 && number->pairs[number->count - 1] == 0) {
        number->count--;
    }
    while (first < number->count && number->pairs[first] == 0) {
        first++;
    }
    if (first > 0) {
        number->count -= first;
        number->point -= first;
        memmove(number->pairs, number->pairs + first, (size_t)number->count);
    }
}

static bool read_decimal(const unsigned char *bytes, size_t length, struct decimal *number) {
    number->is_negative = bytes[0] < ZERO;
    if (number->is_negative && bytes[length - 1] == END_OF_MINUS) {
        length--;
    }
    if (length < 2 || length > 1 + MOST_PAIRS) {
        return false;
    }
    number->count = (int)length - 1;
    number->point = (number->is_negative ? bytes[0] ^ 0xFF : bytes[0]) - EXCESS;
    for (int i = 0; i < number->count; i++) {
        int byte = bytes[i + 1];
        int pair = number->is_negative ? 101 - byte : byte - 1;
        if (pair < 0 || pair > 99) {
            return false;
        }
        number->pairs[i] = (unsigned char)pair;
    }
    if (number->pairs[0] == 0 || number->pairs[number->count - 1] == 0) {
        strip_zeros(number); /* no server writes them, some programs do */
    }
    return true;
}

static char *put_pairs(char *room, const unsigned char *pairs, int count) {
    for (int i = 0; i < count; i++) {
        memcpy(room, pairs_text + (size_t)pairs[i] * 2, 2);
        room += 2;
    }
    return room;
}

static char *put_zeros(char *room, int pairs) {
    memset(room, '0', (size_t)pairs * 2);
    return room + (size_t)pairs * 2;
}

/* Without the zero that the first pair may begin with. */
static char *put_whole(char *room, const struct decimal *number) {
    int count = number->count < number->point ? number->count : number->point;
    if (number->pairs[0] < 10) {
        *room++ = (char)('0' + number->pairs[0]);
    } else {
        room = put_pairs(room, number->pairs, 1);
    }
    room = put_pairs(room, number->pairs + 1, count - 1);
    return put_zeros(room, number->point - count);
}

static char *put_decimal(char *room, const struct decimal *number) {
    int whole = 0;
    if (number->is_negative) {
        *room++ = '-';
    }
    if (number->point > 0) {
        room = put_whole(room, number);
        if (number->point >= number->count) {
            return room;
        }
        whole = number->point;
        *room++ = '.';
    } else {
        *room++ = '0';
        *room++ = '.';
        room = put_zeros(room, -number->point);
    }
    room = put_pairs(room, number->pairs + whole, number->count - whole);
    return room[-1] == '0' ? room - 1 : room;
}

bool number_append(const unsigned char *bytes, size_t length, struct bytes *out) {
    struct decimal number;
    if (length == 1 && (bytes[0] == ZERO || bytes[0] == MINUS_INFINITY)) {
        bytes_append_text(out, bytes[0] == ZERO ? "0" : "-~");
        return true;
    }
    if (length == 2 && bytes[0] == 0xFF && bytes[1] == 101) {
        bytes_append_text(out, "~");
        return true;
    }
    if (length == 0 || !read_decimal(bytes, length, &number)) {
        return false;
    }
    if (number.count == 0) {
        bytes_append_text(out, "0");
        return true;
    }
    char *room = (char *)bytes_reserve(out, LONGEST);
    if (room != NULL) {
        bytes_advance(out, (size_t)(put_decimal(room, &number) - room));
    }
    return true;
}
