/* Descriptors, Oracle's notation of nested names and values: (NAME=value) or (NAME=(...)(...)).
 *
 * Private to src/oracle. A parameter points into the text that it was read from; nothing is owned.
 * Names are compared without regard to case, and blanks around names and values do not count.
 * Parentheses in double quotes are text. */
#ifndef ROWPOST_ORACLE_DESCRIPTOR_H
#define ROWPOST_ORACLE_DESCRIPTOR_H

#include <stdbool.h>
#include <stddef.h>

#include "oracle/bytes.h"

struct parameter {
    const char *name;
    size_t name_length;
    const char *value; /* as it is there; nested ones with their parentheses */
    size_t value_length;
    const char *end; /* after the closing parenthesis */
};

/* Reads the parameter that begins at `text` (blanks before it are skipped), at most up to `end`.
 * False: there is none, or its parentheses do not match. */
bool descriptor_next(const char *text, const char *end, struct parameter *parameter);

/* Whether the parameter is called so. */
bool descriptor_is(const struct parameter *parameter, const char *name);

/* The first parameter of that name, at any depth. */
bool descriptor_find(const char *text, const char *end, const char *name,
                     struct parameter *parameter);

/* Appends the text without the blanks around names, values and parentheses. */
void descriptor_append_compact(const char *text, const char *end, struct bytes *out);

/* Copies the value, cut at the room. False: it does not fit. */
bool descriptor_copy(const struct parameter *parameter, char *room, size_t size);

#endif
