#include "base/date_parts.h"

static bool is_leap(int64_t year) {
    return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

static int days_in_month(int64_t year, int month) {
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    return month == 2 && is_leap(year) ? 29 : days[month - 1];
}

int64_t date_floor_divide(int64_t number, int64_t divisor) {
    return number / divisor - (number % divisor < 0);
}

/* Years begin in March here, so that the leap day is a year's last: then the days before a month
 * are a linear function of it, and four centuries always have 146097 days. Day 0 of that count is
 * 0000-03-01, 719468 days before 1970. */
int64_t civil_to_day(struct civil civil) {
    int64_t year = civil.month <= 2 ? civil.year - 1 : civil.year;
    int64_t month = civil.month <= 2 ? civil.month + 9 : civil.month - 3;
    int64_t era = date_floor_divide(year, 400);
    int64_t year_of_era = year - era * 400;
    int64_t day_of_year = (153 * month + 2) / 5 + civil.day - 1;
    int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return era * 146097 + day_of_era - 719468;
}

struct civil civil_from_day(int64_t day) {
    int64_t shifted = day + 719468;
    int64_t era = date_floor_divide(shifted, 146097);
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

bool civil_is_valid(struct civil civil) {
    return civil.year >= 1 && civil.year <= 9999 && civil.month >= 1 && civil.month <= 12 &&
           civil.day >= 1 && civil.day <= days_in_month(civil.year, civil.month);
}

bool take_digits(struct span *rest, int count, int *number) {
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

bool clock_to_moment(int hour, int minute, int second, int64_t *moment) {
    if (hour > 23 || minute > 59 || second > 60) {
        return false;
    }
    *moment = (hour * 3600 + minute * 60 + (second == 60 ? 59 : second)) * DATE_SECOND;
    return true;
}
