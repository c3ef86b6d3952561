#include "validation.h"

#include "record.h"

#include <stdio.h>
#include <string.h>

static const char local_part[] =
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.+-";
static const char label_part[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-";
static const char rest_part[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-.";
static const char digits[] = "0123456789";

enum validation validation_fail(struct text *messages, const char *message) {
    if (messages->size > 0) {
        text_add_string(messages, ", ");
    }
    text_add_string(messages, message);
    return VALIDATION_FAILED;
}

static bool is_email(struct slice value) {
    size_t local = strspn(value.data, local_part);
    if (local == 0 || value.data[local] != '@') {
        return false;
    }
    const char *domain = value.data + local + 1;
    size_t label = strspn(domain, label_part);
    if (label == 0 || domain[label] != '.') {
        return false;
    }
    const char *rest = domain + label + 1;
    size_t size = strspn(rest, rest_part);
    return size > 0 && rest + size == value.data + value.size;
}

enum validation validation_email(const json_t *value, struct text *messages) {
    static const char wrong[] =
        "Email has an incorrect format. The example correct format is: example@cern.ch";
    if (!record_truth(value)) {
        validation_fail(messages, "Email is a required field");
        return validation_fail(messages, wrong);
    }
    if (!json_is_string(value)) {
        return VALIDATION_CRASHED;
    }
    return is_email(slice_of_json(value)) ? VALIDATION_PASSED : validation_fail(messages, wrong);
}

static bool begins_as_name(const char *value) {
    for (int part = 0; part < 3; part++) {
        size_t size = strspn(value, digits);
        if (size == 0 || (part < 2 && (size > 3 || value[size] != '_'))) {
            return false;
        }
        value += size + 1;
    }
    return true;
}

enum validation validation_name(const json_t *value, struct text *messages) {
    static const char wrong[] = "Name has an incorrect format";
    if (!record_truth(value)) {
        validation_fail(messages, "Name is a required field");
        return validation_fail(messages, wrong);
    }
    if (!json_is_string(value)) {
        return VALIDATION_CRASHED;
    }
    return begins_as_name(json_string_value(value)) ? VALIDATION_PASSED
                                                    : validation_fail(messages, wrong);
}

enum validation validation_required(const json_t *value, const char *label, struct text *messages) {
    if (record_truth(value)) {
        return VALIDATION_PASSED;
    }
    char message[64];
    snprintf(message, sizeof message, "%s is a required field", label);
    return validation_fail(messages, message);
}

static int days_of(int year, int month) {
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return month == 2 && leap ? 29 : days[month - 1];
}

/* Reads a number of `least` to `most` digits; -1 if there is none. Moves *at after it. */
static int read_number(const char **at, size_t least, size_t most) {
    size_t size = strspn(*at, digits);
    if (size < least || size > most) {
        return -1;
    }
    int number = 0;
    for (; size > 0; size--) {
        number = number * 10 + (*(*at)++ - '0');
    }
    return number;
}

int validation_deadline(struct slice deadline, char written[20]) {
    const char *at = deadline.data;
    int year = read_number(&at, 4, 4);
    if (year < 1 || *at++ != '-') {
        return -1;
    }
    int month = read_number(&at, 1, 2);
    if (month < 1 || month > 12 || *at++ != '-') {
        return -1;
    }
    int day = read_number(&at, 1, 2);
    if (day < 1 || day > days_of(year, month) || at != deadline.data + deadline.size) {
        return -1;
    }
    int size = snprintf(written, 20, "%04d-%02d-%02d 00:00:00", year, month, day);
    return size == 19 ? 0 : -1;
}
