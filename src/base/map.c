#include "base/map.h"

#include <stdlib.h>
#include <string.h>

enum { FIRST_ENTRIES = 16, FIRST_SLOTS = 32 };

struct map_entry {
    struct span key;
    uint64_t hash;
    void *value;
};

void map_free(struct map *map) {
    free(map->entries);
    free(map->slots);
    arena_free(&map->keys);
    *map = (struct map){0};
}

/* FNV-1a, and the high bits folded in because the slots are chosen by the low ones. */
static uint64_t hash_of(struct span key) {
    uint64_t hash = UINT64_C(14695981039346656037);
    for (size_t i = 0; i < key.length; i++) {
        hash = (hash ^ (unsigned char)key.data[i]) * UINT64_C(1099511628211);
    }
    return hash ^ (hash >> 32);
}

static bool entry_has_key(const struct map_entry *entry, uint64_t hash, struct span key) {
    return entry->hash == hash && entry->key.length == key.length &&
           (key.length == 0 || memcmp(entry->key.data, key.data, key.length) == 0);
}

/* The key's slot, or the free one where it would go. There is always a free slot. */
static size_t find_slot(const struct map *map, uint64_t hash, struct span key) {
    size_t slot = (size_t)hash & (map->slot_count - 1);
    while (map->slots[slot] != 0 &&
           !entry_has_key(&map->entries[map->slots[slot] - 1], hash, key)) {
        slot = (slot + 1) & (map->slot_count - 1);
    }
    return slot;
}

void *map_find(const struct map *map, struct span key) {
    if (map->count == 0) {
        return NULL;
    }
    uint32_t position = map->slots[find_slot(map, hash_of(key), key)];
    return position == 0 ? NULL : map->entries[position - 1].value;
}

static int grow_entries(struct map *map) {
    size_t capacity = map->capacity == 0 ? FIRST_ENTRIES : map->capacity * 2;
    if (capacity > UINT32_MAX) {
        return -1;
    }
    struct map_entry *entries = realloc(map->entries, capacity * sizeof *entries);
    if (entries == NULL) {
        return -1;
    }
    map->entries = entries;
    map->capacity = capacity;
    return 0;
}

static int grow_slots(struct map *map) {
    size_t slot_count = map->slot_count == 0 ? FIRST_SLOTS : map->slot_count * 2;
    uint32_t *slots = calloc(slot_count, sizeof *slots);
    if (slots == NULL) {
        return -1;
    }
    for (size_t i = 0; i < map->count; i++) {
        size_t slot = (size_t)map->entries[i].hash & (slot_count - 1);
        while (slots[slot] != 0) {
            slot = (slot + 1) & (slot_count - 1);
        }
        slots[slot] = (uint32_t)i + 1;
    }
    free(map->slots);
    map->slots = slots;
    map->slot_count = slot_count;
    return 0;
}

/* At most half of the slots are taken, which keeps the probing short. */
static int make_room(struct map *map) {
    if (map->count == map->capacity && grow_entries(map) != 0) {
        return -1;
    }
    return (map->count + 1) * 2 > map->slot_count ? grow_slots(map) : 0;
}

int map_put(struct map *map, struct span key, void *value) {
    if (make_room(map) != 0) {
        return -1;
    }
    uint64_t hash = hash_of(key);
    size_t slot = find_slot(map, hash, key);
    if (map->slots[slot] != 0) {
        map->entries[map->slots[slot] - 1].value = value;
        return 0;
    }
    struct span copy = arena_copy(&map->keys, span_is_null(key) ? span_of("") : key);
    if (map->keys.failed) {
        map->keys.failed = false;
        return -1;
    }
    map->entries[map->count++] = (struct map_entry){copy, hash, value};
    map->slots[slot] = (uint32_t)map->count;
    return 0;
}

void *map_find_or_add(struct map *map, struct arena *arena, struct span key, size_t size,
                      struct error *error) {
    void *value = map_find(map, key);
    if (value != NULL) {
        return value;
    }
    value = arena_allocate(arena, size);
    if (value == NULL || map_put(map, key, value) != 0) {
        error_set_no_memory(error);
        return NULL;
    }
    return memset(value, 0, size);
}

size_t map_count(const struct map *map) {
    return map->count;
}

struct span map_key_at(const struct map *map, size_t index) {
    return map->entries[index].key;
}

void *map_value_at(const struct map *map, size_t index) {
    return map->entries[index].value;
}
