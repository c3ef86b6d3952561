#include "oracle/values.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum {
    DATE_LENGTH = 7,
    FRACTION_LENGTH = 11,
    ZONE_LENGTH = 13,
    GREGORIAN_YEAR = 1582, /* the first one whose leap years are not every fourth */
    NANOSECONDS = 1000000000,
    MONTHS_LENGTH = 5,
    SECONDS_LENGTH = 11,
    SMALL_ZERO = 60
};

#define LARGE_ZERO INT64_C(0x80000000)

static const char form[] = "0000-00-00 00:00:00.000000000";
enum { FORM_LENGTH = sizeof form - 1, FORM_SHORT = FORM_LENGTH - 3 };

static bool is_leap(int year) {
    return year % 4 == 0 && (year <= GREGORIAN_YEAR || year % 100 != 0 || year % 400 == 0);
}

static bool is_day(int year, int month, int day) {
    static const signed char days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    if (year < 1 || year > 9999 || month < 1 || month > 12 || day < 1) {
        return false;
    }
    return day <= days[month - 1] + (month == 2 && is_leap(year));
}

static void put_digits(char *room, int count, uint32_t number) {
    while (count-- > 0) {
        room[count] = (char)('0' + number % 10);
        number /= 10;
    }
}

static uint32_t read_u32(const unsigned char *bytes) {
    return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 | bytes[3];
}

/* No day of the calendar, but something that can be read. */
static bool append_odd(const unsigned char *bytes, int year, uint32_t fraction, struct bytes *out) {
    if (year < -9999 || year > 15500 || bytes[2] > 99 || bytes[3] > 99 || bytes[4] < 1 ||
        bytes[4] > 100 || bytes[5] < 1 || bytes[5] > 100 || bytes[6] < 1 || bytes[6] > 100 ||
        fraction >= NANOSECONDS) {
        return false;
    }
    bytes_append_format(out, "%s%04d-%02u-%02u %02u:%02u:%02u", year < 0 ? "-" : "", abs(year),
                        bytes[2], bytes[3], bytes[4] - 1U, bytes[5] - 1U, bytes[6] - 1U);
    if (fraction != 0) {
        bytes_append_format(out, " and %u ns", fraction);
    }
    return true;
}

bool moment_append(const unsigned char *bytes, size_t length, struct bytes *out) {
    if (length != DATE_LENGTH && length != FRACTION_LENGTH && length != ZONE_LENGTH) {
        return false;
    }
    int year = (bytes[0] - 100) * 100 + bytes[1] - 100;
    uint32_t fraction = length < FRACTION_LENGTH ? 0 : read_u32(bytes + DATE_LENGTH);
    if (bytes[0] < 100 || bytes[1] < 100 || bytes[1] > 199 || !is_day(year, bytes[2], bytes[3]) ||
        bytes[4] < 1 || bytes[4] > 24 || bytes[5] < 1 || bytes[5] > 60 || bytes[6] < 1 ||
        bytes[6] > 60 || fraction >= NANOSECONDS) {
        return append_odd(bytes, year, fraction, out);
    }
    char *room = (char *)bytes_reserve(out, FORM_LENGTH);
    if (room == NULL) {
        return true;
    }
    memcpy(room, form, FORM_LENGTH);
    put_digits(room, 4, (uint32_t)year);
    put_digits(room + 5, 2, bytes[2]);
    put_digits(room + 8, 2, bytes[3]);
    put_digits(room + 11, 2, bytes[4] - 1U);
    put_digits(room + 14, 2, bytes[5] - 1U);
    put_digits(room + 17, 2, bytes[6] - 1U);
    if (fraction != 0) {
        put_digits(room + 20, 9, fraction);
    }
    bytes_advance(out, fraction % 1000 == 0 ? FORM_SHORT : FORM_LENGTH);
    return true;
}

/* The sign that all parts of an interval have, or 0 where they do not agree. */
static char sign_of(const int64_t *parts, size_t count) {
    bool is_negative = false;
    bool is_positive = false;
    for (size_t i = 0; i < count; i++) {
        is_negative = is_negative || parts[i] < 0;
        is_positive = is_positive || parts[i] > 0;
    }
    return (char)(is_negative && is_positive ? 0 : is_negative ? '-' : '+');
}

bool months_append(const unsigned char *bytes, size_t length, struct bytes *out) {
    if (length != MONTHS_LENGTH) {
        return false;
    }
    const int64_t parts[] = {read_u32(bytes) - LARGE_ZERO, bytes[4] - SMALL_ZERO};
    char sign = sign_of(parts, 2);
    if (sign == 0 || llabs(parts[1]) > 11) {
        return false;
    }
    bytes_append_format(out, "%c%02lld-%02lld", sign, llabs(parts[0]), llabs(parts[1]));
    return true;
}

bool seconds_append(const unsigned char *bytes, size_t length, struct bytes *out) {
    if (length != SECONDS_LENGTH) {
        return false;
    }
    const int64_t parts[] = {read_u32(bytes) - LARGE_ZERO, bytes[4] - SMALL_ZERO,
                             bytes[5] - SMALL_ZERO, bytes[6] - SMALL_ZERO,
                             read_u32(bytes + 7) - LARGE_ZERO};
    char sign = sign_of(parts, 5);
    long long fraction = llabs(parts[4]);
    if (sign == 0 || llabs(parts[1]) > 23 || llabs(parts[2]) > 59 || llabs(parts[3]) > 59 ||
        fraction >= NANOSECONDS) {
        return false;
    }
    bytes_append_format(out, "%c%02lld %02lld:%02lld:%02lld.", sign, llabs(parts[0]),
                        llabs(parts[1]), llabs(parts[2]), llabs(parts[3]));
    if (fraction % 1000 == 0) {
        bytes_append_format(out, "%06lld", fraction / 1000);
    } else {
        bytes_append_format(out, "%09lld", fraction);
    }
    return true;
}
