/* How the requests went over time, from the attempts that the workspace holds.
 *
 * A delivery is often done in several sittings: a trial run, the evening, a repair the next day. A
 * new sitting begins after ten quiet minutes. Each of the last few is cut into at most
 * HISTORY_SLICES slices of equal, round width. However many attempts there are, the memory is that
 * of the slices: percentiles come from a histogram whose steps are a tenth wide, so they are exact
 * to a twentieth. `struct history` owns nothing. */
#ifndef ROWPOST_REPORT_HISTORY_H
#define ROWPOST_REPORT_HISTORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/span.h"
#include "workspace/state.h"
#include "workspace/workspace.h"

enum { HISTORY_SITTINGS = 4, HISTORY_SLICES = 60 };

/* Attempts count in the slice in which they ended. Times in microseconds. */
struct history_slice {
    int64_t delivered; /* documents that were found to have arrived */
    int64_t read_back; /* documents that verify has compared */
    int64_t troubles;  /* requests that did not end as they should */
    int64_t answered;
    int64_t typical; /* the median answer time, and what nine of ten answers did not exceed; */
    int64_t slow;    /* 0 where there was no answer */
};

struct history_sitting {
    int64_t begin, end; /* moments (base/date.h) of the first start and the last end */
    int64_t width;      /* of a slice; the first begins at a multiple of it */
    int64_t first;      /* the moment at which the first slice begins */
    int64_t attempts;
    size_t slice_count;
    struct history_slice slices[HISTORY_SLICES];
};

struct history {
    struct history_sitting sittings[HISTORY_SITTINGS]; /* the last ones, in their order */
    size_t count;
    int64_t earlier; /* sittings before those */

    /* Of all sittings: how long they took together (microseconds), requests, and those that did not
     * end as they should. */
    int64_t duration, attempts, troubles;
};

/* Whether a request that was made for that and ended so did not end as it should. */
bool history_is_trouble(enum purpose purpose, enum attempt_outcome outcome);

int history_load(struct workspace *workspace, struct history *history, struct error *error);

/* The width of a slice for a sitting from `begin` to `end`: the least round one of which
 * HISTORY_SLICES are enough. */
int64_t history_choose_width(int64_t begin, int64_t end);

#endif
