#include "base/date.h"

#include <stdbool.h>
#include <stddef.h>
#include <time.h>

/* 0001-01-01 and 9999-12-31. */
enum { FIRST_DAY = -719162, LAST_DAY = 2932896 };

/* Microseconds. */
#define DATE_SECOND INT64_C(1000000)
#define DATE_DAY (INT64_C(86400) * DATE_SECOND)

struct civil {
    int64_t year;
    int month, day; /* from 1 */
};

static bool is_leap(int64_t year) {
    return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

static int days_in_month(int64_t year, int month) {
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    return month == 2 && is_leap(year) ? 29 : days[month - 1];
}

/* Rounds towards minus infinity; `divisor` is positive. */
static int64_t floor_divide(int64_t number, int64_t divisor) {
    return number / divisor - (number % divisor < 0);
}

/* Days since 1970-01-01. Years begin in March here, so that the leap day is a year's last: then the
 * days before a month are a linear function of it, and four centuries always have 146097 days. Day
 * 0 of that count is 0000-03-01, 719468 days before 1970. */
static int64_t civil_to_day(struct civil civil) {
    int64_t year = civil.month <= 2 ? civil.year - 1 : civil.year;
    int64_t month = civil.month <= 2 ? civil.month + 9 : civil.month - 3;
    int64_t era = floor_divide(year, 400);
    int64_t year_of_era = year - era * 400;
    int64_t day_of_year = (153 * month + 2) / 5 + civil.day - 1;
    int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return era * 146097 + day_of_era - 719468;
}

static struct civil civil_from_day(int64_t day) {
    int64_t shifted = day + 719468;
    int64_t era = floor_divide(shifted, 146097);
    int64_t day_of_era = shifted - era * 146097;
    int64_t year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int64_t month = (5 * day_of_year + 2) / 153;
    struct civil civil = {
        .year = era * 400 + year_of_era + (month >= 10),
        .month = (int)(month >= 10 ? month - 9 : month + 3),
        .day = (int)(day_of_year - (153 * month + 2) / 5 + 1),
    };
    return civil;
}

/* True for a day that exists, in the years 0001 to 9999. */
static bool civil_is_valid(struct civil civil) {
    return civil.year >= 1 && civil.year <= 9999 && civil.month >= 1 && civil.month <= 12 &&
           civil.day >= 1 && civil.day <= days_in_month(civil.year, civil.month);
}

/* Each take_*() moves past what it was asked for and returns true; otherwise nothing changes. */
static bool take_digits(struct span *rest, int count, int *number) {
    int taken = 0;
    if (rest->length < (size_t)count) {
        return false;
    }
    for (int i = 0; i < count; i++) {
        unsigned digit = (unsigned char)rest->data[i] - (unsigned)'0';
        if (digit > 9) {
            return false;
        }
        taken = taken * 10 + (int)digit;
    }
    rest->data += count;
    rest->length -= (size_t)count;
    *number = taken;
    return true;
}

static bool take_char(struct span *rest, char character) {
    if (rest->length == 0 || rest->data[0] != character) {
        return false;
    }
    rest->data++;
    rest->length--;
    return true;
}

static bool next_is_digit(struct span rest) {
    return rest.length > 0 && rest.data[0] >= '0' && rest.data[0] <= '9';
}

/* The time of day in microseconds; false for what no clock shows. A leap second counts as the
 * second before it. */
static bool clock_to_moment(int hour, int minute, int second, int64_t *moment) {
    if (hour > 23 || minute > 59 || second > 60) {
        return false;
    }
    *moment = (hour * 3600 + minute * 60 + (second == 60 ? 59 : second)) * DATE_SECOND;
    return true;
}

static bool take_day(struct span *rest, int64_t *day) {
    int year = 0;
    struct civil civil = {0};
    if (!take_digits(rest, 4, &year) || !take_char(rest, '-') ||
        !take_digits(rest, 2, &civil.month) || !take_char(rest, '-') ||
        !take_digits(rest, 2, &civil.day)) {
        return false;
    }
    civil.year = year;
    if (!civil_is_valid(civil)) {
        return false;
    }
    *day = civil_to_day(civil);
    return true;
}

/* The digits after the point; what is finer than a microsecond is dropped. */
static bool take_fraction(struct span *rest, int64_t *microseconds) {
    if (!next_is_digit(*rest)) {
        return false;
    }
    *microseconds = 0;
    for (int64_t unit = DATE_SECOND / 10; next_is_digit(*rest); unit /= 10) {
        int digit = 0;
        take_digits(rest, 1, &digit);
        *microseconds += digit * unit;
    }
    return true;
}

/* `HH:MM[:SS[.fraction]]` */
static bool take_clock(struct span *rest, int64_t *moment) {
    int hour = 0;
    int minute = 0;
    int second = 0;
    int64_t fraction = 0;
    if (!take_digits(rest, 2, &hour) || !take_char(rest, ':') || !take_digits(rest, 2, &minute)) {
        return false;
    }
    if (take_char(rest, ':')) {
        if (!take_digits(rest, 2, &second)) {
            return false;
        }
        if (take_char(rest, '.') && !take_fraction(rest, &fraction)) {
            return false;
        }
    }
    if (!clock_to_moment(hour, minute, second, moment)) {
        return false;
    }
    *moment += fraction;
    return true;
}

/* What to add to the local time to have UTC: nothing, `Z`, `+HH:MM`, `+HHMM` or `+HH`. */
static bool take_zone(struct span *rest, int64_t *to_utc) {
    *to_utc = 0;
    if (rest->length == 0 || take_char(rest, 'Z')) {
        return true;
    }
    bool east = take_char(rest, '+');
    if (!east && !take_char(rest, '-')) {
        return false;
    }
    int hours = 0;
    int minutes = 0;
    if (!take_digits(rest, 2, &hours)) {
        return false;
    }
    if ((take_char(rest, ':') || rest->length > 0) && !take_digits(rest, 2, &minutes)) {
        return false;
    }
    if (hours > 23 || minutes > 59) {
        return false;
    }
    int64_t offset = (hours * 3600 + minutes * 60) * DATE_SECOND;
    *to_utc = east ? -offset : offset;
    return true;
}

static bool is_counted(int64_t day) {
    return day >= FIRST_DAY && day <= LAST_DAY;
}

int date_parse_moment(struct span text, int64_t *moment) {
    struct span rest = span_trim(text);
    int64_t day = 0;
    int64_t clock = 0;
    int64_t to_utc = 0;
    if (!take_day(&rest, &day)) {
        return -1;
    }
    if (take_char(&rest, ' ') || take_char(&rest, 'T')) {
        if (!take_clock(&rest, &clock) || !take_zone(&rest, &to_utc)) {
            return -1;
        }
    }
    int64_t parsed = day * DATE_DAY + clock + to_utc;
    if (rest.length > 0 || !is_counted(date_day_of(parsed))) {
        return -1;
    }
    *moment = parsed;
    return 0;
}

int date_parse_day(struct span text, int64_t *day) {
    int64_t parsed = 0;
    if (!take_day(&text, &parsed) || text.length > 0) {
        return -1;
    }
    *day = parsed;
    return 0;
}

int date_moment_from_seconds(int64_t seconds, int64_t *moment) {
    if (!is_counted(floor_divide(seconds, 86400))) {
        return -1;
    }
    *moment = seconds * DATE_SECOND;
    return 0;
}

int64_t date_day_of(int64_t moment) {
    return floor_divide(moment, DATE_DAY);
}

int64_t date_now(void) {
    struct timespec now = {0};
    timespec_get(&now, TIME_UTC);
    return (int64_t)now.tv_sec * DATE_SECOND + now.tv_nsec / 1000;
}

/* Writes the number in so many digits, with leading zeros. */
static char *put_digits(char *at, int64_t number, int count) {
    for (int i = count - 1; i >= 0; i--) {
        at[i] = (char)('0' + number % 10);
        number /= 10;
    }
    return at + count;
}

static char *put_day(char *at, int64_t day) {
    if (day < FIRST_DAY) {
        day = FIRST_DAY;
    } else if (day > LAST_DAY) {
        day = LAST_DAY;
    }
    struct civil civil = civil_from_day(day);
    at = put_digits(at, civil.year, 4);
    *at++ = '-';
    at = put_digits(at, civil.month, 2);
    *at++ = '-';
    return put_digits(at, civil.day, 2);
}

void date_format_day(int64_t day, char buffer[DATE_DAY_SIZE]) {
    *put_day(buffer, day) = '\0';
}

void date_format_moment(int64_t moment, char buffer[DATE_MOMENT_SIZE]) {
    int64_t day = date_day_of(moment);
    int64_t seconds = (moment - day * DATE_DAY) / DATE_SECOND;
    char *at = put_day(buffer, day);
    *at++ = 'T';
    at = put_digits(at, seconds / 3600, 2);
    *at++ = ':';
    at = put_digits(at, seconds / 60 % 60, 2);
    *at++ = ':';
    at = put_digits(at, seconds % 60, 2);
    *at++ = '.';
    at = put_digits(at, (moment - day * DATE_DAY) % DATE_SECOND / 1000, 3);
    *at++ = 'Z';
    *at = '\0';
}
