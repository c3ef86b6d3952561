#include "valdb/differences.h"

#include <stdbool.h>
#include <stdlib.h>

#include "base/json_memory.h"

struct span differences_text(const json_t *value) {
    if (!json_is_string(value)) {
        return (struct span){0};
    }
    return (struct span){json_string_value(value), json_string_length(value)};
}

/* A value as a person reads it: a text unchanged, everything else as JSON. NULL where memory ran
 * out or there is none. */
static char *describe(const json_t *value) {
    return value == NULL ? NULL : json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY);
}

void differences_fail(const struct difference_sink *sink) {
    if (sink->fail != NULL) {
        sink->fail(sink->context);
    }
}

size_t differences_add(const struct difference_sink *sink, const char *field, const json_t *planned,
                       const json_t *found) {
    char *planned_text = describe(planned);
    char *found_text = describe(found);
    sink->add(sink->context, field, span_of(planned_text), span_of(found_text));
    json_memory_free(planned_text);
    json_memory_free(found_text);
    return 1;
}

static bool is_nothing(const json_t *value) {
    return value == NULL || json_is_null(value);
}

size_t differences_in_value(const json_t *planned, const json_t *found, const char *field,
                            const struct difference_sink *sink) {
    if (is_nothing(planned) && is_nothing(found)) {
        return 0;
    }
    return json_equal(planned, found) ? 0 : differences_add(sink, field, planned, found);
}

static int compare_texts(const void *left, const void *right) {
    return span_compare(*(const struct span *)left, *(const struct span *)right);
}

/* The array's texts in order; NULL where it is no array of texts, or memory ran out. */
static struct span *sorted_texts(const json_t *array, const struct difference_sink *sink) {
    size_t count = json_array_size(array);
    struct span *texts = calloc(count + 1, sizeof *texts);
    if (texts == NULL) {
        differences_fail(sink);
        return NULL;
    }
    for (size_t i = 0; i < count; i++) {
        texts[i] = differences_text(json_array_get(array, i));
        if (span_is_null(texts[i])) {
            free(texts);
            return NULL;
        }
    }
    qsort(texts, count, sizeof *texts, compare_texts);
    return texts;
}

size_t differences_in_set(const json_t *planned, const json_t *found, const char *field,
                          const struct difference_sink *sink) {
    bool are_equal = false;
    size_t count = json_array_size(planned);
    if (json_is_array(planned) && json_is_array(found) && count == json_array_size(found)) {
        struct span *left = sorted_texts(planned, sink);
        struct span *right = sorted_texts(found, sink);
        are_equal = left != NULL && right != NULL;
        for (size_t i = 0; are_equal && i < count; i++) {
            are_equal = span_equal(left[i], right[i]);
        }
        free(left);
        free(right);
    }
    return are_equal ? 0 : differences_add(sink, field, planned, found);
}
