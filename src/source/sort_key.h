/* The bytes by which rows are put in order: comparing two keys with memcmp() is comparing the
 * values that they were made of, one after another.
 *
 * Private to src/source. The order is SQLite's own ("Datatypes in SQLite", 4.1, BINARY): null, then
 * numbers by value, whole or not, then texts and then blobs by their bytes. No key is the beginning
 * of another one. */
#ifndef ROWPOST_SOURCE_SORT_KEY_H
#define ROWPOST_SOURCE_SORT_KEY_H

#include <stddef.h>

#include "source/source.h"

/* The most bytes that the value's part of a key takes. */
size_t sort_key_room(const struct value *value);

/* Writes the part; returns what comes behind it. */
char *sort_key_write(char *room, const struct value *value);

#endif
