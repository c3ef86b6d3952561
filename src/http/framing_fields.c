#include "http/framing_fields.h"

#include <stdint.h>
#include <string.h>

/* A number beyond all bounds is the largest there is. */
static const char *take_content_length(struct framing_fields *fields, struct span value) {
    static const char malformed[] = "the length of the answer is malformed";
    size_t length = 0;

    for (size_t i = 0; i < value.length; i++) {
        if (value.data[i] < '0' || value.data[i] > '9') {
            return malformed;
        }
        size_t digit = (size_t)(value.data[i] - '0');
        length = length > (SIZE_MAX - digit) / 10 ? SIZE_MAX : length * 10 + digit;
    }
    if (value.length == 0) {
        return malformed;
    }
    if (fields->has_length && fields->length != length) {
        return "the answer has two lengths";
    }
    fields->has_length = true;
    fields->length = length;
    fields->is_decisive = true;
    return NULL;
}

static const char *take_transfer_encoding(struct framing_fields *fields, struct span value) {
    if (fields->is_version_1_0 || fields->is_chunked ||
        !span_equal_ignoring_ascii_case(value, span_of("chunked"))) {
        return "the answer has a transfer coding that is not known";
    }
    fields->is_chunked = true;
    fields->is_decisive = true;
    return NULL;
}

/* A list of words. */
static const char *take_connection(struct framing_fields *fields, struct span value) {
    while (value.length > 0) {
        const char *comma = memchr(value.data, ',', value.length);
        size_t length = comma == NULL ? value.length : (size_t)(comma - value.data);
        size_t gone = length + (comma != NULL);
        struct span word = span_trim_blanks((struct span){value.data, length});
        fields->asks_to_close |= span_equal_ignoring_ascii_case(word, span_of("close"));
        fields->asks_to_keep |= span_equal_ignoring_ascii_case(word, span_of("keep-alive"));
        value.data += gone;
        value.length -= gone;
    }
    return NULL;
}

#define NAME(text)                                                                                 \
    { text, sizeof(text) - 1 }

static const struct {
    struct span name;
    const char *(*take)(struct framing_fields *fields, struct span value);
} known_fields[] = {
    {NAME("Content-Length"), take_content_length},
    {NAME("Transfer-Encoding"), take_transfer_encoding},
    {NAME("Connection"), take_connection},
};

const char *framing_fields_take(struct framing_fields *fields, struct span name,
                                struct span value) {
    fields->is_decisive = false;
    for (size_t i = 0; i < sizeof known_fields / sizeof known_fields[0]; i++) {
        if (name.length == known_fields[i].name.length &&
            span_equal_ignoring_ascii_case(name, known_fields[i].name)) {
            return known_fields[i].take(fields, value);
        }
    }
    return NULL;
}

bool framing_fields_keep_connection(const struct framing_fields *fields, int status) {
    if (fields->asks_to_close || (fields->is_version_1_0 && !fields->asks_to_keep) ||
        (fields->is_chunked && fields->has_length)) {
        return false;
    }
    return status != STATUS_NO_CONTENT || (!fields->is_chunked && fields->length == 0);
}
