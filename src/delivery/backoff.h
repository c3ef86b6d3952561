/* How long to wait before the next try: exponential backoff with jitter. Retry-After is handled by
 * the pace (pace.h). */
#ifndef ROWPOST_DELIVERY_BACKOFF_H
#define ROWPOST_DELIVERY_BACKOFF_H

#include <stdint.h>

/* `tries` counts the tries that have failed so far, from 1; `*seed` is the state of the jitter and
 * changes. Microseconds. */
int64_t backoff_delay(int tries, uint64_t *seed);

#endif
