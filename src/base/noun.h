/* The right word after a number in a message: "1 row", "2 rows". */
#ifndef ROWPOST_BASE_NOUN_H
#define ROWPOST_BASE_NOUN_H

#include <stdint.h>

/* `one` where the count is 1, else `many`. Both are borrowed; also for verbs: "is", "are". */
static inline const char *noun_of(int64_t count, const char *one, const char *many) {
    return count == 1 ? one : many;
}

#endif
