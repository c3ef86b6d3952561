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

void user_append_search(struct text *path, const char *list, struct span text) {
    struct text pattern = {0};
    user_append_escaped(&pattern, text);
    text_append_format(path, "%s?search=", list);
    text_append_percent_encoded(path, text_span(&pattern));
    text_append_string(path, "&sort=");
    path->failed = path->failed || pattern.failed;
    text_free(&pattern);
}

int user_build_find(const struct migration_kind *kind, const struct kind_document *document,
                    struct kind_draft *draft) {
    (void)kind;
    user_append_search(draft->path, "/api/users/",
                       differences_text(json_object_get(document->body, "email")));
    return 1;
}

static void match(const struct kind_document *document, const json_t *record,
                  struct kind_matches *matches) {
    const json_t *email = json_object_get(document->body, "email");
    if (email != NULL && json_equal(json_object_get(record, "email"), email)) {
        kind_matches_add_record(matches, record, "id", "created_at");
    }
}

bool user_find_matches(const struct migration_kind *kind, const struct kind_document *document,
                       const struct kind_answer *answer, struct kind_matches *matches) {
    (void)kind;
    if (answer->to == KIND_CREATE || answer->to == KIND_UPDATE) {
        match(document, answer->json, matches);
        return json_is_object(answer->json);
    }
    for (size_t i = 0; i < json_array_size(answer->json); i++) {
        match(document, json_array_get(answer->json, i), matches);
    }
    return json_is_array(answer->json);
}

size_t user_compare(const struct migration_kind *kind, const struct kind_document *document,
                    const json_t *record, enum comparison comparison,
                    const struct difference_sink *differences) {
    (void)kind;
    const json_t *body = document->body;
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

enum kind_reading user_read_answer(const struct migration_kind *kind,
                                   const struct kind_document *document,
                                   const struct kind_answer *answer) {
    static const char check[] = "Email ";
    (void)kind;
    (void)document;
    const char *message = json_string_value(json_object_get(answer->json, "message"));
    return answer->status / 100 == 4 && message != NULL &&
                   strncmp(message, check, sizeof check - 1) == 0
               ? READING_UNSTORED
               : READING_NONE;
}

bool user_can_update(const struct migration_kind *kind, const char *field) {
    (void)kind;
    return strcmp(field, "role") == 0 || strcmp(field, "groups") == 0;
}

int user_build_removal(const struct migration_kind *kind, const struct kind_document *document,
                       struct kind_draft *draft) {
    (void)kind;
    text_append_string(draft->path, "/api/users/");
    text_append_percent_encoded(draft->path, document->id.text);
    text_append_char(draft->path, '/');
    return 1;
}

int user_build_update(const struct migration_kind *kind, const struct kind_document *document,
                      struct kind_draft *draft) {
    const json_t *body = document->body;
    json_t *change = json_object();
    bool is_whole = json_object_set(change, "role", json_object_get(body, "role")) == 0 &&
                    json_object_set(change, "groups", json_object_get(body, "groups")) == 0;
    char *dumped = is_whole ? json_dumps(change, JSON_COMPACT) : NULL;
    text_append_string(draft->body, dumped);
    draft->body->failed = draft->body->failed || dumped == NULL; /* half a change must not leave */
    json_memory_free(dumped);
    json_decref(change);
    return user_build_removal(kind, document, draft);
}

struct span user_known_as(const struct migration_kind *kind, const json_t *body) {
    (void)kind;
    return differences_text(json_object_get(body, "email"));
}
