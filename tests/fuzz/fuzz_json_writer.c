/* The JSON writer. The input is a text to be quoted, behind a byte that says how much comes before
 * it (the writer works in chunks), and a script that nests values. */
#include <jansson.h>
#include <math.h>
#include <string.h>

#include "base/json_writer.h"
#include "fuzz.h"

enum { DEEPEST = 60, PADDING_UNIT = 8 };

static void check_quoted(struct span value) {
    struct text quoted = {0};

    json_append_quoted(&quoted, value);
    json_t *read = json_loadb(quoted.data, quoted.length, JSON_DECODE_ANY | JSON_ALLOW_NUL, NULL);
    json_t *same = json_stringn(value.data, value.length); /* NULL for what is not UTF-8 */
    CHECK(json_is_string(read) && json_is_utf8(text_span(&quoted)));
    CHECK((same != NULL) == json_is_utf8(value));
    if (same != NULL) {
        CHECK(json_equal(read, same));
    } else {
        struct span result = {json_string_value(read), json_string_length(read)};
        CHECK(span_find(result, "\xEF\xBF\xBD") != NULL);
    }
    json_decref(read);
    json_decref(same);
    text_free(&quoted);
}

static void check_padded(struct span input) {
    struct text value = {0};

    for (int i = 0; input.length > 0 && i < (unsigned char)input.data[0] * PADDING_UNIT; i++) {
        text_append_char(&value, 'a');
    }
    if (input.length > 0) {
        text_append(&value, (struct span){input.data + 1, input.length - 1});
    }
    check_quoted(text_span(&value));
    text_free(&value);
}

static double take_real(struct span *rest) {
    double value = 0;
    size_t length = rest->length < sizeof value ? rest->length : sizeof value;

    memcpy(&value, rest->data, length);
    rest->data += length;
    rest->length -= length;
    return value;
}

/* One value of an array. An array is opened, or the innermost closed, where there is one. */
static void write_value(struct json_writer *writer, struct span *rest) {
    char what = *rest->data++;
    rest->length--;
    if (what == '[' && writer->depth < DEEPEST) {
        json_begin_array(writer);
    } else if (what == ']' && writer->depth > 1) {
        json_end_array(writer);
    } else if (what == '{' && writer->depth < DEEPEST) {
        json_begin_object(writer);
        json_member_string(writer, "text", *rest);
        json_member_integer(writer, "size", (int64_t)rest->length);
        json_end_object(writer);
    } else if (what == 'n') {
        json_write_string(writer, (struct span){0});
    } else if (what == 't') {
        json_write_boolean(writer, true);
    } else if (what == 'r') {
        json_write_real(writer, take_real(rest));
    } else {
        json_write_integer(writer, what);
    }
}

static void check_script(struct span rest) {
    struct text out = {0};
    struct json_writer writer = json_writer_to(&out);

    json_begin_array(&writer);
    while (rest.length > 0) {
        write_value(&writer, &rest);
    }
    while (writer.depth > 0) {
        json_end_array(&writer);
    }
    json_t *read = json_loadb(out.data, out.length, JSON_ALLOW_NUL, NULL);
    CHECK(json_is_array(read));
    json_decref(read);
    text_free(&out);
}

/* A number reads back as the same. */
static void check_real(struct span rest) {
    struct text out = {0};
    struct json_writer writer = json_writer_to(&out);
    double value = rest.length < sizeof value ? 0 : take_real(&rest);

    json_write_real(&writer, value);
    json_t *read = json_loadb(out.data, out.length, JSON_DECODE_ANY, NULL);
    if (isfinite(value)) {
        CHECK(json_is_real(read) && !(json_real_value(read) < value) &&
              !(json_real_value(read) > value));
    } else {
        CHECK(json_is_null(read));
    }
    json_decref(read);
    text_free(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct span input = fuzz_span(data, size);

    check_quoted(input);
    check_padded(input);
    check_real(input);
    if (input.length < 1024) { /* each object repeats the rest */
        check_script(input);
    }
    return 0;
}
