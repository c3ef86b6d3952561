/* The filters by which people are asked for (RFC 4515). Appended to a text, which stays the
 * caller's. */
#ifndef ROWPOST_PEOPLE_DIRECTORY_FILTER_H
#define ROWPOST_PEOPLE_DIRECTORY_FILTER_H

#include <stddef.h>

#include "base/span.h"
#include "base/text.h"
#include "people/directory_place.h"

/* A value as it stands in a filter: what has a meaning there, and every byte beyond ASCII, is
 * written as a backslash and two hexadecimal digits (RFC 4515, section 3). */
void directory_filter_append_value(struct text *out, struct span value);

/* Whoever has one of the names as login or as full name, within the place's own filter. */
void directory_filter_append(struct text *out, const struct directory_place *place,
                             const struct span *names, size_t count);

#endif
