/* An arena: many small pieces that die together, such as the rows of one campaign.
 *
 * `struct arena` owns every byte handed out; start from `{0}`, arena_reset() forgets the pieces
 * and keeps the largest block for reuse, arena_free() gives everything back. Pieces are aligned
 * for any type and not cleared. */
#ifndef ROWPOST_BASE_ARENA_H
#define ROWPOST_BASE_ARENA_H

#include <stdbool.h>
#include <stddef.h>

#include "base/span.h"

struct arena_block;

struct arena {
    struct arena_block *blocks;
    bool failed; /* memory has run out; a reset does not forget it */
};

/* NULL (and `failed`) where memory ran out. */
void *arena_allocate(struct arena *arena, size_t size);

/* A copy of the span that lives as long as the arena, NUL-terminated; null stays null. Where
 * memory ran out: an empty span, and `failed` is set. */
struct span arena_copy(struct arena *arena, struct span span);

void arena_reset(struct arena *arena);
void arena_free(struct arena *arena);

#endif
