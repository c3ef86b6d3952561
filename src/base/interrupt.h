/* The one piece of global state: whether the user has asked the program to stop.
 *
 * interrupt_watch() makes the first SIGINT or SIGTERM a request; the loops look at
 * interrupt_requested() between two steps, end cleanly and report how to continue. A second signal
 * ends the program at once, as everything that counts is durable already. */
#ifndef ROWPOST_BASE_INTERRUPT_H
#define ROWPOST_BASE_INTERRUPT_H

#include <stdbool.h>

void interrupt_watch(void);
bool interrupt_requested(void);

#endif
