/* A clock that never goes back, for measuring and waiting. Not for dates. */
#ifndef ROWPOST_BASE_CLOCK_H
#define ROWPOST_BASE_CLOCK_H

#include <stdint.h>

enum { CLOCK_MILLISECOND = 1000, CLOCK_SECOND = 1000000 };

/* Microseconds since some moment in the past. */
int64_t clock_now(void);

#endif
