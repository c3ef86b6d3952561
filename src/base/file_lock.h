/* A lock on a file that ends with the process: an open-file-description lock on a byte far beyond
 * what SQLite locks.
 *
 * Its descriptor must be opened before SQLite opens the file and closed after: closing any
 * descriptor of a file drops the classic locks that SQLite holds on it. */
#ifndef ROWPOST_BASE_FILE_LOCK_H
#define ROWPOST_BASE_FILE_LOCK_H

#include <stdbool.h>

#include "base/error.h"

/* Tries to lock. 1: it is ours; 0: another process has it; -1: the error. */
int file_lock_take(int descriptor, const char *path, struct error *error);

/* Whether a process has it locked, without locking it. */
bool file_lock_is_taken(int descriptor);

#endif
