/* The header Retry-After (RFC 9110, 10.2.3). */
#ifndef ROWPOST_TARGET_RETRY_AFTER_H
#define ROWPOST_TARGET_RETRY_AFTER_H

#include <stdint.h>

enum { RETRY_AFTER_MOST_MS = 60 * 60 * 1000 };

/* Milliseconds to wait: of whole seconds, or until an HTTP date (0 if that is over); never more
 * than an hour. -1 for NULL and for what is neither. `now` is in microseconds since 1970. */
long retry_after_parse(const char *value, int64_t now);

#endif
