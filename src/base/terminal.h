/* Text from data, made safe for a terminal.
 *
 * A name or a comment of a database may hold what a terminal obeys or what deceives the eye: C0 and
 * C1 controls, marks that turn the direction of the text, separators that break a line. They are
 * shown as numbers (`\u001b`, which is also how JSON writes them), and bytes that are not UTF-8 as
 * `\x9b`. Tabs, line feeds and the program's own colours pass. */
#ifndef ROWPOST_BASE_TERMINAL_H
#define ROWPOST_BASE_TERMINAL_H

#include <stddef.h>
#include <stdio.h>

enum { TERMINAL_PIECE = 8 };

/* The program's own colours. */
#define TERMINAL_BOLD "\033[1m"
#define TERMINAL_RED "\033[31m"
#define TERMINAL_PLAIN "\033[0m"

/* Writes the character that begins at `text`, `length` bytes before the end, in its safe form.
 * Returns the bytes taken from the text; `*written` is how many are in `piece`. */
size_t terminal_take(const char *text, size_t length, char piece[TERMINAL_PIECE], size_t *written);

/* A stream whose text reaches `under` in its safe form. Closing it flushes `under`. NULL where
 * there is no memory. */
FILE *terminal_open(FILE *under);

#endif
