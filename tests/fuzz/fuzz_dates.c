/* Dates: texts of databases, and the input's first eight bytes as seconds. */
#include <string.h>

#include "base/date.h"
#include "fuzz.h"

/* A moment is written so that it reads as the same, to the millisecond. */
static void check_moment(int64_t moment) {
    char text[DATE_MOMENT_SIZE];
    char day[DATE_DAY_SIZE];
    int64_t again = 0;

    date_format_moment(moment, text);
    CHECK(strlen(text) == strlen("2023-03-15T00:00:00.000Z"));
    CHECK(date_parse_moment(span_of(text), &again) == 0);
    CHECK(again == moment - (moment % 1000 + 1000) % 1000);
    date_format_day(date_day_of(moment), day);
    CHECK(strncmp(day, text, strlen(day)) == 0);
}

static void check_day(int64_t day, struct span origin) {
    char text[DATE_DAY_SIZE];

    date_format_day(day, text);
    CHECK(span_equal_string(origin, text));
}

static void check_seconds(struct span input) {
    int64_t seconds = 0;
    int64_t moment = 0;

    memcpy(&seconds, input.data, input.length < sizeof seconds ? input.length : sizeof seconds);
    if (date_moment_from_seconds(seconds, &moment) == 0) {
        CHECK(moment / 1000000 == seconds && moment % 1000000 == 0);
        check_moment(moment);
    } else {
        CHECK(seconds < -INT64_C(62135596800) || seconds > INT64_C(253402300799));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct span input = fuzz_span(data, size);
    int64_t day = 0;
    int64_t moment = 0;

    check_seconds(input);
    if (date_parse_day(input, &day) == 0) {
        check_day(day, input);
        CHECK(date_parse_moment(input, &moment) == 0 && date_day_of(moment) == day);
    }
    if (date_parse_moment(input, &moment) == 0) {
        check_moment(moment);
    }
    return 0;
}
