/* A word of a command that a person is to paste into a shell. */
#ifndef ROWPOST_BASE_SHELL_WORD_H
#define ROWPOST_BASE_SHELL_WORD_H

#include <stdbool.h>

#include "base/span.h"
#include "base/text.h"

/* Appends the word as it is where no shell takes anything in it for its own (POSIX, 2.2 Quoting);
 * else in single quotes. */
void shell_word_append(struct text *out, struct span word);

/* Whether a program takes the word for an option (POSIX, 12.2): one that only is `-` is none. */
bool shell_word_is_option(struct span word);

#endif
