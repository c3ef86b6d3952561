#include "base/json_memory.h"

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "base/json_wide.h"

enum { RESERVE_SIZE = 256 * 1024 };

/* jansson continues after a failure in ways that end in an assertion. It is given memory from here,
 * and what it makes of it is thrown away. */
static struct {
    size_t used;
    size_t pieces;
    _Alignas(max_align_t) char bytes[RESERVE_SIZE];
} reserve;

static bool has_failed;

static void *take_from_reserve(size_t size) {
    const size_t alignment = _Alignof(max_align_t);
    size_t left = RESERVE_SIZE - reserve.used;
    if (size > left) {
        return NULL;
    }
    size_t whole = (size + alignment - 1) / alignment * alignment;
    void *piece = reserve.bytes + reserve.used;
    reserve.used += whole < left ? whole : left;
    reserve.pieces++;
    return piece;
}

static void *allocate(size_t size) {
    void *memory = malloc(size);
    if (memory != NULL) {
        return memory;
    }
    has_failed = true;
    return take_from_reserve(size);
}

void json_memory_free(void *memory) {
    uintptr_t place = (uintptr_t)memory;
    uintptr_t start = (uintptr_t)reserve.bytes;
    if (place < start || place >= start + RESERVE_SIZE) {
        free(memory);
        return;
    }
    reserve.pieces--;
    if (reserve.pieces == 0) {
        reserve.used = 0;
    }
}

void json_memory_watch(void) {
    json_set_alloc_funcs(allocate, json_memory_free);
}

static json_t *load_wide(const char *data, size_t length, size_t flags, json_error_t *problem) {
    struct text marked = {0};
    json_wide_mark((struct span){data, length}, &marked);
    json_t *root =
        marked.failed ? NULL : json_loadb(text_string(&marked), marked.length, flags, problem);
    has_failed = has_failed || marked.failed;
    text_free(&marked);
    return root;
}

json_t *json_memory_load(const char *data, size_t length, size_t flags, json_error_t *problem) {
    bool had_failed = has_failed;
    json_error_t own = {0};
    problem = problem == NULL ? &own : problem;
    has_failed = false;
    json_t *root = json_loadb(data, length, flags, problem);
    if (root == NULL && json_error_code(problem) == json_error_numeric_overflow) {
        root = load_wide(data, length, flags, problem);
    }
    if (has_failed) {
        json_decref(root);
        root = NULL;
    }
    has_failed = has_failed || had_failed;
    return root;
}

char *json_memory_dump(const json_t *value, size_t flags) {
    char *dumped = json_dumps(value, flags);
    if (dumped != NULL) {
        json_wide_unmark(dumped);
    }
    return dumped;
}

bool json_memory_has_failed(void) {
    bool failed = has_failed;
    has_failed = false;
    return failed;
}
