/* The recent rate of some work: how many a second in the last seconds. A slow start, a pause or
 * what was quick long ago does not count.
 *
 * Plain values, nothing is owned; start from `{0}`. Moments are clock_now()'s and never go back. */
#ifndef ROWPOST_BASE_RATE_H
#define ROWPOST_BASE_RATE_H

#include <stddef.h>
#include <stdint.h>

#include "base/clock.h"

enum { RATE_WINDOW = 10 * CLOCK_SECOND, RATE_MARKS = 11 };

struct rate {
    struct rate_mark {
        int64_t moment;
        uint64_t done;
    } marks[RATE_MARKS]; /* at least a second apart; the latest is at (count - 1) % RATE_MARKS */
    size_t count;        /* of all marks so far */
};

/* So many are done now. May be called as often as there is something new. */
void rate_note(struct rate *rate, int64_t now, uint64_t done);

/* How many a second in the last RATE_WINDOW microseconds, or since the first note; 0 before that.
 */
double rate_per_second(const struct rate *rate, int64_t now, uint64_t done);

#endif
