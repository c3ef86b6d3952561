#include "migration/kind.h"

static void take_id(const json_t *id, struct text *out, bool *is_number) {
    if (json_is_integer(id)) {
        text_append_format(out, "%" JSON_INTEGER_FORMAT, json_integer_value(id));
    } else {
        text_append_string(out, json_is_string(id) ? json_string_value(id) : "");
    }
    *is_number = json_is_integer(id);
}

/* A list may lack the names of its records, and then shows when they were made. */
static void add(struct kind_matches *matches, const json_t *id, const char *created) {
    struct text name = {0};
    bool is_number;
    take_id(id, &name, &is_number);
    if (matches->count == 0) {
        text_append(&matches->id, text_span(&name));
        matches->id_is_number = is_number;
        matches->created = span_of(created);
    }
    text_append_string(&matches->names, matches->count == 0 ? "" : ", ");
    if (name.length > 0) {
        text_append(&matches->names, text_span(&name));
    } else if (created != NULL) {
        text_append_format(&matches->names, "made %s", created);
    }
    matches->id.failed = matches->id.failed || name.failed;
    matches->count++;
    text_free(&name);
}

void kind_matches_add_record(struct kind_matches *matches, const json_t *record,
                             const char *id_field, const char *created_field) {
    matches->record = matches->count == 0 ? record : matches->record;
    add(matches, json_object_get(record, id_field),
        json_string_value(json_object_get(record, created_field)));
}

void kind_matches_add_id(struct kind_matches *matches, const json_t *id) {
    add(matches, id, NULL);
}

void kind_matches_free(struct kind_matches *matches) {
    text_free(&matches->id);
    text_free(&matches->names);
    *matches = (struct kind_matches){0};
}

bool kind_has(const struct migration_kind *kind, enum kind_request which) {
    return which == KIND_CREATE || kind->build[which] != NULL;
}

bool kind_is_compared(const struct migration_kind *kind) {
    return kind->compare != NULL || kind->compare_part != NULL;
}

bool kind_is_secret(const json_t *value) {
    return json_object_size(value) == 1 && json_is_true(json_object_get(value, "$secret"));
}

bool kind_holds_secret(const json_t *value) {
    const char *name;
    json_t *inner;
    size_t index;
    if (kind_is_secret(value)) {
        return true;
    }
    json_object_foreach((json_t *)value, name, inner) {
        if (kind_holds_secret(inner)) {
            return true;
        }
    }
    json_array_foreach(value, index, inner) {
        if (kind_holds_secret(inner)) {
            return true;
        }
    }
    return false;
}

/* A secret, or an array with one among its items: a target takes an array that lacks an item as the
 * wish to remove it. */
static bool is_sent_once(const json_t *value) {
    json_t *item;
    size_t index;
    json_array_foreach(value, index, item) {
        if (is_sent_once(item)) {
            return true;
        }
    }
    return kind_is_secret(value);
}

/* From a value that the caller owns. */
static void remove_sent_once(json_t *json) {
    const char *name;
    json_t *value;
    void *next;
    size_t index;
    json_object_foreach_safe(json, next, name, value) {
        if (is_sent_once(value)) {
            json_object_del(json, name);
        } else {
            remove_sent_once(value);
        }
    }
    json_array_foreach(json, index, value) {
        remove_sent_once(value);
    }
}

static int build_update(const struct migration_kind *kind, const struct kind_document *document,
                        struct kind_draft *draft) {
    struct kind_document stripped = *document;
    if (is_sent_once(document->body)) {
        return 0;
    }
    json_t *body = json_deep_copy(document->body);
    if (body == NULL && document->body != NULL) {
        draft->body->failed = true;
        return 1;
    }
    remove_sent_once(body);
    stripped.body = body;
    int rc = kind->build[KIND_UPDATE](kind, &stripped, draft);
    json_decref(body);
    return rc;
}

int kind_build(const struct migration_kind *kind, const struct kind_document *document,
               struct kind_draft *draft) {
    static const char *const methods[KIND_REQUEST_COUNT] = {
        [KIND_CREATE] = "POST", [KIND_FIND] = "GET",   [KIND_EXISTENCE] = "GET",
        [KIND_READ] = "GET",    [KIND_UPDATE] = "PUT", [KIND_REMOVE] = "DELETE",
        [KIND_LIST] = "GET",
    };
    draft->method = methods[draft->which];
    if (draft->which == KIND_UPDATE && kind->build[KIND_UPDATE] != NULL) {
        return build_update(kind, document, draft);
    }
    if (kind->build[draft->which] != NULL) {
        return kind->build[draft->which](kind, document, draft);
    }
    if (draft->which != KIND_CREATE) {
        return 0;
    }
    text_append_string(draft->path, kind->post_path);
    return 1;
}
