#include "random.h"

/* splitmix64: one addition, then a mixing of the bits. */
uint64_t random_next(struct random *random) {
    random->state += UINT64_C(0x9e3779b97f4a7c15);
    uint64_t bits = random->state;
    bits = (bits ^ (bits >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    bits = (bits ^ (bits >> 27)) * UINT64_C(0x94d049bb133111eb);
    return bits ^ (bits >> 31);
}

struct random random_start(uint64_t seed, enum random_purpose purpose, uint64_t a, uint64_t b) {
    struct random random = {.state = seed};
    random.state = random_next(&random) ^ (uint64_t)purpose;
    random.state = random_next(&random) ^ a;
    random.state = random_next(&random) ^ b;
    return random;
}

size_t random_below(struct random *random, size_t limit) {
    /* The bias of the remainder is far below anything a sample could show. */
    return (size_t)(random_next(random) % (uint64_t)limit);
}

bool random_chance(struct random *random, unsigned percent) {
    return random_below(random, 100) < percent;
}
