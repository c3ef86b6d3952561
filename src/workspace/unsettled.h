/* Documents of which a lost request may still change what the target has, and until when. */
#ifndef ROWPOST_WORKSPACE_UNSETTLED_H
#define ROWPOST_WORKSPACE_UNSETTLED_H

#include <stdint.h>

#include "base/error.h"
#include "workspace/summary.h"
#include "workspace/workspace.h"

/* The setting that holds the `--settle` of the last delivery, in microseconds. */
#define UNSETTLED_SETTING "settle"

/* How long a target may work on a request whose answer was lost: `least`, and twice as long as its
 * longest exchange. Microseconds. */
int64_t unsettled_time(int64_t least, int64_t longest);

/* Fills `unsettled` and `settled_at` of each kind. 0, or -1 with the error. */
int unsettled_load(struct workspace *workspace, struct summary *summary, struct error *error);

#endif
