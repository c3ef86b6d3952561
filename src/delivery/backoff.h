/* How long to wait before the next try: exponential backoff with jitter, never less than the target
 * asks for (RFC 9110, 10.2.3, Retry-After). */
#ifndef ROWPOST_DELIVERY_BACKOFF_H
#define ROWPOST_DELIVERY_BACKOFF_H

#include <stdint.h>

/* `tries` counts the tries that have failed so far, from 1; `retry_after_ms` is what the target
 * asked for, or -1; `*seed` is the state of the jitter and changes. Microseconds. */
int64_t backoff_delay(int tries, long retry_after_ms, uint64_t *seed);

#endif
