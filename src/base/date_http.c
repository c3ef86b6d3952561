#include <stddef.h>
#include <string.h>

#include "base/date.h"
#include "base/date_parts.h"

struct stamp {
    struct civil civil;
    int hour, minute, second;
};

static const char *const months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                     "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

static const char *const short_weekdays[] = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};

static const char *const long_weekdays[] = {"Monday", "Tuesday",  "Wednesday", "Thursday",
                                            "Friday", "Saturday", "Sunday"};

static bool take_string(struct span *rest, const char *string) {
    size_t length = strlen(string);
    if (rest->length < length || memcmp(rest->data, string, length) != 0) {
        return false;
    }
    rest->data += length;
    rest->length -= length;
    return true;
}

/* The position of the name in the list, from 1; 0 where none of them is there. */
static int take_name(struct span *rest, const char *const names[], int count) {
    for (int i = 0; i < count; i++) {
        if (rest->length > 0 && rest->data[0] == names[i][0] && take_string(rest, names[i])) {
            return i + 1;
        }
    }
    return 0;
}

static bool take_month(struct span *rest, struct stamp *stamp) {
    stamp->civil.month = take_name(rest, months, 12);
    return stamp->civil.month > 0;
}

static bool take_year(struct span *rest, struct stamp *stamp) {
    int year = 0;
    bool taken = take_digits(rest, 4, &year);
    stamp->civil.year = year;
    return taken;
}

/* Two digits stand for the year that ends so and is at most 50 years ahead. */
static bool take_short_year(struct span *rest, struct stamp *stamp) {
    int year = 0;
    if (!take_digits(rest, 2, &year)) {
        return false;
    }
    int64_t this_year = civil_from_day(date_today()).year;
    stamp->civil.year = this_year - this_year % 100 + year;
    if (stamp->civil.year > this_year + 50) {
        stamp->civil.year -= 100;
    }
    return true;
}

static bool take_time(struct span *rest, struct stamp *stamp) {
    return take_digits(rest, 2, &stamp->hour) && take_char(rest, ':') &&
           take_digits(rest, 2, &stamp->minute) && take_char(rest, ':') &&
           take_digits(rest, 2, &stamp->second);
}

/* Sun, 06 Nov 1994 08:49:37 GMT */
static bool read_fixdate(struct span rest, struct stamp *stamp) {
    return take_name(&rest, short_weekdays, 7) > 0 && take_string(&rest, ", ") &&
           take_digits(&rest, 2, &stamp->civil.day) && take_char(&rest, ' ') &&
           take_month(&rest, stamp) && take_char(&rest, ' ') && take_year(&rest, stamp) &&
           take_char(&rest, ' ') && take_time(&rest, stamp) && take_string(&rest, " GMT") &&
           rest.length == 0;
}

/* Sunday, 06-Nov-94 08:49:37 GMT */
static bool read_rfc850(struct span rest, struct stamp *stamp) {
    return take_name(&rest, long_weekdays, 7) > 0 && take_string(&rest, ", ") &&
           take_digits(&rest, 2, &stamp->civil.day) && take_char(&rest, '-') &&
           take_month(&rest, stamp) && take_char(&rest, '-') && take_short_year(&rest, stamp) &&
           take_char(&rest, ' ') && take_time(&rest, stamp) && take_string(&rest, " GMT") &&
           rest.length == 0;
}

/* Sun Nov  6 08:49:37 1994 */
static bool read_asctime(struct span rest, struct stamp *stamp) {
    return take_name(&rest, short_weekdays, 7) > 0 && take_char(&rest, ' ') &&
           take_month(&rest, stamp) && take_char(&rest, ' ') &&
           (take_char(&rest, ' ') ? take_digits(&rest, 1, &stamp->civil.day)
                                  : take_digits(&rest, 2, &stamp->civil.day)) &&
           take_char(&rest, ' ') && take_time(&rest, stamp) && take_char(&rest, ' ') &&
           take_year(&rest, stamp) && rest.length == 0;
}

int date_parse_http(const char *text, int64_t *moment) {
    struct span rest = span_trim_blanks(span_of(text));
    struct stamp stamp = {0};
    if (!read_fixdate(rest, &stamp) && !read_rfc850(rest, &stamp) && !read_asctime(rest, &stamp)) {
        return -1;
    }
    int64_t clock = 0;
    if (!civil_is_valid(stamp.civil) ||
        !clock_to_moment(stamp.hour, stamp.minute, stamp.second, &clock)) {
        return -1;
    }
    *moment = civil_to_day(stamp.civil) * DATE_DAY + clock;
    return 0;
}
