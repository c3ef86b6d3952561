#include "base/memory.h"

#include <malloc.h>
#include <openssl/crypto.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { RESERVE_SIZE = 1024 * 1024 };

/* A piece of the reserve. */
struct piece {
    size_t size;
    _Alignas(max_align_t) char bytes[];
};

/* Pieces are taken one after the other; when all are free, it starts again. */
static struct {
    pthread_mutex_t lock; /* libcurl looks up names in a thread */
    size_t used;
    size_t pieces;
    _Alignas(max_align_t) char bytes[RESERVE_SIZE];
} reserve = {.lock = PTHREAD_MUTEX_INITIALIZER};

static atomic_bool has_failed;

static void *take_from_reserve(size_t size) {
    const size_t alignment = _Alignof(max_align_t);
    struct piece *piece = NULL;
    pthread_mutex_lock(&reserve.lock);
    size_t left = RESERVE_SIZE - reserve.used;
    if (size <= RESERVE_SIZE && size + sizeof *piece + alignment <= left) {
        piece = (struct piece *)(void *)(reserve.bytes + reserve.used);
        piece->size = size;
        reserve.used += sizeof *piece + (size + alignment - 1) / alignment * alignment;
        reserve.pieces++;
    }
    pthread_mutex_unlock(&reserve.lock);
    return piece == NULL ? NULL : piece->bytes;
}

bool memory_is_of_reserve(const void *memory) {
    uintptr_t place = (uintptr_t)memory;
    uintptr_t start = (uintptr_t)reserve.bytes;
    return place >= start && place < start + RESERVE_SIZE;
}

void *memory_allocate(size_t size) {
    void *memory = malloc(size);
    if (memory == NULL) {
        memory = take_from_reserve(size);
    }
    return memory;
}

void *memory_allocate_cleared(size_t count, size_t size) {
    void *memory = calloc(count, size);
    if (memory != NULL || (size != 0 && count > RESERVE_SIZE / size)) {
        return memory;
    }
    memory = take_from_reserve(count * size);
    return memory == NULL ? NULL : memset(memory, 0, count * size);
}

static size_t find_size(void *memory) {
    if (!memory_is_of_reserve(memory)) {
        return malloc_usable_size(memory);
    }
    const char *piece = (const char *)memory - offsetof(struct piece, bytes);
    return ((const struct piece *)(const void *)piece)->size;
}

void *memory_reallocate(void *memory, size_t size) {
    if (memory == NULL) {
        return memory_allocate(size);
    }
    if (size == 0) {
        memory_free(memory);
        return NULL;
    }
    bool is_of_reserve = memory_is_of_reserve(memory);
    void *moved = is_of_reserve ? NULL : realloc(memory, size);
    if (moved != NULL) {
        return moved;
    }
    size_t kept = find_size(memory);
    void *copy = is_of_reserve ? memory_allocate(size) : take_from_reserve(size);
    if (copy != NULL) {
        memcpy(copy, memory, kept < size ? kept : size);
        memory_free(memory);
    }
    return copy;
}

char *memory_copy_string(const char *string) {
    size_t size = strlen(string) + 1;
    char *copy = memory_allocate(size);
    return copy == NULL ? NULL : memcpy(copy, string, size);
}

void memory_free(void *memory) {
    if (!memory_is_of_reserve(memory)) {
        free(memory);
        return;
    }
    pthread_mutex_lock(&reserve.lock);
    reserve.pieces--;
    if (reserve.pieces == 0) {
        reserve.used = 0;
    }
    pthread_mutex_unlock(&reserve.lock);
}

/* OpenSSL also passes the place of the call. */
static void *allocate_for_openssl(size_t size, const char *file, int line) {
    (void)file;
    (void)line;
    return memory_allocate(size);
}

static void *reallocate_for_openssl(void *memory, size_t size, const char *file, int line) {
    (void)file;
    (void)line;
    return memory_reallocate(memory, size);
}

static void free_for_openssl(void *memory, const char *file, int line) {
    (void)file;
    (void)line;
    memory_free(memory);
}

void memory_serve_openssl(void) {
    CRYPTO_set_mem_functions(allocate_for_openssl, reallocate_for_openssl, free_for_openssl);
}

void memory_note_failure(void) {
    has_failed = true;
}

int memory_check(struct error *error) {
    return has_failed ? error_set_no_memory(error) : 0;
}
