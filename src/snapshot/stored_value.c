#include "snapshot/stored_value.h"

#include <errno.h>
#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/date.h"

/* Every whole number up to here is exact as a floating-point number. */
static const double exact_most = 9007199254740992.0; /* 2^53 */

/* From here on SQLite leaves a floating-point number what it is. */
static const double integer_most = 9223372036854775808.0; /* 2^63 */

enum { SECOND = 1000000 /* microseconds */ };

static bool is_blank(char character) {
    return character == ' ' || (character >= '\t' && character <= '\r');
}

static size_t count_digits(const char *at) {
    return strspn(at, "0123456789");
}

/* True for what SQLite's NUMERIC affinity takes for a number (sqlite.org/datatype3.html, 3): digits
 * with a sign, a point and an exponent, blanks around. `*is_whole`: digits alone. */
static bool is_number(struct span text, bool *is_whole) {
    while (text.length > 0 && is_blank(text.data[text.length - 1])) {
        text.length--;
    }
    while (text.length > 0 && is_blank(*text.data)) {
        text.data++;
        text.length--;
    }
    const char *at = text.data;
    const char *end = at + text.length;
    at += text.length > 0 && (*at == '+' || *at == '-');
    size_t digits = count_digits(at);
    at += digits;
    *is_whole = at == end;
    if (at < end && *at == '.') {
        size_t decimals = count_digits(at + 1);
        digits += decimals;
        at += 1 + decimals;
    }
    if (digits > 0 && at < end && (*at == 'e' || *at == 'E')) {
        at += 1 + (at[1] == '+' || at[1] == '-');
        size_t exponent = count_digits(at);
        digits = exponent == 0 ? 0 : digits;
        at += exponent;
    }
    return digits > 0 && at == end;
}

static struct value of_integer(int64_t integer) {
    return (struct value){.kind = VALUE_INTEGER, .integer = integer};
}

/* Whole ones become integers, as SQLite would have it; where it would do that to one that is too
 * large to be exact, the number cannot be stored. */
static enum storing store_real(double real, struct value *stored) {
    *stored = (struct value){.kind = VALUE_REAL, .real = real};
    if (floor(real) != real || fabs(real) >= integer_most) {
        return STORED;
    }
    *stored = of_integer((int64_t)real);
    return fabs(real) <= exact_most ? STORED : STORED_NOT;
}

/* Digits but for zeros at both ends: as many as the number needs. */
static int count_significant(struct span number) {
    int count = 0;
    int zeros = 0;
    for (size_t i = 0; i < number.length && number.data[i] != 'e' && number.data[i] != 'E'; i++) {
        char c = number.data[i];
        if (c == '0') {
            zeros++;
        } else if (c >= '1' && c <= '9') {
            count += (count > 0 ? zeros : 0) + 1;
            zeros = 0;
        }
    }
    return count;
}

/* A text that is a number becomes one, where that loses no digit. */
static enum storing store_digits(struct span digits, bool is_whole, struct value *stored) {
    errno = 0;
    if (is_whole) {
        *stored = of_integer(strtoll(digits.data, NULL, 10));
        return errno == 0 ? STORED : STORED_NOT;
    }
    double real = strtod(digits.data, NULL);
    bool is_kept = errno == 0 && count_significant(digits) <= DBL_DIG;
    return is_kept ? store_real(real, stored) : STORED_NOT;
}

static enum storing store_number(struct value value, struct text *scratch, struct value *stored) {
    bool is_whole = false;
    if (value.kind == VALUE_REAL) {
        return store_real(value.real, stored);
    }
    if (value.kind != VALUE_TEXT) {
        return STORED;
    }
    text_append(scratch, value.text); /* terminated, for the C library */
    struct span text = text_span(scratch);
    return is_number(text, &is_whole) ? store_digits(text, is_whole, stored) : STORED;
}

static enum storing store_key(struct value value, struct text *scratch, struct value *stored) {
    enum storing storing = store_number(value, scratch, stored);
    return stored->kind == VALUE_INTEGER ? storing : STORED_NOT;
}

static enum storing store_text(struct value value, struct text *scratch, struct value *stored) {
    if (value.kind == VALUE_INTEGER) {
        text_append_integer(scratch, value.integer);
    } else if (value.kind == VALUE_REAL) {
        text_append_real(scratch, value.real);
    } else {
        return STORED;
    }
    *stored = (struct value){.kind = VALUE_TEXT, .text = text_span(scratch)};
    return STORED;
}

static enum storing store_date(struct value value, struct text *scratch, struct value *stored) {
    int64_t moment = 0;
    if (value.kind == VALUE_BLOB) {
        return STORED_UNREADABLE;
    }
    if (value.kind != VALUE_TEXT) {
        return store_number(value, scratch, stored);
    }
    if (span_is_empty(span_trim(value.text))) {
        return STORED;
    }
    if (date_parse_moment(value.text, &moment) == 0) {
        if (moment % SECOND != 0) {
            return STORED_WITH_FRACTION;
        }
        *stored = of_integer(moment / SECOND);
        return STORED;
    }
    /* Digits in a text are no date, but would be one as a number. */
    bool is_whole = false;
    text_append(scratch, value.text);
    return is_number(text_span(scratch), &is_whole) ? STORED_NOT : STORED_UNREADABLE;
}

/* Where a function above leaves `*stored` alone, it is the value as it came. */
enum storing stored_value(enum column_type type, struct value value, struct text *scratch,
                          struct value *stored) {
    text_clear(scratch);
    *stored = value;
    if (value.kind == VALUE_REAL && isnan(value.real)) {
        return STORED_NOT; /* SQLite would make null of it */
    }
    switch (type) {
    case COLUMN_KEY:
        return store_key(value, scratch, stored);
    case COLUMN_NUMBER:
        return store_number(value, scratch, stored);
    case COLUMN_TEXT:
        return store_text(value, scratch, stored);
    case COLUMN_DATE:
        return store_date(value, scratch, stored);
    case COLUMN_ANY:
        break;
    }
    return STORED;
}
