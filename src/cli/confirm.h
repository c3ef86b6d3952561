/* Questions that a person at a terminal answers before something is changed. */
#ifndef ROWPOST_CLI_CONFIRM_H
#define ROWPOST_CLI_CONFIRM_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "cli/options.h"

/* Asks on a terminal; without a terminal --yes is required. `advice` is added to the question; or
 * NULL. 0, or -1 with the error where the answer is no. */
int confirm_change(const struct options *options, const char *question, const char *advice,
                   struct error *error);

/* What a delivery will do. */
struct delivery_question {
    const struct options *options;
    const char *target;
    int64_t answer_time; /* microseconds that an answer of the target took; 0: not known */
};

/* Whether a delivery needs a confirmation: `apply` at a terminal, without --yes and what implies
 * it. */
bool confirm_is_wanted(const struct options *options);

/* Shows how many documents of each kind are sent where, and about how many requests and how long
 * that is (delivery/estimate.h), and asks. 0, or -1 with ERROR_USAGE where the answer is no. `open`
 * has a number for each kind. */
int confirm_delivery(const struct delivery_question *question, const int64_t *open,
                     struct error *error);

#endif
