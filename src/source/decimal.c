#include "source/driver_private.h"

static bool is_digit(char character) {
    return character >= '0' && character <= '9';
}

static size_t count_digits(struct span text, size_t from) {
    size_t end = from;
    while (end < text.length && is_digit(text.data[end])) {
        end++;
    }
    return end - from;
}

/* Digits to a number with its sign; false where it does not fit. */
static bool read_integer(struct span digits, bool is_negative, int64_t *number) {
    int64_t value = 0;
    for (size_t i = 0; i < digits.length; i++) {
        int64_t digit = digits.data[i] - '0';
        if (__builtin_mul_overflow(value, 10, &value) ||
            __builtin_sub_overflow(value, digit, &value)) {
            return false;
        }
    }
    /* Gathered below zero, where there is one number more. */
    if (!is_negative && value == INT64_MIN) {
        return false;
    }
    *number = is_negative ? value : -value;
    return true;
}

static bool is_all_zeros(struct span text) {
    for (size_t i = 0; i < text.length; i++) {
        if (text.data[i] != '0') {
            return false;
        }
    }
    return true;
}

struct value decimal_value(struct span digits, struct text *scratch) {
    struct span number = span_trim_blanks(digits);
    struct value value = {.kind = VALUE_TEXT, .text = digits};
    size_t sign = number.length > 0 && (number.data[0] == '-' || number.data[0] == '+') ? 1 : 0;
    size_t whole = count_digits(number, sign);
    size_t point = sign + whole;
    size_t has_point = point < number.length && number.data[point] == '.' ? 1 : 0;
    size_t fraction = has_point == 0 ? 0 : count_digits(number, point + 1);
    if (whole + fraction == 0 || point + has_point + fraction != number.length) {
        return value;
    }
    bool is_negative = number.data[0] == '-';
    if (is_all_zeros((struct span){number.data + number.length - fraction, fraction}) &&
        read_integer((struct span){number.data + sign, whole}, is_negative, &value.integer)) {
        value.kind = VALUE_INTEGER;
        value.text = span_of(NULL);
        return value;
    }
    value.text = number;
    if (whole == 0) {
        text_clear(scratch);
        text_append_string(scratch, is_negative ? "-0" : "0");
        text_append(scratch, (struct span){number.data + point, number.length - point});
        value.text = text_span(scratch);
    }
    return value;
}
