/* How long the target took to answer, from the attempts that the workspace holds. */
#ifndef ROWPOST_REPORT_TIMING_H
#define ROWPOST_REPORT_TIMING_H

#include <stdint.h>

#include "base/error.h"
#include "base/span.h"
#include "workspace/workspace.h"

enum timing_rank { TIMING_P50, TIMING_P90, TIMING_P99, TIMING_MAX, TIMING_RANK_COUNT };

/* Of one purpose ("post", "verify" ...). Nearest ranks, in microseconds; 0 where none was answered.
 * The span lives until the callback returns. */
struct timing {
    struct span purpose;
    int64_t attempts;
    int64_t answered; /* of them, with an answer whose duration is known */
    int64_t ranks[TIMING_RANK_COUNT];
};

typedef void timing_taker(void *context, const struct timing *timing);

/* Calls `take` for each purpose that there was. 0, or -1 with the error. */
int timing_each(struct workspace *workspace, timing_taker *take, void *context,
                struct error *error);

#endif
