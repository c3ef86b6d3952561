/* The texts that are made for the target. The input is a comment; behind a form feed, the links. */
#include <jansson.h>
#include <string.h>

#include "base/json_writer.h"
#include "fuzz.h"
#include "valdb/texts.h"

static const struct span finished = {"OK", 2};

/* Nothing that JSON would have to hide: of the C0 controls tab and line feed alone. */
static void check_shown(struct span text) {
    for (size_t i = 0; i < text.length; i++) {
        unsigned char byte = (unsigned char)text.data[i];
        CHECK(byte >= ' ' || byte == '\t' || byte == '\n');
    }
}

static size_t count_byte(struct span text, char byte) {
    size_t count = 0;
    for (size_t i = 0; i < text.length; i++) {
        count += text.data[i] == byte;
    }
    return count;
}

/* As JSON it is read back as it was. */
static void check_json(struct span text) {
    struct text quoted = {0};

    json_append_quoted(&quoted, text);
    json_t *value = json_loadb(quoted.data, quoted.length, JSON_DECODE_ANY, NULL);
    CHECK(json_is_string(value));
    struct span back = {json_string_value(value), json_string_length(value)};
    CHECK(span_equal(back, text) || !json_is_utf8(text));
    json_decref(value);
    text_free(&quoted);
}

static void check_clean(struct span raw) {
    struct text clean = {0};
    struct text again = {0};
    struct text line = {0};

    texts_append_clean(&clean, raw, LAYOUT_BLOCK);
    struct span span = text_span(&clean);
    check_shown(span);
    check_json(span);
    CHECK(span_equal(span_trim_blanks(span), span));
    CHECK(texts_are_equal_cleaned(raw, span));
    texts_append_clean(&again, span, LAYOUT_BLOCK);
    CHECK(span_equal(text_span(&again), span));
    texts_append_clean(&line, raw, LAYOUT_LINE);
    CHECK(count_byte(text_span(&line), '\n') == 0 && line.length == clean.length);
    text_free(&clean);
    text_free(&again);
    text_free(&line);
}

/* Bars without a backslash right before them: those that end a cell. */
static size_t count_cell_ends(struct span line) {
    size_t count = 0;
    for (size_t i = 0; i < line.length; i++) {
        count += line.data[i] == '|' && (i == 0 || line.data[i - 1] != '\\');
    }
    return count;
}

/* Whatever a row holds, it stays one row of six cell ends, or one item of a list. */
static void check_rows(struct span comments, struct span who) {
    struct history_row version = {.status = finished, .comments = comments, .who = who};
    struct earlier_row earlier = {.status = finished, .comments = comments};
    struct text out = {0};

    texts_begin_history(&out);
    texts_append_version(&out, &version, NULL);
    struct span rest = text_span(&out);
    check_shown(rest);
    CHECK(count_byte(rest, '\n') == 4);
    for (int i = 0; i < 4; i++) {
        fuzz_take(&rest, '\n');
    }
    CHECK(count_cell_ends(rest) == 6);
    text_clear(&out);
    texts_begin_earlier(&out);
    texts_append_earlier(&out, &earlier);
    check_shown(text_span(&out));
    CHECK(count_byte(text_span(&out), '\n') == 1);
    text_free(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static struct patterns *patterns;
    struct span links = fuzz_span(data, size);
    struct span comments = fuzz_take(&links, '\f');
    struct text out = {0};
    struct error error;

    if (patterns == NULL) {
        patterns = patterns_create(&error);
        CHECK(patterns != NULL);
    }
    check_clean(comments);
    check_rows(comments, links);
    texts_append_comments_and_links(&out, patterns, comments, links);
    check_shown(text_span(&out));
    check_json(text_span(&out));
    CHECK(out.data[out.length - 1] != '\n');
    text_free(&out);
    return 0;
}
