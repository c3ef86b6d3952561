/* A length of time as people read it. */
#ifndef ROWPOST_BASE_DURATION_H
#define ROWPOST_BASE_DURATION_H

#include <stdint.h>

#include "base/text.h"

/* Appends a blank and microseconds as " 0.4 s", " 27 s", " 2 min 27 s" or " 1 h 5 min". */
void duration_append(int64_t microseconds, struct text *out);

#endif
