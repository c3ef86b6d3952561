#include "oracle/descriptor.h"

#include <string.h>
#include <strings.h>

enum { DEEPEST = 16 };

static bool is_blank(char c) {
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static const char *skip_blanks(const char *text, const char *end) {
    while (text < end && is_blank(*text)) {
        text++;
    }
    return text;
}

/* The byte after the parenthesis that closes the one around `text`, or NULL. */
static const char *find_close(const char *text, const char *end) {
    int depth = 1;
    bool is_quoted = false;
    for (; text < end; text++) {
        is_quoted = is_quoted != (*text == '"');
        depth += is_quoted ? 0 : (*text == '(') - (*text == ')');
        if (depth == 0) {
            return text + 1;
        }
    }
    return NULL;
}

static void trim(const char **data, size_t *length) {
    while (*length > 0 && is_blank((*data)[*length - 1])) {
        (*length)--;
    }
    while (*length > 0 && is_blank(**data)) {
        (*data)++;
        (*length)--;
    }
}

bool descriptor_next(const char *text, const char *end, struct parameter *parameter) {
    text = skip_blanks(text, end);
    if (text == end || *text != '(') {
        return false;
    }
    const char *name = text + 1;
    const char *close = find_close(name, end);
    if (close == NULL) {
        return false;
    }
    const char *equals = memchr(name, '=', (size_t)(close - name));
    if (equals == NULL) {
        return false;
    }
    *parameter = (struct parameter){name, (size_t)(equals - name), equals + 1,
                                    (size_t)(close - 1 - (equals + 1)), close};
    trim(&parameter->name, &parameter->name_length);
    trim(&parameter->value, &parameter->value_length);
    return true;
}

bool descriptor_is(const struct parameter *parameter, const char *name) {
    return parameter->name_length == strlen(name) &&
           strncasecmp(parameter->name, name, parameter->name_length) == 0;
}

static bool find_within(const char *text, const char *end, const char *name, int depth,
                        struct parameter *parameter) {
    struct parameter here;
    for (; depth < DEEPEST && descriptor_next(text, end, &here); text = here.end) {
        if (descriptor_is(&here, name)) {
            *parameter = here;
            return true;
        }
        if (find_within(here.value, here.value + here.value_length, name, depth + 1, parameter)) {
            return true;
        }
    }
    return false;
}

bool descriptor_find(const char *text, const char *end, const char *name,
                     struct parameter *parameter) {
    return find_within(text, end, name, 0, parameter);
}

static bool is_separator(char c) {
    return c == '(' || c == ')' || c == '=';
}

void descriptor_append_compact(const char *text, const char *end, struct bytes *out) {
    char before = '(';
    bool is_quoted = false;
    while (text < end) {
        is_quoted = is_quoted != (*text == '"');
        if (!is_quoted && is_blank(*text)) {
            text = skip_blanks(text, end);
            if (text == end || is_separator(before) || is_separator(*text)) {
                continue;
            }
            bytes_append(out, " ", 1);
            before = ' ';
            continue;
        }
        before = *text++;
        bytes_append(out, &before, 1);
    }
}

bool descriptor_copy(const struct parameter *parameter, char *room, size_t size) {
    if (parameter->value_length >= size) {
        return false;
    }
    memcpy(room, parameter->value, parameter->value_length);
    room[parameter->value_length] = '\0';
    return true;
}
