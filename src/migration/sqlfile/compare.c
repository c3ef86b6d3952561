#include "migration/sqlfile/compare.h"

#include <stdlib.h>
#include <string.h>

#include "base/json_memory.h"
#include "base/json_wide.h"
#include "base/text.h"

struct comparing {
    const struct compare_rules *rules;
    const struct difference_sink *sink; /* NULL: only counted */
    size_t count;
    struct text path;  /* "issue.custom_fields.id": as a migration names it */
    struct text shown; /* "issue.custom_fields[0].id" */
    bool has_failed;
};

static void compare(struct comparing *comparing, const json_t *planned, const json_t *found);

/* ---- a difference ---- */

/* A text as it is, null for null, all else as JSON. */
static struct span show(const json_t *value, char **memory) {
    if (value == NULL || json_is_null(value)) {
        return span_of(NULL);
    }
    if (json_is_string(value)) {
        return (struct span){json_string_value(value), json_string_length(value)};
    }
    *memory = json_memory_dump(value, JSON_COMPACT | JSON_ENCODE_ANY);
    return span_of(*memory);
}

static void differ(struct comparing *comparing, const json_t *planned, const json_t *found) {
    char *planned_memory = NULL;
    char *found_memory = NULL;
    comparing->count++;
    if (comparing->sink == NULL) {
        return;
    }
    const char *field =
        comparing->shown.length == 0 ? "whole record" : text_string(&comparing->shown);
    comparing->sink->add(comparing->sink->context, field, show(planned, &planned_memory),
                         show(found, &found_memory));
    json_memory_free(planned_memory);
    json_memory_free(found_memory);
}

/* ---- values ---- */

static bool is_equal(const json_t *planned, const json_t *found) {
    if (found == NULL) {
        return json_is_null(planned);
    }
    if (json_is_number(planned) && json_is_number(found)) {
        return json_is_integer(planned) && json_is_integer(found)
                   ? json_integer_value(planned) == json_integer_value(found)
                   : json_number_value(planned) == json_number_value(found);
    }
    return json_equal(planned, found) != 0;
}

static void compare_object(struct comparing *comparing, const json_t *planned,
                           const json_t *found) {
    size_t path = comparing->path.length;
    size_t shown = comparing->shown.length;
    const char *name;
    json_t *member;
    json_object_foreach((json_t *)planned, name, member) {
        text_append_format(&comparing->path, "%s%s", path == 0 ? "" : ".", name);
        text_append_format(&comparing->shown, "%s%s", shown == 0 ? "" : ".", name);
        if (comparing->path.failed || comparing->shown.failed) {
            comparing->has_failed = true;
            return;
        }
        compare(comparing, member, json_object_get(found, name));
        comparing->path.length = path;
        comparing->shown.length = shown;
        text_terminate(&comparing->path);
        text_terminate(&comparing->shown);
    }
}

static void compare_items(struct comparing *comparing, const json_t *planned, const json_t *found) {
    size_t shown = comparing->shown.length;
    for (size_t i = 0; i < json_array_size(planned); i++) {
        text_append_format(&comparing->shown, "[%zu]", i);
        if (comparing->shown.failed) {
            comparing->has_failed = true;
            return;
        }
        compare(comparing, json_array_get(planned, i), json_array_get(found, i));
        comparing->shown.length = shown;
        text_terminate(&comparing->shown);
    }
}

static bool are_same(struct comparing *comparing, const json_t *planned, const json_t *found) {
    const struct difference_sink *sink = comparing->sink;
    size_t count = comparing->count;
    comparing->sink = NULL;
    compare(comparing, planned, found);
    bool is_same = comparing->count == count;
    comparing->sink = sink;
    comparing->count = count;
    return is_same;
}

/* Each planned item has its own match among the found items; both lists have the same length. */
static void compare_unordered(struct comparing *comparing, const json_t *planned,
                              const json_t *found) {
    size_t count = json_array_size(planned);
    bool *is_taken = calloc(count + 1, sizeof *is_taken);
    size_t first = 0; /* matches of earlier items */
    size_t matched = 0;
    if (is_taken == NULL) {
        comparing->has_failed = true;
        return;
    }
    for (size_t i = 0; i < count && matched == i; i++) {
        for (size_t k = first; k < count && matched == i; k++) {
            if (!is_taken[k] &&
                are_same(comparing, json_array_get(planned, i), json_array_get(found, k))) {
                is_taken[k] = true;
                matched++;
            }
        }
        while (is_taken[first]) {
            first++;
        }
    }
    free(is_taken);
    if (matched < count) {
        differ(comparing, planned, found);
    }
}

static bool is_passed(const struct comparing *comparing, const json_t *planned) {
    struct span path = text_span(&comparing->path);
    return kind_is_secret(planned) || members_have(comparing->rules->ignored, path) ||
           members_have(comparing->rules->secret, path);
}

static void compare(struct comparing *comparing, const json_t *planned, const json_t *found) {
    if (is_passed(comparing, planned) || comparing->has_failed) {
        return;
    }
    if (json_is_object(planned) && json_is_object(found) && !json_wide_is(planned)) {
        compare_object(comparing, planned, found);
    } else if (json_is_array(planned) && json_is_array(found) &&
               json_array_size(planned) == json_array_size(found)) {
        if (members_have(comparing->rules->unordered, text_span(&comparing->path))) {
            compare_unordered(comparing, planned, found);
        } else {
            compare_items(comparing, planned, found);
        }
    } else if (!is_equal(planned, found)) {
        differ(comparing, planned, found);
    }
}

size_t compare_members(const json_t *planned, const json_t *found,
                       const struct compare_rules *rules, const struct difference_sink *sink) {
    struct comparing comparing = {.rules = rules, .sink = sink};
    compare(&comparing, planned, found);
    if (comparing.has_failed && sink->fail != NULL) {
        sink->fail(sink->context);
    }
    text_free(&comparing.path);
    text_free(&comparing.shown);
    return comparing.count;
}

json_t *compare_merge(const json_t *body, const json_t *expect) {
    json_t *merged = json_deep_copy(body);
    if (merged != NULL && json_is_object(merged) && json_is_object(expect) &&
        json_object_update_recursive(merged, (json_t *)expect) != 0) {
        json_decref(merged);
        return NULL;
    }
    return merged;
}
