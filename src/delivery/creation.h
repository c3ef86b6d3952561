/* When a record was made, seen from our request for it, on the target's own clock.
 *
 * A target that answers a post with the old record, where it has one, gives itself away by the
 * moment of creation. The clock behind it may be minutes off; how far it is ahead of clock_now() is
 * learned from records that were made by a request for certain. Until it is known, and whenever a
 * record does not agree with it, documents have to be looked up before they are sent.
 *
 * Plain values, nothing is owned; start from `{0}`. Moments are microseconds since 1970, or -1. */
#ifndef ROWPOST_DELIVERY_CREATION_H
#define ROWPOST_DELIVERY_CREATION_H

#include <stdbool.h>
#include <stdint.h>

#include "http/exchange.h"

/* How far the target's clock is ahead: between `least` and `most`. */
struct creation_clock {
    bool is_known;
    int64_t least;
    int64_t most;
};

/* The record in the answer of this exchange was made by it. What is learned from an exchange that
 * took long, or from a moment without a fraction of a second, is too rough to be kept. */
void creation_learn(struct creation_clock *clock, const struct exchange *exchange, int64_t created);

enum creation { CREATED_BEFORE, CREATED_BY_IT, CREATED_UNKNOWN };

/* Whether the record in the answer was there before. Unless it was CREATED_BY_IT, the clock is
 * known no more. */
enum creation creation_judge(struct creation_clock *clock, const struct exchange *exchange,
                             int64_t created);

#endif
