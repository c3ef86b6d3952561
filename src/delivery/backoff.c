#include "delivery/backoff.h"

#include "base/clock.h"

enum { FIRST_DELAY_MS = 250, LONGEST_DELAY_MS = 30000, MAX_DOUBLINGS = 7 };

/* xorshift64*: good enough for jitter. */
static uint64_t next_random(uint64_t *seed) {
    *seed ^= *seed >> 12;
    *seed ^= *seed << 25;
    *seed ^= *seed >> 27;
    return *seed * UINT64_C(2685821657736338717);
}

int64_t backoff_delay(int tries, uint64_t *seed) {
    int doublings = tries - 1 < MAX_DOUBLINGS ? tries - 1 : MAX_DOUBLINGS;
    int64_t delay_ms = (int64_t)FIRST_DELAY_MS << (doublings > 0 ? doublings : 0);
    if (delay_ms > LONGEST_DELAY_MS) {
        delay_ms = LONGEST_DELAY_MS;
    }
    /* Half of it is fixed and half random, so that many requests do not return at the same
     * moment. */
    int64_t half = delay_ms / 2;
    delay_ms = half + (int64_t)(next_random(seed) % (uint64_t)(half + 1));
    return delay_ms * CLOCK_MILLISECOND;
}
