/* A list of people as CSV: `user_name,email,fullname`, header first, RFC 4180.
 *
 * directory_create() replaces the file (mode 0600); directory_finish() ends it, and
 * directory_close() frees the rest in every case. Texts in the arguments stay the caller's.
 * Functions return 0, or -1 with ERROR_DISK. */
#ifndef ROWPOST_SAMPLE_DIRECTORY_H
#define ROWPOST_SAMPLE_DIRECTORY_H

#include "base/error.h"

struct directory;

/* A new list at `path`, to be closed by the caller; NULL on failure. */
struct directory *directory_create(const char *path, struct error *error);

/* One line; a field is quoted where the format asks for it. */
int directory_add(struct directory *directory, const char *user_name, const char *email,
                  const char *fullname, struct error *error);

/* Everything is in the file afterwards; nothing can be added. */
int directory_finish(struct directory *directory, struct error *error);

/* Frees; NULL is allowed. */
void directory_close(struct directory *directory);

#endif
