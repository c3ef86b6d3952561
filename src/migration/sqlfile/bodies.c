/* What a body is: JSON, with markers of records that have no id yet. */
#include <jansson.h>
#include <limits.h>
#include <string.h>

#include "base/json_memory.h"
#include "base/json_writer.h"
#include "migration/sqlfile/plan_private.h"

int body_reader_open(struct body_reader *reader, sqlite3 *database, struct error *error) {
    return statement_prepare(&reader->validity, database, "SELECT json_valid(?1)", error);
}

void body_reader_close(struct body_reader *reader) {
    statement_finalize(&reader->validity);
    marker_free(&reader->marker);
}

/* ---- is it JSON? ---- */

static bool is_valid(const struct body_reader *reader, struct span json) {
    struct statement validity = reader->validity;
    struct error ignored; /* the other parser decides */
    statement_bind_text(&validity, 1, json);
    bool is_valid =
        statement_step(&validity, &ignored) == 1 && statement_integer(&validity, 0) == 1;
    statement_reset(&validity);
    return is_valid;
}

static bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

/* Whether there is a text in it that begins like an object or an array; or a character by its
 * number, a number with an exponent or a NUL, which SQLite takes and jansson may refuse. */
static bool needs_both_parsers(struct span json) {
    static const bool is_second[UCHAR_MAX + 1] = {
        ['{'] = true, ['['] = true, ['u'] = true, ['e'] = true, ['E'] = true, ['\0'] = true};
    for (size_t i = 0; i < json.length; i++) {
        char c = json.data[i];
        if (!is_second[(unsigned char)c]) {
            continue;
        }
        char before = json.data[i > 0 ? i - 1 : 0];
        if ((before == '"' && (c == '{' || c == '[')) || (before == '\\' && c == 'u') ||
            (is_digit(before) && (c == 'e' || c == 'E')) || c == '\0') {
            return true;
        }
    }
    return false;
}

/* ---- objects and arrays as text ---- */

struct search {
    size_t count;
    struct text *first;
};

/* An object or an array that was meant to be one, and went through a table. */
static void look_at_text(struct search *search, const char *name, const json_t *value) {
    const char *text = json_string_value(value);
    if (*text != '{' && *text != '[') {
        return;
    }
    json_t *inside = json_memory_load(text, strlen(text), JSON_DECODE_INT_AS_REAL, NULL);
    if (inside != NULL && search->count++ == 0) {
        text_append_string(search->first, name);
    }
    json_decref(inside);
}

/* Deeper than any API goes; jansson stops at 2048 itself. */
enum { DEPTH_MOST = 200 };

static void search_texts(struct search *search, const char *name, json_t *value, int depth) {
    const char *member;
    json_t *item;
    size_t index;
    if (json_is_string(value)) {
        look_at_text(search, name, value);
    } else if (depth < DEPTH_MOST && json_is_object(value)) {
        json_object_foreach(value, member, item) {
            search_texts(search, member, item, depth + 1);
        }
    } else if (depth < DEPTH_MOST && json_is_array(value)) {
        json_array_foreach(value, index, item) {
            search_texts(search, name, item, depth + 1);
        }
    }
}

/* The parser that delivery reads a body with, which takes six times as long as SQLite's. */
static int look_closer(struct span json, struct search *search, struct text *reason) {
    json_error_t wrong;
    json_t *root = json_memory_load(
        json.data, json.length, JSON_DECODE_ANY | JSON_DECODE_INT_AS_REAL | JSON_ALLOW_NUL, &wrong);
    if (root == NULL) {
        text_append_format(reason, "%s, at character %d", wrong.text, wrong.position);
        return -1;
    }
    search_texts(search, "the body", root, 0);
    json_decref(root);
    return 0;
}

int body_inspect(const struct body_reader *reader, struct span body, size_t *texts,
                 struct text *found, struct text *reason) {
    struct search search = {.first = found};
    bool is_plain = !needs_both_parsers(body) && json_is_utf8(body) && is_valid(reader, body);
    int rc = is_plain ? 0 : look_closer(body, &search, reason);
    *texts = search.count;
    return rc;
}

/* ---- references ---- */

int body_list_references(struct body_reader *reader, struct span body,
                         int (*refer)(void *context, const char *kind, const char *key,
                                      struct error *error),
                         void *context, struct error *error) {
    struct marker *marker = &reader->marker;
    int rc = marker_may_be_in(body, MARKER_RECORD) ? 1 : 0;
    size_t from = 0;
    while (rc == 1 && (rc = marker_find(body, from, marker, error)) == 1) {
        if (marker->what == MARKER_RECORD &&
            refer(context, text_string(&marker->kind), text_string(&marker->key), error) != 0) {
            return -1;
        }
        from = marker->at + marker->length;
    }
    return rc;
}
