/* How apply, verify and amend work on a target. */
#ifndef ROWPOST_DELIVERY_LOOP_SETTINGS_H
#define ROWPOST_DELIVERY_LOOP_SETTINGS_H

#include <stddef.h>
#include <stdint.h>

#include "metrics/metrics.h"

struct loop_settings {
    size_t jobs;             /* requests at a time, or PACE_AUTO */
    double rate;             /* requests a second, 0: no limit */
    int64_t give_up_after;   /* microseconds without an answer that could be used */
    int64_t settle;          /* microseconds that a lost request may still take; not for verify */
    struct metrics *metrics; /* borrowed; or NULL */
};

#endif
