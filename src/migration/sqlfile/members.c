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

/* Adds the member to `picked`, with the objects around it. */
static int pick(const json_t *value, const char *path, json_t *picked) {
    size_t length = strcspn(path, ".");
    json_t *member = json_object_getn(value, path, length);
    if (member == NULL) {
        return 0;
    }
    if (path[length] == '\0') {
        return json_object_setn(picked, path, length, member);
    }
    json_t *inner = json_object_getn(picked, path, length);
    if (inner == NULL) {
        inner = json_object();
        if (json_object_setn_new(picked, path, length, inner) != 0) {
            return -1;
        }
    }
    return pick(member, path + length + 1, inner);
}

json_t *members_pick(const struct members *members, const json_t *value) {
    json_t *picked = json_object();
    for (size_t i = 0; i < members->count && picked != NULL; i++) {
        if (pick(value, members->paths[i], picked) != 0) {
            json_decref(picked);
            picked = NULL;
        }
    }
    return picked;
}
