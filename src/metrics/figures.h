/* A workspace as families of metrics: source rows by outcome, documents by state, what reading them
 * back has shown, how many attempts ended how, and how long the answers took. Words that a kind or
 * a table has none of are there with 0. Each attempt is read once, however often the figures are
 * asked for.
 *
 * Start from `{0}`; plain values, nothing is owned. */
#ifndef ROWPOST_METRICS_FIGURES_H
#define ROWPOST_METRICS_FIGURES_H

#include <stdint.h>

#include "base/error.h"
#include "base/text.h"
#include "workspace/state.h"
#include "workspace/workspace.h"

enum { FIGURES_BUCKETS = 14 };

/* How long answers took. */
struct figures_times {
    int64_t buckets[FIGURES_BUCKETS + 1]; /* each for itself; the last has no limit */
    int64_t count;
    int64_t sum; /* microseconds */
};

struct figures {
    int64_t last; /* the attempts up to this one are counted */
    int64_t ends[PURPOSE_COUNT][ATTEMPT_OUTCOME_COUNT];
    struct figures_times times[PURPOSE_COUNT];
};

/* Appends what the workspace holds now. 0, or -1 with the error. */
int figures_append(struct figures *figures, struct workspace *workspace, struct text *out,
                   struct error *error);

#endif
