/* The header Retry-After, at two points in time. */
#include <curl/curl.h>
#include <string.h>

#include "base/date.h"
#include "base/text.h"
#include "fuzz.h"
#include "http/exchange.h"

static const int64_t moments[] = {0, INT64_C(784111777000000)}; /* 1994-11-06 08:49:37 */

static void check_seconds(const char *value, long wait) {
    size_t zeros = strspn(value, "0");

    if (*value == '\0' || value[strspn(value, "0123456789")] != '\0') {
        return;
    }
    if (strlen(value + zeros) > 4) {
        CHECK(wait == EXCHANGE_RETRY_AFTER_MOST_MS);
        return;
    }
    long seconds = 0;
    for (const char *digit = value + zeros; *digit != '\0'; digit++) {
        seconds = seconds * 10 + (*digit - '0');
    }
    CHECK(wait == (seconds > 3600 ? EXCHANGE_RETRY_AFTER_MOST_MS : seconds * 1000));
}

static void check_date(const char *value, int64_t now, long wait) {
    int64_t moment = 0;

    time_t seconds = curl_getdate(value, NULL);
    if (seconds == -1 || date_moment_from_seconds(seconds, &moment) != 0) {
        CHECK(wait == -1 || value[strspn(value, "0123456789")] == '\0');
        return;
    }
    CHECK(wait >= 0 && (wait == 0) == (moment <= now));
    CHECK(wait == EXCHANGE_RETRY_AFTER_MOST_MS || moment - now <= wait * INT64_C(1000));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct text value = {0};

    text_append(&value, fuzz_span(data, size));
    for (size_t i = 0; i < sizeof moments / sizeof *moments; i++) {
        long wait = exchange_parse_retry_after(text_string(&value), moments[i]);
        CHECK(wait >= -1 && wait <= EXCHANGE_RETRY_AFTER_MOST_MS);
        check_seconds(text_string(&value), wait);
        check_date(text_string(&value), moments[i], wait);
    }
    text_free(&value);
    return 0;
}
