/* A netrc file: user names and passwords by host. libcurl reads it and finds the host's; here it is
 * only seen to that it can be read, and by nobody else. */
#ifndef ROWPOST_TARGET_NETRC_H
#define ROWPOST_TARGET_NETRC_H

#include "base/error.h"

/* ERROR_INPUT, naming the file, where it is none, cannot be read, or its mode lets the group or
 * others at it. */
int netrc_check(const char *path, struct error *error);

#endif
