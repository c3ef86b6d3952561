#include "report/fields.h"

#include <stdlib.h>
#include <string.h>

#include "base/json_memory.h"
#include "base/json_wide.h"
#include "base/noun.h"
#include "base/utf8.h"

enum { WIDTH = 80, MOST_NAME = 20, MOST_LINES = 12, LEAST_VALUE = 20, DEEPEST = 4 };

/* Where a value goes: its lines begin at `indent`, and so many of them are left to it. */
struct column {
    struct text *out;
    int indent;
    int lines;
    bool is_first;
};

static void append_blanks(struct text *out, int count) {
    for (int i = 0; i < count; i++) {
        text_append_char(out, ' ');
    }
}

/* C0, DEL and C1; the last would be commands to a terminal as well. */
static bool is_control(uint32_t code) {
    return code < 0x20 || (code >= 0x7f && code < 0xa0) || code == UTF8_INVALID;
}

void fields_append_visible(struct text *out, struct span line) {
    while (line.length > 0) {
        uint32_t code = 0;
        size_t size = utf8_decode(line.data, line.length, &code);
        if (is_control(code)) {
            text_append_char(out, ' ');
        } else {
            text_append(out, (struct span){line.data, size});
        }
        line.data += size;
        line.length -= size;
    }
}

void fields_append_on_one_line(struct text *out, struct span line) {
    for (size_t i = 0; i < line.length; i++) {
        unsigned char c = (unsigned char)line.data[i];
        text_append_char(out, (char)(c < 0x20 || c == 0x7f ? ' ' : c));
    }
}

/* How many bytes of a line fit into `width` columns: to the last blank if there is one in the
 * second half. */
static size_t fit(struct span line, int width) {
    size_t at = 0;
    size_t blank = 0;
    for (int column = 0; column < width; column++) {
        uint32_t code = 0;
        if (at == line.length) {
            return at;
        }
        if (line.data[at] == ' ' && column > width / 2) {
            blank = at;
        }
        at += utf8_decode(line.data + at, line.length - at, &code);
    }
    return at == line.length || blank == 0 ? at : blank;
}

/* The first line is after the name, the others below it. */
static void append_line(struct column *column, struct span line) {
    if (!column->is_first) {
        text_append_char(column->out, '\n');
        append_blanks(column->out, line.length == 0 ? 0 : column->indent);
    }
    fields_append_visible(column->out, line);
    column->is_first = false;
    column->lines--;
}

static void append_rest(struct column *column, struct span rest) {
    struct text line = {0};
    size_t count = span_count_characters(rest);
    text_append_format(&line, "... and %zu %s more", count,
                       noun_of((int64_t)count, "character", "characters"));
    append_line(column, text_span(&line));
    text_free(&line);
}

/* The value with its line breaks; ends without one. */
static void append_wrapped(struct column *column, struct span value) {
    int width = WIDTH - column->indent;
    width = width < LEAST_VALUE ? LEAST_VALUE : width;
    for (;;) {
        const char *end = memchr(value.data, '\n', value.length);
        struct span line = {value.data, end == NULL ? value.length : (size_t)(end - value.data)};
        size_t fitting = fit(line, width);
        if (fitting == value.length) {
            append_line(column, value);
            return;
        }
        if (column->lines == 1) {
            append_rest(column, value);
            return;
        }
        append_line(column, (struct span){line.data, fitting});
        size_t taken = fitting + (fitting < value.length &&
                                  (value.data[fitting] == ' ' || value.data[fitting] == '\n'));
        value.data += taken;
        value.length -= taken;
    }
}

static void append_scalar(struct text *line, const json_t *value) {
    if (json_is_string(value)) {
        struct span text = {json_string_value(value), json_string_length(value)};
        text_append(line, text.length == 0 ? span_of("\"\"") : text);
    } else if (json_wide_is(value)) {
        text_append_string(line, json_string_value(json_object_get(value, "$number")));
    } else if (json_is_integer(value)) {
        text_append_integer(line, json_integer_value(value));
    } else if (json_is_real(value)) {
        text_append_real(line, json_real_value(value));
    } else {
        text_append_string(line, json_is_true(value)    ? "true"
                                 : json_is_false(value) ? "false"
                                                        : "null");
    }
}

static bool is_nested(const json_t *value) {
    const json_t *first = json_is_array(value) ? json_array_get(value, 0) : value;
    return json_is_object(first) && !json_wide_is(first);
}

static void append_flat(struct text *out, const json_t *value, int indent) {
    struct text line = {0};
    struct column column = {.out = out, .indent = indent, .lines = MOST_LINES, .is_first = true};
    if (!json_is_array(value)) {
        append_scalar(&line, value);
    }
    for (size_t i = 0; i < json_array_size(value); i++) {
        text_append_string(&line, i == 0 ? "" : ", ");
        append_scalar(&line, json_array_get(value, i));
    }
    if (line.length == 0) {
        text_append_string(&line, "none");
    }
    append_wrapped(&column, text_span(&line));
    text_append_char(out, '\n');
    out->failed = out->failed || line.failed;
    text_free(&line);
}

/* The width of the longest name, within reason. */
static int name_width(const json_t *object) {
    int width = 0;
    const char *name;
    json_t *value;
    json_object_foreach((json_t *)object, name, value) {
        int length = (int)span_count_characters(span_of(name));
        if (length > width && length <= MOST_NAME) {
            width = length;
        }
    }
    return width;
}

/* An object, or an array of objects, below its name. */
static void append_nested(struct text *out, const json_t *value, int indent, int depth);

static void append_object(struct text *out, const json_t *object, int indent, int depth) {
    int width = name_width(object);
    const char *name;
    json_t *value;
    json_object_foreach((json_t *)object, name, value) {
        append_blanks(out, indent);
        fields_append_visible(out, span_of(name));
        if (is_nested(value)) {
            text_append_char(out, '\n');
            append_nested(out, value, indent + 2, depth + 1);
            continue;
        }
        int length = (int)span_count_characters(span_of(name));
        append_blanks(out, length < width ? width - length + 2 : 2);
        append_flat(out, value, indent + (length < width ? width : length) + 2);
    }
}

static void append_nested(struct text *out, const json_t *value, int indent, int depth) {
    if (depth > DEEPEST) {
        append_blanks(out, indent);
        text_append_string(out, "...\n");
        return;
    }
    if (json_is_object(value)) {
        append_object(out, value, indent, depth);
    }
    for (size_t i = 0; i < json_array_size(value); i++) {
        if (i > 0) {
            text_append_char(out, '\n');
        }
        append_object(out, json_array_get(value, i), indent, depth);
    }
}

void fields_append_one(struct text *out, const char *name, struct span value, int indent) {
    struct column column = {.out = out,
                            .indent = indent + (int)strlen(name) + 2,
                            .lines = MOST_LINES,
                            .is_first = true};
    append_blanks(out, indent);
    text_append_format(out, "%s  ", name);
    append_wrapped(&column, value);
    text_append_char(out, '\n');
}

void fields_append(struct text *out, const json_t *object, int indent) {
    append_object(out, object, indent, 0);
}

void fields_append_text(struct text *out, struct span json, int indent) {
    json_t *parsed = json_memory_load(json.data, json.length, JSON_ALLOW_NUL, NULL);
    if (json_is_object(parsed)) {
        fields_append(out, parsed, indent);
    } else {
        append_blanks(out, indent);
        fields_append_visible(out, json);
        text_append_char(out, '\n');
    }
    json_decref(parsed);
}

void json_append_indented(struct text *out, struct span json) {
    json_t *parsed = json_memory_load(json.data, json.length, JSON_ALLOW_NUL, NULL);
    char *indented = json_memory_dump(parsed, JSON_INDENT(2) | JSON_PRESERVE_ORDER);
    text_append(out, indented == NULL ? json : span_of(indented));
    json_memory_free(indented);
    json_decref(parsed);
}
