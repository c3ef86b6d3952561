/* The text of a cookie file, for those who read it and who write it again. */
#ifndef ROWPOST_HTTP_COOKIE_FILE_PRIVATE_H
#define ROWPOST_HTTP_COOKIE_FILE_PRIVATE_H

#include <stdbool.h>

#include "base/error.h"
#include "base/span.h"
#include "base/text.h"

/* Reads the whole file, of 4 MB at most, without leaving copies of it in memory; the caller ends
 * the text with text_wipe(). ERROR_INPUT or ERROR_MEMORY. */
int cookie_file_read(const char *path, struct text *content, struct error *error);

/* The content after the byte order mark that some editors put in front of UTF-8. */
struct span cookie_file_start(const struct text *file);

/* Takes a line off the rest, without its end. False where there is none. */
bool cookie_file_next_line(struct span *rest, struct span *line);

#endif
