/* Whether jansson has run out of memory. It does not say so itself: a text that it could not parse
 * for want of memory is bad JSON to it, and a value that it could not make is left out.
 *
 * json_memory_watch() is called before jansson is used at all; without it nothing is ever said to
 * have failed. What is kept is kept for each thread. */
#ifndef ROWPOST_BASE_JSON_MEMORY_H
#define ROWPOST_BASE_JSON_MEMORY_H

#include <stdbool.h>

void json_memory_watch(void);

/* True where an allocation of jansson's has failed since the last call. */
bool json_memory_has_failed(void);

#endif
