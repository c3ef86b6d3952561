/* The progress line: on a terminal one line that is rewritten, with a bar, the recent rate
 * (base/rate.h) and the time left at that rate; at the end the mean rate; elsewhere one plain line
 * every few seconds. To stderr; nothing when the log is quiet. Where the log is JSON, an object
 * every few seconds and at the end.
 *
 * `struct progress` owns nothing. Updates may come as often as they like: it looks at the clock
 * and writes rarely. */
#ifndef ROWPOST_BASE_PROGRESS_H
#define ROWPOST_BASE_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/rate.h"

struct progress {
    const char *label; /* borrowed; "campaigns" */
    uint64_t total;    /* 0: not known */
    uint64_t done;
    struct rate rate;
    int64_t started; /* clock_now()'s */
    int64_t written; /* when a line was last written */
    bool terminal;
    bool visible; /* a line is on the terminal and has to be ended */
    bool ended;
};

void progress_begin(struct progress *progress, const char *label, uint64_t total);

/* So many are done. True where a line is due; then the next progress_update() writes it. */
bool progress_is_due(struct progress *progress, uint64_t done);

/* `note` is a few words after the figures ("4 at a time"), or NULL. */
void progress_update(struct progress *progress, uint64_t done, const char *note);

/* Ends the line so that other output can follow. Safe to call twice. */
void progress_end(struct progress *progress);

#endif
