/* A sentence in a buffer of fixed size, fit to be shown to a person: always terminated, cut at a
 * character's boundary; a control character is a blank, a byte that is not UTF-8 a question mark.
 * Nothing is owned. */
#ifndef ROWPOST_HTTP_SENTENCE_H
#define ROWPOST_HTTP_SENTENCE_H

#include <stddef.h>

#include "base/span.h"

/* Adds to the text in the buffer (`size` bytes, terminated) as much as there is room for. */
void sentence_append(char *buffer, size_t size, struct span words);

#endif
