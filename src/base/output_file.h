/* A file that a command writes for its user: it is there whole, or as it was before.
 *
 * output_file_open() gives a stream that is written next to the file's place; output_file_publish()
 * gives it its name, output_file_discard() removes it. Both free it. A new file has mode 0600. What
 * is no regular file (a pipe, /dev/stdout) is written as it is. A database, and a file that belongs
 * to one (-wal, -shm, -journal), is never replaced: ERROR_USAGE. All errors name the option and the
 * file. */
#ifndef ROWPOST_BASE_OUTPUT_FILE_H
#define ROWPOST_BASE_OUTPUT_FILE_H

#include <stdio.h>

#include "base/error.h"

struct output_file;

/* `option` is what named the file, for messages: "-o". */
struct output_file *output_file_open(const char *option, const char *path, struct error *error);
FILE *output_file_stream(const struct output_file *file);

/* 0, or -1 with ERROR_DISK or ERROR_MEMORY; then the former file is as it was. */
int output_file_publish(struct output_file *file, struct error *error);
void output_file_discard(struct output_file *file); /* NULL is allowed */

/* 0 where the file may be replaced; else -1 with ERROR_USAGE. */
int output_file_check(const char *option, const char *path, struct error *error);

#endif
