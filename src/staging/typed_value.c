#include "staging/typed_value_private.h"

#include <math.h>
#include <string.h>

#include "base/date.h"
#include "base/json_writer.h"

/* Whole seconds since 1970 are a moment from 1980-01-01 to the end of 2099: a number outside is a
 * day of the calendar (20220615), a Julian day or a spreadsheet's serial number. */
#define FIRST_SECOND INT64_C(315532800)
#define LAST_SECOND INT64_C(4102444799)

#define SECOND INT64_C(1000000) /* microseconds */

enum {
    MOMENT_LENGTH = 19,  /* 2013-06-20 23:11:40 */
    FRACTION_DIGITS = 6, /* at least, where there is a fraction */
};

static const double integer_end = 9223372036854775808.0; /* 2^63 */

static const struct value null_value = {.kind = VALUE_NULL};

static struct value of_integer(int64_t integer) {
    return (struct value){.kind = VALUE_INTEGER, .integer = integer};
}

static struct value of_text(struct span text) {
    return (struct value){.kind = VALUE_TEXT, .text = text};
}

static bool is_digit(char character) {
    return character >= '0' && character <= '9';
}

/* The decimal digits at the start of `text`, which are taken off. False where there is none, or
 * more than 64 bits hold. */
static bool take_number(struct span *text, bool is_negative, int64_t *number) {
    size_t at = 0;
    int64_t sum = 0;
    for (; at < text->length && is_digit(text->data[at]); at++) {
        int digit = text->data[at] - '0';
        if (__builtin_mul_overflow(sum, INT64_C(10), &sum) ||
            __builtin_add_overflow(sum, is_negative ? -digit : digit, &sum)) {
            return false;
        }
    }
    text->data += at;
    text->length -= at;
    *number = sum;
    return at > 0;
}

/* A whole number as people write it: blanks around, a sign, zeros before and after the point. */
static bool parse_whole(struct span text, int64_t *number) {
    text = span_trim(text);
    bool has_sign = text.length > 0 && (*text.data == '-' || *text.data == '+');
    bool is_negative = has_sign && *text.data == '-';
    text.data += has_sign;
    text.length -= has_sign;
    if (!take_number(&text, is_negative, number)) {
        return false;
    }
    size_t rest = text.length > 0 && *text.data == '.' ? 1 : 0;
    while (rest > 0 && rest < text.length && text.data[rest] == '0') {
        rest++;
    }
    return rest == text.length;
}

/* A number in the one way in which it is written without loss, so that no two texts become one
 * key: `007` stays a word. */
static bool parse_key(struct span text, int64_t *number) {
    bool is_negative = text.length > 0 && *text.data == '-';
    struct span digits = {text.data + is_negative, text.length - is_negative};
    if (digits.length == 0 || (*digits.data == '0' && text.length > 1)) {
        return false;
    }
    return take_number(&digits, is_negative, number) && digits.length == 0;
}

static bool is_whole_real(double real, int64_t *number) {
    if (!(real >= -integer_end && real < integer_end) || floor(real) != real) {
        return false;
    }
    *number = (int64_t)real;
    return true;
}

/* A whole number, whatever kind of value it is. */
static bool is_whole(struct value value, int64_t *number) {
    switch (value.kind) {
    case VALUE_INTEGER:
        *number = value.integer;
        return true;
    case VALUE_REAL:
        return is_whole_real(value.real, number);
    case VALUE_TEXT:
        return parse_whole(value.text, number);
    case VALUE_NULL:
    case VALUE_BLOB:
        break;
    }
    return false;
}

static bool is_blank_text(struct value value) {
    return value.kind == VALUE_TEXT && span_is_empty(span_trim(value.text));
}

static struct value as_text(struct value value, struct text *scratch) {
    if (value.kind == VALUE_INTEGER) {
        text_append_integer(scratch, value.integer);
        return of_text(text_span(scratch));
    }
    if (value.kind == VALUE_REAL && isfinite(value.real)) {
        text_append_real(scratch, value.real);
        return of_text(text_span(scratch));
    }
    return value;
}

static struct value as_word(enum staging_padding padding, struct value value,
                            struct text *scratch) {
    struct value word = as_text(value, scratch);
    if (word.kind == VALUE_TEXT && padding == PADDING_TRIMMED) {
        while (word.text.length > 0 && word.text.data[word.text.length - 1] == ' ') {
            word.text.length--;
        }
    }
    return word;
}

static struct value as_key(enum staging_padding padding, struct value value, struct text *scratch) {
    int64_t number = 0;
    if (value.kind == VALUE_INTEGER) {
        return value;
    }
    if (value.kind == VALUE_REAL && is_whole_real(value.real, &number)) {
        return of_integer(number);
    }
    struct value word = as_word(padding, value, scratch);
    return word.kind == VALUE_TEXT && parse_key(word.text, &number) ? of_integer(number) : word;
}

static const struct flag_word {
    const char *word;
    int64_t flag;
} flag_words[] = {
    {"true", 1}, {"t", 1}, {"yes", 1}, {"y", 1}, {"false", 0}, {"f", 0}, {"no", 0}, {"n", 0},
};

/* A bit comes as the byte that holds it, too. */
static bool is_bit(struct span bytes, int64_t *flag) {
    *flag = bytes.length == 1 ? bytes.data[0] : -1;
    return *flag == 0 || *flag == 1;
}

static bool is_flag(struct value value, int64_t *flag) {
    if (is_whole(value, flag)) {
        *flag = *flag == -1 ? 1 : *flag;
        return *flag == 0 || *flag == 1;
    }
    if (value.kind != VALUE_TEXT && value.kind != VALUE_BLOB) {
        return false;
    }
    if (is_bit(value.text, flag)) {
        return true;
    }
    for (size_t i = 0; value.kind == VALUE_TEXT && i < sizeof flag_words / sizeof *flag_words;
         i++) {
        if (span_equal_ignoring_ascii_case(span_trim(value.text), span_of(flag_words[i].word))) {
            *flag = flag_words[i].flag;
            return true;
        }
    }
    return false;
}

static struct value as_flag(struct value value) {
    int64_t flag = 0;
    if (is_flag(value, &flag)) {
        return of_integer(flag);
    }
    return is_blank_text(value) ? null_value : value;
}

static struct value as_integer(struct value value) {
    int64_t number = 0;
    return is_whole(value, &number) ? of_integer(number) : value;
}

static struct value as_blob(struct value value) {
    return value.kind == VALUE_TEXT ? (struct value){.kind = VALUE_BLOB, .text = value.text}
                                    : value;
}

/* The digits after the point; a moment of microseconds may hold too few of them: without zeros at
 * their end, but six of them, so that texts sort as moments do. */
static void append_fraction(struct span date, struct text *out) {
    const char *point = memchr(date.data, '.', date.length);
    const char *end = date.data + date.length;
    if (point == NULL) {
        return;
    }
    const char *last = point;
    for (const char *at = point + 1; at < end && is_digit(*at); at++) {
        last = *at == '0' ? last : at;
    }
    if (last == point) {
        return;
    }
    text_append(out, (struct span){point, (size_t)(last - point) + 1});
    for (ptrdiff_t digits = last - point; digits < FRACTION_DIGITS; digits++) {
        text_append_char(out, '0');
    }
}

static struct value format_moment(int64_t moment, struct span date, struct text *scratch) {
    char written[DATE_MOMENT_SIZE];
    date_format_moment(moment, written);
    written[10] = ' ';
    text_append(scratch, (struct span){written, MOMENT_LENGTH});
    append_fraction(date, scratch);
    return of_text(text_span(scratch));
}

static struct value as_moment(struct value value, struct text *scratch) {
    int64_t moment = 0;
    int64_t seconds = 0;
    if (value.kind == VALUE_TEXT && date_parse_moment(value.text, &moment) == 0) {
        return format_moment(moment, value.text, scratch);
    }
    if (is_blank_text(value)) {
        return null_value;
    }
    if (is_whole(value, &seconds) && seconds >= FIRST_SECOND && seconds <= LAST_SECOND) {
        return format_moment(seconds * SECOND, span_of(""), scratch);
    }
    return value;
}

struct value typed_value(enum column_type type, enum staging_padding padding, struct value value,
                         struct text *scratch) {
    text_clear(scratch);
    switch (type) {
    case COLUMN_TEXT:
        return as_text(value, scratch);
    case COLUMN_WORD:
        return as_word(padding, value, scratch);
    case COLUMN_KEY:
        return as_key(padding, value, scratch);
    case COLUMN_FLAG:
        return as_flag(value);
    case COLUMN_MOMENT:
        return as_moment(value, scratch);
    case COLUMN_INTEGER:
        return as_integer(value);
    case COLUMN_BLOB:
        return as_blob(value);
    case COLUMN_ANY:
    case COLUMN_TYPE_COUNT:
        break;
    }
    return value;
}

static bool is_clean_text(struct value value) {
    return value.kind == VALUE_TEXT &&
           (value.text.length == 0 || memchr(value.text.data, '\0', value.text.length) == NULL) &&
           json_is_utf8(value.text);
}

bool typed_value_is_valid(enum column_type type, struct value typed) {
    int64_t moment = 0;
    if (typed.kind == VALUE_NULL) {
        return true;
    }
    switch (type) {
    case COLUMN_TEXT:
    case COLUMN_WORD:
        return is_clean_text(typed);
    case COLUMN_KEY:
        return typed.kind == VALUE_INTEGER || is_clean_text(typed);
    case COLUMN_FLAG:
        return typed.kind == VALUE_INTEGER && (typed.integer == 0 || typed.integer == 1);
    case COLUMN_MOMENT:
        return typed.kind == VALUE_TEXT && date_parse_moment(typed.text, &moment) == 0;
    case COLUMN_INTEGER:
        return typed.kind == VALUE_INTEGER;
    case COLUMN_BLOB:
        return typed.kind == VALUE_BLOB;
    case COLUMN_ANY:
        return typed.kind == VALUE_REAL ? isfinite(typed.real) != 0
                                        : typed.kind != VALUE_TEXT || is_clean_text(typed);
    case COLUMN_TYPE_COUNT:
        break;
    }
    return true;
}

const char *typed_value_expected(enum column_type type) {
    static const char *const expected[COLUMN_TYPE_COUNT] = {
        [COLUMN_TEXT] = "text in UTF-8 without NUL",
        [COLUMN_WORD] = "text in UTF-8 without NUL",
        [COLUMN_KEY] = "an integer, or text in UTF-8 without NUL",
        [COLUMN_FLAG] = "0 or 1",
        [COLUMN_MOMENT] =
            "a date such as 2013-06-20 23:11:40, or seconds since 1970 (1980 to 2099)",
        [COLUMN_INTEGER] = "an integer of at most 64 bits",
        [COLUMN_BLOB] = "bytes",
        [COLUMN_ANY] = "a finite number, bytes, or text in UTF-8 without NUL",
    };
    return expected[type];
}

struct value storable_value(struct value value, struct text *scratch) {
    if (value.kind != VALUE_REAL || !isnan(value.real)) {
        return value;
    }
    text_clear(scratch);
    text_append_string(scratch, "nan");
    return of_text(text_span(scratch));
}

/* A moment in whole seconds that are read as a moment again; every other value as it is. */
static struct value as_seconds(struct value typed) {
    int64_t moment = 0;
    if (typed.kind != VALUE_TEXT || typed.text.length != MOMENT_LENGTH ||
        date_parse_moment(typed.text, &moment) != 0) {
        return typed;
    }
    int64_t seconds = moment / SECOND;
    return seconds >= FIRST_SECOND && seconds <= LAST_SECOND ? of_integer(seconds) : typed;
}

bool stored_value(enum column_type type, struct value value, struct text *scratch,
                  struct value *stored) {
    struct value typed = typed_value(type, PADDING_KEPT, value, scratch);
    bool is_valid = typed_value_is_valid(type, typed);
    if (typed.kind == VALUE_NULL) {
        *stored = value;
    } else {
        *stored = storable_value(type == COLUMN_MOMENT ? as_seconds(typed) : typed, scratch);
    }
    return is_valid;
}
