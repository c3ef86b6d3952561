#include "http/link.h"

#include <stdbool.h>
#include <string.h>

/* Takes what is before the character, which is taken as well, unless it is in quotation marks. */
static struct span take(struct span *rest, char end) {
    bool is_quoted = false;
    size_t length = 0;
    while (length < rest->length && (is_quoted || rest->data[length] != end)) {
        is_quoted = rest->data[length] == '"' ? !is_quoted : is_quoted;
        length++;
    }
    struct span taken = {rest->data, length};
    size_t passed = length < rest->length ? length + 1 : length;
    *rest = (struct span){rest->data + passed, rest->length - passed};
    return taken;
}

static struct span without_quotes(struct span value) {
    bool is_quoted =
        value.length >= 2 && value.data[0] == '"' && value.data[value.length - 1] == '"';
    return is_quoted ? (struct span){value.data + 1, value.length - 2} : value;
}

/* `next`, or several words with blanks between them. */
static bool has_next(struct span words) {
    while (words.length > 0) {
        struct span word = take(&words, ' ');
        if (span_equal_ignoring_ascii_case(word, span_of("next"))) {
            return true;
        }
    }
    return false;
}

static bool is_next(struct span parameters) {
    while (parameters.length > 0) {
        struct span value = take(&parameters, ';');
        struct span name = span_trim_blanks(take(&value, '='));
        if (span_equal_ignoring_ascii_case(name, span_of("rel"))) {
            return has_next(without_quotes(span_trim_blanks(value)));
        }
    }
    return false;
}

/* A reference may have commas, which would end a link after it. */
struct span link_find_next(struct span value) {
    while (value.length > 0) {
        take(&value, '<');
        struct span reference = take(&value, '>');
        if (is_next(take(&value, ','))) {
            return reference;
        }
    }
    return (struct span){0};
}
