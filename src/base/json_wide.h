/* Numbers of JSON that have no room in 64 bits: 12345678901234567890, 1e400. jansson refuses a text
 * that has one. In memory such a number is an object with its digits, `{"$number":"123..."}`, and
 * is compared as that text. json_memory_load() makes it, json_memory_dump() unmakes it. */
#ifndef ROWPOST_BASE_JSON_WIDE_H
#define ROWPOST_BASE_JSON_WIDE_H

#include <jansson.h>
#include <stdbool.h>

#include "base/span.h"
#include "base/text.h"

/* Whether the value is such a number. */
bool json_wide_is(const json_t *value);

/* Appends the JSON text with an object in the place of each such number. */
void json_wide_mark(struct span json, struct text *out);

/* Puts the numbers back into a JSON text, which becomes shorter. */
void json_wide_unmark(char *json);

#endif
