#include "base/json_memory.h"

#include <jansson.h>
#include <stdlib.h>

static _Thread_local bool has_failed;

static void *allocate(size_t size) {
    void *memory = malloc(size);
    has_failed = has_failed || memory == NULL;
    return memory;
}

void json_memory_watch(void) {
    json_set_alloc_funcs(allocate, free);
}

bool json_memory_has_failed(void) {
    bool failed = has_failed;
    has_failed = false;
    return failed;
}
