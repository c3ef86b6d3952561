#include "base/json_memory.h"

#include "base/json_wide.h"
#include "base/memory.h"

static bool has_failed;

/* jansson continues after a failure in ways that end in an assertion: it is given memory, and what
 * it makes of it is thrown away. */
static void *allocate(size_t size) {
    void *memory = memory_allocate(size);
    has_failed = has_failed || memory == NULL || memory_is_of_reserve(memory);
    return memory;
}

void json_memory_free(void *memory) {
    memory_free(memory);
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
