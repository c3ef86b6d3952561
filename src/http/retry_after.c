#include "http/retry_after.h"

#include <stddef.h>
#include <string.h>

#include "base/date.h"

/* "120": digits alone. The sum stops growing at the most that is ever waited. */
static long seconds_in_ms(const char *digits) {
    long ms = 0;

    for (const char *digit = digits; *digit != '\0'; digit++) {
        ms = ms * 10 + (*digit - '0') * 1000L;
        if (ms > RETRY_AFTER_MOST_MS) {
            return RETRY_AFTER_MOST_MS;
        }
    }
    return ms;
}

long retry_after_parse(const char *value, int64_t now) {
    int64_t moment = 0;

    if (value == NULL || *value == '\0') {
        return -1;
    }
    if (value[strspn(value, "0123456789")] == '\0') {
        return seconds_in_ms(value);
    }
    if (date_parse_http(value, &moment) != 0) {
        return -1;
    }
    if (moment <= now) {
        return 0;
    }
    int64_t ms = (moment - now + 999) / 1000;
    return ms > RETRY_AFTER_MOST_MS ? RETRY_AFTER_MOST_MS : (long)ms;
}
