/* Whether the program was asked to stop, and by which signal: a state of the whole process.
 *
 * interrupt_watch() makes the first SIGINT or SIGTERM a request; the loops look at
 * interrupt_requested() between two steps and end cleanly. A second signal ends the program at
 * once, as everything that counts is durable already. */
#ifndef ROWPOST_BASE_INTERRUPT_H
#define ROWPOST_BASE_INTERRUPT_H

#include <stdbool.h>

#include "base/error.h"

void interrupt_watch(void);
bool interrupt_requested(void);

/* Once it was requested: ERROR_INTERRUPTED, "stopped by Ctrl-C" or "stopped by SIGTERM", followed
 * by `where`, such as " while planning". Returns -1. */
int interrupt_set_error(struct error *error, const char *where);

#endif
