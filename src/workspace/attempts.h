/* Reads the attempts of a workspace: one after the other, and as answer times. */
#ifndef ROWPOST_WORKSPACE_ATTEMPTS_H
#define ROWPOST_WORKSPACE_ATTEMPTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/span.h"
#include "workspace/state.h"
#include "workspace/workspace.h"

/* The COUNT values: a word that the program does not know. */
struct read_attempt {
    int64_t id;
    struct span started; /* as it is stored */
    int64_t duration;    /* microseconds; -1: not known */
    enum purpose purpose;
    enum attempt_outcome outcome;
    bool is_answered; /* with a duration that is known */
};

typedef void attempt_taker(void *context, const struct read_attempt *attempt);

/* Calls `take` for each attempt after that id, in order of ids. 0, or -1 with the error. */
int attempts_each(struct workspace *workspace, int64_t after, attempt_taker *take, void *context,
                  struct error *error);

/* Whether anything was sent. */
int attempts_exist(struct workspace *workspace, bool *exist, struct error *error);

/* How long all attempts for planned documents of a kind took together, in microseconds. */
int attempts_sum_durations(struct workspace *workspace, size_t kind, int64_t *duration,
                           struct error *error);

enum timing_rank { TIMING_P50, TIMING_P90, TIMING_P99, TIMING_MAX, TIMING_RANK_COUNT };

/* How long the target took to answer requests of one purpose. Nearest ranks, in microseconds; 0
 * where none was answered. */
struct timing {
    enum purpose purpose;
    int64_t attempts;
    int64_t answered; /* of them, with an answer whose duration is known */
    int64_t ranks[TIMING_RANK_COUNT];
};

typedef void timing_taker(void *context, const struct timing *timing);

/* Calls `take` for each purpose that occurred, in order of the first occurrence. 0, or -1 with the
 * error. */
int attempts_each_timing(struct workspace *workspace, timing_taker *take, void *context,
                         struct error *error);

#endif
