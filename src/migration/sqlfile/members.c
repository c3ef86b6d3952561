#include "migration/sqlfile/members.h"

#include <string.h>

int members_read(struct parsed_file *parsed, const struct annotation *owner, enum word word,
                 struct members *members, struct error *error) {
    size_t count = 0;
    for (size_t i = 1; i <= owner->parts; i++) {
        count += owner[i].word == word ? owner[i].list_count : 0;
    }
    const char **paths = arena_allocate(&parsed->arena, (count + 1) * sizeof *paths);
    if (paths == NULL) {
        return error_set_no_memory(error);
    }
    count = 0;
    for (size_t i = 1; i <= owner->parts; i++) {
        for (size_t k = 0; owner[i].word == word && k < owner[i].list_count; k++) {
            paths[count++] = owner[i].list[k];
        }
    }
    *members = (struct members){paths, count};
    return 0;
}

bool members_have(const struct members *members, struct span path) {
    for (size_t i = 0; i < members->count; i++) {
        if (span_equal_string(path, members->paths[i])) {
            return true;
        }
    }
    return false;
}

/* Whether the path is that member or in it, over places in arrays. */
static bool is_in(const char *member, const char *path) {
    while (*member != '\0' || *path == '[') {
        if (*path == '[') {
            path += strcspn(path, "]");
            path += *path == ']';
        } else if (*member++ != *path++) {
            return false;
        }
    }
    return *path == '\0' || *path == '.';
}

bool members_cover(const struct members *members, const char *path) {
    for (size_t i = 0; i < members->count; i++) {
        if (is_in(members->paths[i], path)) {
            return true;
        }
    }
    return false;
}

/* ---- masking ---- */

static void mask(json_t *value, const char *path) {
    size_t length = strcspn(path, ".");
    if (json_is_array(value)) {
        for (size_t i = 0; i < json_array_size(value); i++) {
            mask(json_array_get(value, i), path);
        }
        return;
    }
    json_t *member = json_object_getn(value, path, length);
    if (member == NULL) {
        return;
    }
    if (path[length] == '\0') {
        json_object_setn_new(value, path, length, json_string("***"));
    } else {
        mask(member, path + length + 1);
    }
}

void members_mask(const struct members *members, json_t *value) {
    for (size_t i = 0; i < members->count; i++) {
        mask(value, members->paths[i]);
    }
}

/* ---- picking ---- */

/* Whether one of them is in the member of that path. */
static bool lead_into(const struct members *members, struct span path) {
    for (size_t i = 0; i < members->count; i++) {
        const char *member = members->paths[i];
        if (strncmp(member, path.data, path.length) == 0 && member[path.length] == '.') {
            return true;
        }
    }
    return false;
}

static void keep_only(const struct members *members, struct text *path, json_t *value);

/* Whether the member is one of them, or has one in it: what else is in it is removed. */
static bool keep_in(const struct members *members, struct text *path, json_t *value) {
    if (members_have(members, text_span(path))) {
        return true;
    }
    if (!json_is_object(value) && !json_is_array(value)) {
        return false;
    }
    keep_only(members, path, value);
    return lead_into(members, text_span(path)) &&
           (json_is_array(value) || json_object_size(value) > 0);
}

/* Removes the other members from a value of that path, which the caller owns. */
static void keep_only(const struct members *members, struct text *path, json_t *value) {
    size_t length = path->length;
    const char *name;
    json_t *inner;
    void *next;
    size_t index;
    json_object_foreach_safe(value, next, name, inner) {
        text_append_format(path, "%s%s", length == 0 ? "" : ".", name);
        if (path->failed) {
            return;
        }
        if (!keep_in(members, path, inner)) {
            json_object_del(value, name);
        }
        path->length = length;
        text_terminate(path);
    }
    json_array_foreach(value, index, inner) {
        keep_only(members, path, inner);
    }
}

json_t *members_pick(const struct members *members, const json_t *value) {
    json_t *picked = json_is_object(value) ? json_deep_copy(value) : json_object();
    struct text path = {0};
    keep_only(members, &path, picked);
    if (path.failed) {
        json_decref(picked);
        picked = NULL;
    }
    text_free(&path);
    return picked;
}
