/* The folder that a file is in. */
#ifndef ROWPOST_BASE_FOLDER_H
#define ROWPOST_BASE_FOLDER_H

#include "base/error.h"

/* Makes the names in the folder of the file durable: one that was given, changed or removed. 0, or
 * -1 with ERROR_DISK. Where the file system cannot do that, nothing is done. */
int folder_sync(const char *path, struct error *error);

#endif
