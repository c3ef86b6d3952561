#define _POSIX_C_SOURCE 200809L
#include "record.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static const char *const id_prefix[COLLECTIONS] = {"64f0a001", "64f0a002", "64f0a003"};

enum { PREFIX_SIZE = 8, ID_DIGITS = RECORD_ID_SIZE - 1 };

void record_id_write(enum collection collection, long long n, char id[RECORD_ID_SIZE]) {
    static const char digits[] = "0123456789abcdef";
    memcpy(id, id_prefix[collection], PREFIX_SIZE);
    unsigned long long rest = (unsigned long long)n;
    for (int i = ID_DIGITS - 1; i >= PREFIX_SIZE; i--) {
        id[i] = digits[rest & 15];
        rest >>= 4;
    }
    id[ID_DIGITS] = '\0';
}

int record_id_read(enum collection collection, const char *id, long long *n) {
    if (strlen(id) != ID_DIGITS || strspn(id, "0123456789abcdefABCDEF") != ID_DIGITS) {
        return -1;
    }
    *n = 0;
    if (memcmp(id, id_prefix[collection], PREFIX_SIZE) == 0 && id[PREFIX_SIZE] < '8') {
        *n = strtoll(id + PREFIX_SIZE, NULL, 16);
    }
    return 0;
}

static long stamp_skew;

void record_set_skew(long seconds) {
    stamp_skew = seconds;
}

void record_date(long skew, char date[RECORD_DATE_SIZE]) {
    struct tm parts;
    time_t moment = time(NULL) + skew;
    gmtime_r(&moment, &parts);
    strftime(date, RECORD_DATE_SIZE, "%a, %d %b %Y %H:%M:%S GMT", &parts);
}

void record_stamp(char stamp[RECORD_STAMP_SIZE]) {
    static char second[RECORD_STAMP_SIZE];
    static time_t cached = -1;
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    now.tv_sec += stamp_skew;
    if (now.tv_sec != cached) {
        struct tm parts;
        gmtime_r(&now.tv_sec, &parts);
        strftime(second, sizeof second, "%Y-%m-%d %H:%M:%S.", &parts);
        cached = now.tv_sec;
    }
    size_t size = strlen(second);
    unsigned milliseconds = (unsigned)(now.tv_nsec / 1000000);
    memcpy(stamp, second, size); /* NOLINT(bugprone-not-null-terminated-result): the end does */
    stamp[size] = (char)('0' + milliseconds / 100 % 10);
    stamp[size + 1] = (char)('0' + milliseconds / 10 % 10);
    stamp[size + 2] = (char)('0' + milliseconds % 10);
    memcpy(stamp + size + 3, "000", 4);
}

void record_set_origin(json_t *record, const char *id) {
    char stamp[RECORD_STAMP_SIZE];
    record_stamp(stamp);
    json_object_set_new(record, "id", json_string(id));
    json_object_set_new(record, "created_at", json_string(stamp));
    json_object_set_new(record, "updated_at", json_string(stamp));
}

void record_set_mail_ids(json_t *record) {
    static const char *const channels[] = {"cms_talk_relval_pdmv", "cms_talk_trigger",
                                           "cms_talk_reco_muon"};
    const char *id = json_string_value(json_object_get(record, "id"));
    json_t *by_channel = json_object();
    for (int i = 0; i < 3; i++) {
        json_object_set_new(by_channel, channels[i], json_sprintf("<%s.%d@valdb2>", id, i));
    }
    json_object_set(record, "reference_email_id", json_object_get(by_channel, channels[0]));
    json_object_set_new(record, "channel_email_id", by_channel);
}

bool record_truth(const json_t *value) {
    switch (value == NULL ? JSON_NULL : json_typeof(value)) {
    case JSON_OBJECT:
        return json_object_size(value) > 0;
    case JSON_ARRAY:
        return json_array_size(value) > 0;
    case JSON_STRING:
        return json_string_length(value) > 0;
    case JSON_INTEGER:
        return json_integer_value(value) != 0;
    case JSON_REAL:
        return json_real_value(value) < 0.0 || json_real_value(value) > 0.0;
    case JSON_TRUE:
        return true;
    case JSON_FALSE:
    case JSON_NULL:
        break;
    }
    return false;
}

long long record_number(const json_t *value) {
    if (json_is_true(value)) {
        return 1;
    }
    if (json_is_integer(value)) {
        return json_integer_value(value);
    }
    for (long long n = 1; json_is_real(value) && n <= 9; n++) {
        double difference = json_real_value(value) - (double)n;
        if (!(difference < 0.0) && !(difference > 0.0)) {
            return n;
        }
    }
    return 0;
}
