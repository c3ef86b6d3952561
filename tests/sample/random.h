/* Pseudo random numbers that are the same on every machine.
 *
 * A generator is started from a seed and a place (what is being made, and its numbers), so that
 * each row can be made again, alone and in any order. Plain values, nothing is owned. */
#ifndef ROWPOST_SAMPLE_RANDOM_H
#define ROWPOST_SAMPLE_RANDOM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct random {
    uint64_t state;
};

/* What a generator is for: two purposes never share numbers. */
enum random_purpose {
    RANDOM_CAMPAIGN = 1,
    RANDOM_ROW,
    RANDOM_VERSION,
    RANDOM_QUEUE,
    RANDOM_RIGHTS
};

/* The generator of one place. */
struct random random_start(uint64_t seed, enum random_purpose purpose, uint64_t a, uint64_t b);

/* The next 64 bits. */
uint64_t random_next(struct random *random);

/* 0 to limit - 1; limit is at least 1. */
size_t random_below(struct random *random, size_t limit);

/* True in `percent` of 100 cases. */
bool random_chance(struct random *random, unsigned percent);

#endif
