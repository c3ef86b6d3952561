#include "base/arena.h"

#include <stdalign.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

enum { FIRST_BLOCK = 4096, LARGEST_BLOCK = 1 << 20 };

struct arena_block {
    struct arena_block *next;
    size_t capacity;
    size_t used;
    alignas(max_align_t) unsigned char bytes[];
};

/* Blocks double up to a limit; a piece that is larger gets a block of its own size. */
static struct arena_block *add_block(struct arena *arena, size_t size) {
    size_t capacity = arena->blocks == NULL ? FIRST_BLOCK : arena->blocks->capacity * 2;
    if (capacity > LARGEST_BLOCK) {
        capacity = LARGEST_BLOCK;
    }
    if (capacity < size) {
        capacity = size;
    }
    struct arena_block *block = malloc(sizeof *block + capacity);
    if (block == NULL) {
        memory_note_failure();
        return NULL;
    }
    block->next = arena->blocks;
    block->capacity = capacity;
    block->used = 0;
    arena->blocks = block;
    return block;
}

void *arena_allocate(struct arena *arena, size_t size) {
    const size_t alignment = alignof(max_align_t);
    if (size > SIZE_MAX / 4) {
        arena->failed = true;
        return NULL;
    }
    size = (size + alignment - 1) / alignment * alignment;
    struct arena_block *block = arena->blocks;
    if (block == NULL || block->capacity - block->used < size) {
        block = add_block(arena, size);
    }
    if (block == NULL) {
        arena->failed = true;
        return NULL;
    }
    void *piece = block->bytes + block->used;
    block->used += size;
    return piece;
}

struct span arena_copy(struct arena *arena, struct span span) {
    if (span_is_null(span)) {
        return span;
    }
    char *copy = arena_allocate(arena, span.length + 1);
    if (copy == NULL) {
        return (struct span){"", 0};
    }
    memcpy(copy, span.data, span.length);
    copy[span.length] = '\0';
    return (struct span){copy, span.length};
}

void arena_reset(struct arena *arena) {
    struct arena_block *largest = arena->blocks;
    for (struct arena_block *block = largest; block != NULL; block = block->next) {
        if (block->capacity > largest->capacity) {
            largest = block;
        }
    }
    for (struct arena_block *block = arena->blocks, *next = NULL; block != NULL; block = next) {
        next = block->next;
        if (block != largest) {
            free(block);
        }
    }
    if (largest != NULL) {
        largest->next = NULL;
        largest->used = 0;
    }
    arena->blocks = largest;
}

void arena_free(struct arena *arena) {
    arena_reset(arena);
    free(arena->blocks);
    arena->blocks = NULL;
}
