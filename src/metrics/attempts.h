/* The attempts of a workspace in figures: how many of each purpose ended how, and how long the
 * answers took. Each attempt is read once, however often the figures are asked for.
 *
 * Start from `{0}`, end with attempts_free(). */
#ifndef ROWPOST_METRICS_ATTEMPTS_H
#define ROWPOST_METRICS_ATTEMPTS_H

#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/span.h"
#include "base/text.h"
#include "workspace/workspace.h"

enum { ATTEMPTS_MOST_ENDS = 128, ATTEMPTS_MOST_PURPOSES = 8, ATTEMPTS_BUCKETS = 14 };

struct attempts_end {
    struct span purpose;
    struct span outcome;
    int64_t count;
};

struct attempts_times {
    struct span purpose;
    int64_t buckets[ATTEMPTS_BUCKETS + 1]; /* each for itself; the last has no limit */
    int64_t count;
    int64_t sum; /* microseconds */
};

struct attempts {
    int64_t last; /* the attempts up to this one are counted */
    struct attempts_end ends[ATTEMPTS_MOST_ENDS];
    size_t end_count;
    struct attempts_times times[ATTEMPTS_MOST_PURPOSES];
    size_t purpose_count;
    struct arena words;
};

/* Counts what the workspace has beyond what was counted. A word more than there is room for, which
 * only a damaged file has, is left out. */
int attempts_read(struct attempts *attempts, struct workspace *workspace, struct error *error);

/* The families `rowpost_attempts_total` and `rowpost_answer_duration_seconds`. */
void attempts_append(const struct attempts *attempts, struct text *out);

void attempts_free(struct attempts *attempts);

#endif
