#define _GNU_SOURCE /* memmem */
#include "base/marker.h"

#include <string.h>

#include "base/json_memory.h"

static const char *const names[] = {[MARKER_RECORD] = "$new", [MARKER_SECRET] = "$secret"};
static const char *const members[] = {
    [MARKER_RECORD] = "\"$new\"", [MARKER_SECRET] = "\"$secret\""};

static const char *find_member(struct span json, size_t from, enum marker_what what) {
    if (from >= json.length) {
        return NULL;
    }
    return memmem(json.data + from, json.length - from, members[what], strlen(members[what]));
}

bool marker_may_be_in(struct span json, enum marker_what what) {
    return find_member(json, 0, what) != NULL;
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

/* Whether the object that begins at `at` is the marker. An object has nothing in front of its first
 * member, so that no quotation mark of a text's own is taken for the beginning of a member. */
static bool read_object(struct span json, size_t at, enum marker_what what, struct marker *marker) {
    json_error_t end;
    json_t *object = json_memory_load(json.data + at, json.length - at,
                                      JSON_DISABLE_EOF_CHECK | JSON_ALLOW_NUL, &end);
    const json_t *value = json_object_get(object, names[what]);
    bool is_marker = json_object_size(object) == 1 &&
                     (what == MARKER_RECORD ? read_record(value, marker) : json_is_true(value));
    if (is_marker) {
        marker->what = what;
        marker->at = at;
        marker->length = (size_t)end.position;
    }
    json_decref(object);
    return is_marker;
}

static bool is_blank(char c) {
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static bool read_at(struct span json, size_t member, enum marker_what what, struct marker *marker) {
    size_t at = member;
    while (at > 0 && is_blank(json.data[at - 1])) {
        at--;
    }
    return at > 0 && json.data[at - 1] == '{' && read_object(json, at - 1, what, marker);
}

/* The first one of that sort. */
static bool find_one(struct span json, size_t from, enum marker_what what, struct marker *marker) {
    const char *member;
    while ((member = find_member(json, from, what)) != NULL) {
        size_t at = (size_t)(member - json.data);
        if (read_at(json, at, what, marker)) {
            return true;
        }
        from = at + 1;
    }
    return false;
}

int marker_find(struct span json, size_t from, struct marker *marker, struct error *error) {
    json_memory_has_failed(); /* what was before does not count */
    bool is_found = find_one(json, from, MARKER_SECRET, marker);
    size_t secret = is_found ? marker->at : json.length;
    const struct span before = {json.data, secret};
    is_found = find_one(before, from, MARKER_RECORD, marker) || is_found;
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
