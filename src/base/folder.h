/* The folder that a file is in, and its names. */
#ifndef ROWPOST_BASE_FOLDER_H
#define ROWPOST_BASE_FOLDER_H

#include "base/error.h"

/* Makes the names in the folder of the file durable: one that was given, changed or removed. 0, or
 * -1 with ERROR_DISK. Where the file system cannot do that, nothing is done. */
int folder_sync(const char *path, struct error *error);

/* Gives a file its name, never over another file: one that is there already is ERROR_DISK, as far
 * as the file system can promise it. Durable after folder_sync(). */
int folder_rename_new(const char *from, const char *path, struct error *error);

#endif
