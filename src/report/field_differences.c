#include "report/field_differences.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/json_memory.h"
#include "base/json_wide.h"

enum { DEEPEST = 64 }; /* what is deeper is compared as a whole */

/* The way to where the comparison is, and whether memory has run out. */
struct search {
    struct field_differences *differences;
    struct text path;
    int depth;
    bool has_failed;
};

static void clear(struct field_differences *differences) {
    while (differences->count > 0) {
        text_free(&differences->items[--differences->count].field);
    }
}

void field_differences_free(struct field_differences *differences) {
    clear(differences);
    free(differences->items);
    *differences = (struct field_differences){0};
}

static void add(struct search *search, const json_t *first, const json_t *second) {
    struct field_differences *list = search->differences;
    if (list->count == list->capacity) {
        size_t capacity = list->capacity == 0 ? 16 : 2 * list->capacity;
        struct field_difference *items = realloc(list->items, capacity * sizeof *items);
        if (items == NULL) {
            search->has_failed = true;
            return;
        }
        list->items = items;
        list->capacity = capacity;
    }
    struct field_difference *item = &list->items[list->count++];
    *item = (struct field_difference){.first = first, .second = second};
    text_append(&item->field, text_span(&search->path));
    search->has_failed = search->has_failed || item->field.failed;
}

static void compare(struct search *search, const json_t *first, const json_t *second);

/* Compares one level below; the name is appended to the path, and removed again. */
static void compare_below(struct search *search, const char *before, const char *name,
                          const char *after, const json_t *first, const json_t *second) {
    size_t length = search->path.length;
    text_append_format(&search->path, "%s%s%s", length == 0 && *after == '\0' ? "" : before, name,
                       after);
    search->depth++;
    compare(search, first, second);
    search->depth--;
    if (search->path.failed) {
        search->has_failed = true;
        return;
    }
    search->path.length = length;
    text_terminate(&search->path);
}

/* The members of two objects, each below a name between the two marks. */
static void compare_members(struct search *search, const char *before, const char *after,
                            const json_t *first, const json_t *second) {
    const char *name;
    json_t *value;
    json_object_foreach((json_t *)first, name, value) {
        compare_below(search, before, name, after, value, json_object_get(second, name));
    }
    json_object_foreach((json_t *)second, name, value) {
        if (json_object_get(first, name) == NULL) {
            compare_below(search, before, name, after, NULL, value);
        }
    }
}

/* A text or a whole number as the name of an element; NULL: it is neither. */
static const char *name_of(const json_t *element, const char *member, struct text *name) {
    const json_t *value = json_object_get(element, member);
    text_clear(name);
    if (json_is_string(value)) {
        text_append(name, (struct span){json_string_value(value), json_string_length(value)});
    } else if (json_is_integer(value)) {
        text_append_integer(name, json_integer_value(value));
    } else {
        return NULL;
    }
    return text_string(name);
}

/* The elements by the values of the member; NULL where they have no such names. The caller releases
 * it. */
static json_t *index_by(const json_t *array, const char *member) {
    json_t *index = json_object();
    struct text name = {0};
    size_t position;
    json_t *element;
    bool is_named = index != NULL;
    json_array_foreach(array, position, element) {
        is_named = is_named && name_of(element, member, &name) != NULL &&
                   json_object_get(index, text_string(&name)) == NULL &&
                   json_object_set(index, text_string(&name), element) == 0;
    }
    text_free(&name);
    if (!is_named) {
        json_decref(index);
    }
    return is_named ? index : NULL;
}

static bool are_objects(const json_t *array) {
    size_t position;
    json_t *element;
    json_array_foreach(array, position, element) {
        if (!json_is_object(element)) {
            return false;
        }
    }
    return true;
}

static void compare_places(struct search *search, const json_t *first, const json_t *second) {
    size_t most = json_array_size(first);
    most = json_array_size(second) > most ? json_array_size(second) : most;
    for (size_t i = 0; i < most; i++) {
        struct text place = {0};
        text_append_integer(&place, (int64_t)i);
        compare_below(search, "[", text_string(&place), "]", json_array_get(first, i),
                      json_array_get(second, i));
        text_free(&place);
    }
}

/* Whether the elements have the same names in the same order: the order is content, too. */
static bool have_same_order(const json_t *first, const json_t *second) {
    void *a = json_object_iter((json_t *)first);
    void *b = json_object_iter((json_t *)second);
    while (a != NULL && b != NULL) {
        if (json_object_get(second, json_object_iter_key(a)) == NULL) {
            a = json_object_iter_next((json_t *)first, a);
            continue;
        }
        if (json_object_get(first, json_object_iter_key(b)) == NULL) {
            b = json_object_iter_next((json_t *)second, b);
            continue;
        }
        if (strcmp(json_object_iter_key(a), json_object_iter_key(b)) != 0) {
            return false;
        }
        a = json_object_iter_next((json_t *)first, a);
        b = json_object_iter_next((json_t *)second, b);
    }
    return true;
}

static void compare_elements(struct search *search, const json_t *first, const json_t *second) {
    const char *member;
    json_t *value;
    json_t *some = json_array_get(json_array_size(first) > 0 ? first : second, 0);
    json_object_foreach(some, member, value) {
        json_t *a =
            json_is_string(value) || json_is_integer(value) ? index_by(first, member) : NULL;
        json_t *b = a == NULL ? NULL : index_by(second, member);
        bool is_named = b != NULL && have_same_order(a, b);
        if (is_named) {
            compare_members(search, "[", "]", a, b);
        }
        json_decref(a);
        json_decref(b);
        if (is_named) {
            return;
        }
    }
    compare_places(search, first, second);
}

/* NULL is a field that the side does not have; it is not the same as null. */
static bool are_equal(const json_t *first, const json_t *second) {
    return first != NULL && second != NULL && json_equal(first, second);
}

static void compare(struct search *search, const json_t *first, const json_t *second) {
    bool is_shallow = search->depth < DEEPEST;
    if (are_equal(first, second)) {
        return;
    }
    if (is_shallow && json_is_object(first) && json_is_object(second) && !json_wide_is(first)) {
        compare_members(search, ".", "", first, second);
    } else if (is_shallow && json_is_array(first) && json_is_array(second) && are_objects(first) &&
               are_objects(second)) {
        compare_elements(search, first, second);
    } else {
        add(search, first, second);
    }
}

int field_differences_find(struct field_differences *differences, const json_t *first,
                           const json_t *second, struct error *error) {
    clear(differences);
    struct search search = {.differences = differences};
    json_memory_has_failed(); /* what failed before is somebody else's */
    compare(&search, first, second);
    text_free(&search.path);
    return search.has_failed || json_memory_has_failed() ? error_set_no_memory(error) : 0;
}
