#include "base/marker.h"

#include <string.h>

#include "base/json_memory.h"

static const char *const names[MARKER_COUNT] = {
    [MARKER_RECORD] = "$new", [MARKER_SECRET] = "$secret"};

/* Whether the dollar sign at `at` is the first character of the marker's member. */
static bool is_member(struct span json, size_t at, enum marker_what what) {
    size_t length = strlen(names[what]);
    return at > 0 && json.data[at - 1] == '"' && json.length - at > length &&
           memcmp(json.data + at, names[what], length) == 0 && json.data[at + length] == '"';
}

/* The next dollar sign; the text's length where there is none. */
static size_t find_dollar(struct span json, size_t from) {
    const char *found =
        from < json.length ? memchr(json.data + from, '$', json.length - from) : NULL;
    return found == NULL ? json.length : (size_t)(found - json.data);
}

bool marker_may_be_in(struct span json, enum marker_what what) {
    size_t at = find_dollar(json, 0);
    while (at < json.length && !is_member(json, at, what)) {
        at = find_dollar(json, at + 1);
    }
    return at < json.length;
}

static bool read_record(const json_t *value, struct marker *marker) {
    const json_t *kind = json_array_get(value, 0);
    const json_t *key = json_array_get(value, 1);
    if (json_array_size(value) != 2 || !json_is_string(kind) || !json_is_string(key)) {
        return false;
    }
    text_clear(&marker->kind);
    text_clear(&marker->key);
    text_append(&marker->kind, (struct span){json_string_value(kind), json_string_length(kind)});
    text_append(&marker->key, (struct span){json_string_value(key), json_string_length(key)});
    return true;
}

static bool is_blank(char c) {
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static size_t skip_blanks(struct span json, size_t at) {
    while (at < json.length && is_blank(json.data[at])) {
        at++;
    }
    return at;
}

/* The value of the member whose name ends at `*at`: a new reference, or NULL. `*at` becomes the end
 * of the object, in which nothing else may be. */
static json_t *read_value(struct span json, size_t *at) {
    json_error_t end;
    size_t from = skip_blanks(json, *at);
    if (from == json.length || json.data[from] != ':') {
        return NULL;
    }
    from = skip_blanks(json, from + 1);
    json_t *value =
        json_memory_load(json.data + from, json.length - from,
                         JSON_DISABLE_EOF_CHECK | JSON_DECODE_ANY | JSON_ALLOW_NUL, &end);
    size_t last = value == NULL ? json.length : skip_blanks(json, from + (size_t)end.position);
    if (last == json.length || json.data[last] != '}') {
        json_decref(value);
        return NULL;
    }
    *at = last + 1;
    return value;
}

/* Whether the member, whose name is in quotation marks at `member`, is the marker's: the first one
 * of its object. An object has nothing in front of its first member, so that no quotation mark of a
 * text's own is taken for the beginning of a member. */
static bool read_at(struct span json, size_t member, enum marker_what what, struct marker *marker) {
    size_t begin = member;
    size_t end = member + strlen(names[what]) + 2;
    while (begin > 0 && is_blank(json.data[begin - 1])) {
        begin--;
    }
    if (begin == 0 || json.data[begin - 1] != '{') {
        return false;
    }
    json_t *value = read_value(json, &end);
    bool is_marker = what == MARKER_RECORD ? read_record(value, marker) : json_is_true(value);
    if (is_marker) {
        marker->what = what;
        marker->at = begin - 1;
        marker->length = end - marker->at;
    }
    json_decref(value);
    return is_marker;
}

static bool find(struct span json, size_t from, struct marker *marker) {
    for (size_t at = find_dollar(json, from); at < json.length; at = find_dollar(json, at + 1)) {
        for (enum marker_what what = 0; what < MARKER_COUNT; what++) {
            if (is_member(json, at, what) && read_at(json, at - 1, what, marker)) {
                return true;
            }
        }
    }
    return false;
}

int marker_find(struct span json, size_t from, struct marker *marker, struct error *error) {
    json_memory_has_failed(); /* what was before does not count */
    bool is_found = find(json, from, marker);
    if (json_memory_has_failed() || marker->kind.failed || marker->key.failed) {
        return error_set_no_memory(error);
    }
    return is_found;
}

void marker_free(struct marker *marker) {
    text_free(&marker->kind);
    text_free(&marker->key);
    *marker = (struct marker){0};
}
