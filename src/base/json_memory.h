/* Whether jansson has run out of memory. It does not report this itself: a text that it could not
 * parse because memory was missing is bad JSON to it, and a value that it could not make is left
 * out.
 *
 * json_memory_watch() is called before jansson is used at all; without it no failure is ever
 * reported. One thread uses jansson. */
#ifndef ROWPOST_BASE_JSON_MEMORY_H
#define ROWPOST_BASE_JSON_MEMORY_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

void json_memory_watch(void);

/* As json_loadb(); but NULL, too, where memory ran out: jansson leaves out the characters for which
 * it has no room, and gives what it has read. A number that has no room in 64 bits is kept, and
 * compared as a text (base/json_wide.h). */
json_t *json_memory_load(const char *data, size_t length, size_t flags, json_error_t *problem);

/* As json_dumps() of what json_memory_load() has given; for json_memory_free(). */
char *json_memory_dump(const json_t *value, size_t flags);

/* Frees what json_dumps() has given; NULL is allowed. */
void json_memory_free(void *memory);

/* True where an allocation of jansson's has failed since the last call. */
bool json_memory_has_failed(void);

#endif
