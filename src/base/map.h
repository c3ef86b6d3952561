/* A hash map from texts to pointers that remembers the order of insertion.
 *
 * `struct map` owns copies of its keys; the values are the caller's. Start from `{0}`, end with
 * map_free(). Keys are compared byte by byte; fold them first where case does not count. Null is
 * the same key as the empty text. Nothing is ever removed. */
#ifndef ROWPOST_BASE_MAP_H
#define ROWPOST_BASE_MAP_H

#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/span.h"

struct map_entry;

struct map {
    struct map_entry *entries; /* in the order of insertion */
    size_t count;
    size_t capacity;
    uint32_t *slots; /* open addressing: position in `entries` + 1, or 0 */
    size_t slot_count;
    struct arena keys;
};

void map_free(struct map *map);

/* The value, or NULL where the key is not there (or its value is NULL). */
void *map_find(const struct map *map, struct span key);

/* Adds the key, or replaces its value (its place in the order stays). 0, or -1 where memory ran
 * out; the map is then as it was. */
int map_put(struct map *map, struct span key, void *value);

/* The value of the key; where the key is new, a piece of the arena of that size, all of it zero.
 * NULL with the error where memory ran out. */
void *map_find_or_add(struct map *map, struct arena *arena, struct span key, size_t size,
                      struct error *error);

size_t map_count(const struct map *map);

/* The key and the value that were added as number `index`, from 0; `index < map_count()`. Keys are
 * NUL-terminated and live as long as the map. */
struct span map_key_at(const struct map *map, size_t index);
void *map_value_at(const struct map *map, size_t index);

#endif
