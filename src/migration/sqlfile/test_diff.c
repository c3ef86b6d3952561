/* What differs between two texts, line by line. */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "base/json_memory.h"
#include "migration/sqlfile/tests_private.h"

enum { LINES_MOST = 2000 }; /* a longer body is shown whole */

struct lines {
    struct span *items;
    size_t count;
};

static int split(const char *text, struct lines *lines) {
    size_t most = 1;
    for (const char *c = text; *c != '\0'; c++) {
        most += *c == '\n';
    }
    *lines = (struct lines){.items = calloc(most, sizeof *lines->items)};
    while (lines->items != NULL && *text != '\0') {
        size_t length = strcspn(text, "\n");
        lines->items[lines->count++] = (struct span){text, length};
        text += length + (text[length] == '\n');
    }
    return lines->items == NULL ? -1 : 0;
}

static void append_line(const char *mark, struct span line, struct text *out) {
    text_append_string(out, mark);
    text_append(out, line);
    text_append_char(out, '\n');
}

/* The lengths of the longest common parts after each pair of places. */
static uint16_t *measure(const struct lines *a, const struct lines *b) {
    size_t width = b->count + 1;
    uint16_t *common = calloc((a->count + 1) * width, sizeof *common);
    for (size_t i = a->count; common != NULL && i-- > 0;) {
        for (size_t k = b->count; k-- > 0;) {
            uint16_t down = common[(i + 1) * width + k];
            uint16_t right = common[i * width + k + 1];
            common[i * width + k] = span_equal(a->items[i], b->items[k])
                                        ? (uint16_t)(common[(i + 1) * width + k + 1] + 1)
                                        : (down > right ? down : right);
        }
    }
    return common;
}

static void append_lines(const struct lines *a, const struct lines *b, const uint16_t *common,
                         struct text *out) {
    size_t width = b->count + 1;
    size_t i = 0;
    size_t k = 0;
    while (i < a->count || k < b->count) {
        bool is_both = i < a->count && k < b->count && span_equal(a->items[i], b->items[k]);
        bool is_old = k == b->count ||
                      (i < a->count && common != NULL &&
                       common[(i + 1) * width + k] >= common[i * width + k + 1]) ||
                      (common == NULL && i < a->count);
        if (is_both && common != NULL) {
            append_line("  ", a->items[i++], out);
            k++;
        } else if (is_old) {
            append_line("- ", a->items[i++], out);
        } else {
            append_line("+ ", b->items[k++], out);
        }
    }
}

void test_append_diff(const char *expected, const char *found, struct text *out) {
    struct lines a = {0};
    struct lines b = {0};
    if (split(expected, &a) == 0 && split(found, &b) == 0) {
        bool is_long = a.count > LINES_MOST || b.count > LINES_MOST;
        uint16_t *common = is_long ? NULL : measure(&a, &b);
        append_lines(&a, &b, common, out);
        free(common);
    } else {
        out->failed = true;
    }
    free(a.items);
    free(b.items);
}

void test_append_sorted(struct span json, struct text *out) {
    json_t *value =
        json_memory_load(json.data, json.length, JSON_DECODE_ANY | JSON_ALLOW_NUL, NULL);
    char *sorted = value == NULL
                       ? NULL
                       : json_memory_dump(value, JSON_INDENT(2) | JSON_SORT_KEYS | JSON_ENCODE_ANY);
    if (sorted == NULL) {
        text_append(out, json);
    } else {
        text_append_string(out, sorted);
    }
    json_memory_free(sorted);
    json_decref(value);
}
