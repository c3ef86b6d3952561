#include "oracle/moment.h"

#include <stdint.h>
#include <string.h>

enum {
    DATE_LENGTH = 7,
    FRACTION_LENGTH = 11,
    ZONE_LENGTH = 13,
    GREGORIAN_YEAR = 1582, /* the first one whose leap years are not every fourth */
    NANOSECONDS = 1000000000
};

static const char form[] = "0000-00-00 00:00:00.000000";

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

/* The nanoseconds; 0 where none are sent. */
static uint32_t read_fraction(const unsigned char *bytes, size_t length) {
    if (length < FRACTION_LENGTH) {
        return 0;
    }
    return (uint32_t)bytes[7] << 24 | (uint32_t)bytes[8] << 16 | (uint32_t)bytes[9] << 8 |
           bytes[10];
}

bool moment_append(const unsigned char *bytes, size_t length, struct bytes *out) {
    if (length != DATE_LENGTH && length != FRACTION_LENGTH && length != ZONE_LENGTH) {
        return false;
    }
    int year = (bytes[0] - 100) * 100 + bytes[1] - 100;
    uint32_t fraction = read_fraction(bytes, length);
    if (bytes[0] < 100 || bytes[1] < 100 || bytes[1] > 199 || !is_day(year, bytes[2], bytes[3]) ||
        bytes[4] < 1 || bytes[4] > 24 || bytes[5] < 1 || bytes[5] > 60 || bytes[6] < 1 ||
        bytes[6] > 60 || fraction >= NANOSECONDS) {
        return false;
    }
    char *room = (char *)bytes_reserve(out, sizeof form - 1);
    if (room == NULL) {
        return true;
    }
    memcpy(room, form, sizeof form - 1);
    put_digits(room, 4, (uint32_t)year);
    put_digits(room + 5, 2, bytes[2]);
    put_digits(room + 8, 2, bytes[3]);
    put_digits(room + 11, 2, bytes[4] - 1U);
    put_digits(room + 14, 2, bytes[5] - 1U);
    put_digits(room + 17, 2, bytes[6] - 1U);
    if (fraction != 0) {
        put_digits(room + 20, 6, fraction / 1000);
    }
    bytes_advance(out, sizeof form - 1);
    return true;
}
