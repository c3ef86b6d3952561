/* When a record was made relative to our request for it, by the target's own clock.
 *
 * A target that answers a post with an old record can be recognized by the creation time. Its clock
 * may be minutes off; its lead over clock_now() is learned from records that were certainly made by
 * a request. Until it is known, and whenever a record does not agree with it, documents have to be
 * looked up before they are sent.
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

/* Whether an exchange that takes so long is precise enough to learn from. */
bool creation_may_learn(int64_t duration);

/* The record in the answer of this exchange was made by it. A long exchange, or a creation time
 * without a fraction of a second, is too imprecise to learn from. */
void creation_learn(struct creation_clock *clock, const struct exchange *exchange, int64_t created);

enum creation { CREATED_BEFORE, CREATED_BY_IT, CREATED_UNKNOWN };

/* Whether the record in the answer existed before. Unless the result is CREATED_BY_IT, the clock
 * counts as unknown again. */
enum creation creation_judge(struct creation_clock *clock, const struct exchange *exchange,
                             int64_t created);

#endif
