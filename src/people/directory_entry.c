#include "people/directory_private.h"

#include <jansson.h>
#include <stdlib.h>

#include "base/json_memory.h"

static const char *const keys[DIRECTORY_ATTRIBUTE_COUNT] = {
    [DIRECTORY_LOGIN] = "login", [DIRECTORY_NAME] = "name", [DIRECTORY_MAIL] = "mail"};

struct span directory_entry_first(const struct directory_entry *entry,
                                  enum directory_attribute attribute) {
    const struct directory_values *values = &entry->values[attribute];
    for (size_t i = 0; i < values->count; i++) {
        if (!span_is_empty(span_trim(values->items[i]))) {
            return values->items[i];
        }
    }
    return (struct span){0};
}

struct directory_entry *directory_entry_copy(const struct directory_entry *entry,
                                             struct arena *arena) {
    struct directory_entry *copy = arena_allocate(arena, sizeof *copy);
    if (copy == NULL) {
        return NULL;
    }
    *copy = (struct directory_entry){.dn = arena_copy(arena, entry->dn),
                                     .asked = arena_copy(arena, entry->asked)};
    for (size_t i = 0; i < DIRECTORY_ATTRIBUTE_COUNT; i++) {
        size_t count = entry->values[i].count;
        struct span *items = arena_allocate(arena, (count + 1) * sizeof *items);
        if (items == NULL) {
            return NULL;
        }
        for (size_t j = 0; j < count; j++) {
            items[j] = arena_copy(arena, entry->values[i].items[j]);
        }
        copy->values[i] = (struct directory_values){items, count};
    }
    return arena->failed ? NULL : copy;
}

void directory_entry_write(const struct directory_entry *entry, struct json_writer *json) {
    json_begin_object(json);
    json_member_string(json, "dn", entry->dn);
    for (size_t i = 0; i < DIRECTORY_ATTRIBUTE_COUNT; i++) {
        json_write_key(json, keys[i]);
        json_begin_array(json);
        for (size_t j = 0; j < entry->values[i].count; j++) {
            json_write_string(json, entry->values[i].items[j]);
        }
        json_end_array(json);
    }
    json_end_object(json);
}

static struct span text_of(const json_t *value) {
    const char *text = json_string_value(value);
    return (struct span){text, text == NULL ? 0 : json_string_length(value)};
}

/* The values are spans into the parsed answer; their array is the caller's to free. */
static struct span *read_entry(const json_t *object, struct directory_entry *entry) {
    size_t total = 0;
    for (size_t i = 0; i < DIRECTORY_ATTRIBUTE_COUNT; i++) {
        total += json_array_size(json_object_get(object, keys[i]));
    }
    struct span *items = calloc(total + 1, sizeof *items);
    size_t filled = 0;
    for (size_t i = 0; items != NULL && i < DIRECTORY_ATTRIBUTE_COUNT; i++) {
        const json_t *list = json_object_get(object, keys[i]);
        entry->values[i] = (struct directory_values){items + filled, json_array_size(list)};
        for (size_t j = 0; j < entry->values[i].count; j++) {
            items[filled++] = text_of(json_array_get(list, j));
        }
    }
    entry->dn = text_of(json_object_get(object, "dn"));
    return items;
}

int directory_entry_read_answer(struct span answer,
                                int (*take)(void *context, const struct directory_entry *entry,
                                            struct error *error),
                                void *context, struct error *error) {
    json_error_t problem;
    json_t *root = json_memory_load(answer.data, answer.length, 0, &problem);
    const json_t *entries = json_object_get(root, "entries");
    struct span asked = text_of(json_object_get(root, "asked"));
    int rc = 0;
    if (span_is_empty(asked) || !json_is_array(entries)) {
        rc = error_set(error, ERROR_WORKSPACE,
                       "an answer of the people directory that the workspace keeps cannot be "
                       "read; ask again with --people-refresh");
    }
    for (size_t i = 0; rc == 0 && i < json_array_size(entries); i++) {
        struct directory_entry entry = {.asked = asked};
        struct span *items = read_entry(json_array_get(entries, i), &entry);
        rc = items == NULL ? error_set_no_memory(error) : take(context, &entry, error);
        free(items);
    }
    json_decref(root);
    return rc;
}
