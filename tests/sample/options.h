/* The command line of the sample maker.
 *
 * Texts in the request point into the command line; nothing is owned. */
#ifndef ROWPOST_SAMPLE_OPTIONS_H
#define ROWPOST_SAMPLE_OPTIONS_H

#include <stdbool.h>

#include "base/error.h"
#include "campaigns.h"
#include "legacy.h"

/* What is asked for. */
struct request {
    struct campaigns_order order;
    enum legacy_dates dates;
    enum legacy_history history;
    bool dirty;
    bool help; /* the usage alone; nothing else has been checked */
    const char *out;
};

/* The text for --help. */
extern const char options_usage[];

/* Fills the request, defaults included. 0, or -1 with ERROR_USAGE. */
int options_read(int argc, char *const argv[], struct request *request, struct error *error);

#endif
