#include "valdb/user_record.h"

#include <stdlib.h>
#include <string.h>

#include "base/json_memory.h"
#include "valdb/differences.h"
#include "valdb/users.h"

void user_append_escaped(struct text *out, struct span text) {
    for (size_t i = 0; i < text.length; i++) {
        char c = text.data[i];
        if (c != '\0' && strchr("\\^$.|?*+()[]{}", c) != NULL) {
            text_append_char(out, '\\');
        }
        text_append_char(out, c);
    }
}

int user_build_lookup_path(struct span key, const json_t *body, struct text *path) {
    (void)key;
    struct text pattern = {0};
    user_append_escaped(&pattern, differences_text(json_object_get(body, "email")));
    text_append_string(path, "/api/users/?search=");
    text_append_percent_encoded(path, text_span(&pattern));
    text_append_string(path, "&sort=");
    path->failed = path->failed || pattern.failed;
    text_free(&pattern);
    return 1;
}

bool user_is_record_of(struct span key, const json_t *body, const json_t *record) {
    (void)key;
    const json_t *email = json_object_get(body, "email");
    return email != NULL && json_equal(json_object_get(record, "email"), email);
}

enum lookup_result user_find_record(const json_t *answer, struct span key, const json_t *body,
                                    const json_t **record) {
    if (!json_is_array(answer)) {
        return LOOKUP_UNREADABLE;
    }
    for (size_t i = 0; i < json_array_size(answer); i++) {
        const json_t *candidate = json_array_get(answer, i);
        if (user_is_record_of(key, body, candidate)) {
            *record = candidate;
            return LOOKUP_FOUND;
        }
    }
    return LOOKUP_MISSING;
}

size_t user_compare(const json_t *body, const json_t *record, enum comparison comparison,
                    const struct difference_sink *differences) {
    static const char *const plain_fields[] = {"email", "role"};
    size_t count = 0;
    for (size_t i = 0; i < sizeof plain_fields / sizeof *plain_fields; i++) {
        count += differences_in_value(json_object_get(body, plain_fields[i]),
                                      json_object_get(record, plain_fields[i]), plain_fields[i],
                                      differences);
    }
    const json_t *fullname = json_object_get(body, "fullname");
    if (!json_is_null(fullname) || comparison == COMPARE_ANSWER) {
        count += differences_in_value(fullname, json_object_get(record, "fullname"), "fullname",
                                      differences);
    }
    if (json_integer_value(json_object_get(body, "role")) != ROLE_ADMINISTRATOR) {
        count += differences_in_set(json_object_get(body, "groups"),
                                    json_object_get(record, "groups"), "groups", differences);
    }
    return count;
}

bool user_is_refused_unstored(const json_t *answer) {
    static const char check[] = "Email ";
    const char *message = json_string_value(json_object_get(answer, "message"));
    return message != NULL && strncmp(message, check, sizeof check - 1) == 0;
}

bool user_can_update(const char *field) {
    return strcmp(field, "role") == 0 || strcmp(field, "groups") == 0;
}

void user_build_removal_path(struct span id, struct text *path) {
    text_append_string(path, "/api/users/");
    text_append_percent_encoded(path, id);
    text_append_char(path, '/');
}

void user_build_update(struct span id, const json_t *body, struct text *path, struct text *update) {
    user_build_removal_path(id, path);
    json_t *change = json_object();
    bool is_whole = json_object_set(change, "role", json_object_get(body, "role")) == 0 &&
                    json_object_set(change, "groups", json_object_get(body, "groups")) == 0;
    char *dumped = is_whole ? json_dumps(change, JSON_COMPACT) : NULL;
    text_append_string(update, dumped);
    update->failed = update->failed || dumped == NULL; /* half a change must not leave */
    json_memory_free(dumped);
    json_decref(change);
}
