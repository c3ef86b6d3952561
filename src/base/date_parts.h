/* What the readers of dates share: calendar arithmetic, and a cursor over the text of a date.
 * Private to the date files; base/date.h is for everyone else. */
#ifndef ROWPOST_BASE_DATE_PARTS_H
#define ROWPOST_BASE_DATE_PARTS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/span.h"

/* Microseconds. */
#define DATE_SECOND INT64_C(1000000)
#define DATE_DAY (INT64_C(86400) * DATE_SECOND)

struct civil {
    int64_t year;
    int month, day; /* from 1 */
};

/* Rounds towards minus infinity; `divisor` is positive. */
int64_t date_floor_divide(int64_t number, int64_t divisor);

/* True for a day that exists, in the years 0001 to 9999. */
bool civil_is_valid(struct civil civil);

/* Days since 1970-01-01, and back. */
int64_t civil_to_day(struct civil civil);
struct civil civil_from_day(int64_t day);

/* Each take_*() moves past what it was asked for and returns true; otherwise nothing changes. */
bool take_digits(struct span *rest, int count, int *number);

static inline bool take_char(struct span *rest, char character) {
    if (rest->length == 0 || rest->data[0] != character) {
        return false;
    }
    rest->data++;
    rest->length--;
    return true;
}

static inline bool next_is_digit(struct span rest) {
    return rest.length > 0 && rest.data[0] >= '0' && rest.data[0] <= '9';
}

/* The time of day in microseconds; false for what no clock shows. A leap second counts as the
 * second before it. */
bool clock_to_moment(int hour, int minute, int second, int64_t *moment);

#endif
