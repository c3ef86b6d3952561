/* What `rowpost` without a verb prints: what is in the current folder, and the next step, with a
 * command that can be pasted. */
#ifndef ROWPOST_CLI_GUIDE_H
#define ROWPOST_CLI_GUIDE_H

#include "base/error.h"
#include "base/text.h"

/* Appends the guide. `program` is the name by which the user called the program. Nothing is
 * changed, and the network is not used. 0, or -1 with ERROR_MEMORY. */
int guide_append(const char *program, struct text *out, struct error *error);

#endif
