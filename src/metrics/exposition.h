/* The text format in which Prometheus reads metrics (its documentation, "Exposition formats",
 * version 0.0.4): families, each followed by its samples.
 *
 * Everything is appended to a text, which stays the caller's. */
#ifndef ROWPOST_METRICS_EXPOSITION_H
#define ROWPOST_METRICS_EXPOSITION_H

#include <stddef.h>
#include <stdint.h>

#include "base/span.h"
#include "base/text.h"

/* Begins a family; `type` is "gauge", "counter" or "histogram". */
void exposition_begin(struct text *out, const char *name, const char *type, const char *help);

struct exposition_label {
    const char *name;
    struct span value; /* any bytes; quotes and line feeds are escaped */
};

/* One sample of the family that was begun; `name` is the family's, or that with a histogram's
 * ending. */
void exposition_add(struct text *out, const char *name, const struct exposition_label *labels,
                    size_t count, int64_t value);

/* The same with a time in microseconds, which is written in seconds. */
void exposition_add_seconds(struct text *out, const char *name,
                            const struct exposition_label *labels, size_t count,
                            int64_t microseconds);

#endif
