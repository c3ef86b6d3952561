/* A file that holds a secret, read without leaving copies of it in memory. */
#ifndef ROWPOST_CLI_SECRET_FILE_H
#define ROWPOST_CLI_SECRET_FILE_H

#include "base/error.h"
#include "base/text.h"

/* Appends the whole file to `content`, which the caller ends with text_wipe(). `name` is how the
 * message names the file. -1 with ERROR_INPUT. */
int secret_file_read(const char *name, const char *path, struct text *content, struct error *error);

/* Removes line breaks from the end: a password in a file is one line. */
void secret_file_cut_line_end(struct text *content);

#endif
