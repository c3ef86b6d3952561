/* Points in time and calendar days, proleptic Gregorian, UTC.
 *
 * A moment counts microseconds since 1970-01-01 00:00:00 UTC. A day counts days since then. Years
 * 0001 to 9999. Plain values, nothing is owned. */
#ifndef ROWPOST_BASE_DATE_H
#define ROWPOST_BASE_DATE_H

#include <stdint.h>

#include "base/error.h"
#include "base/span.h"

enum { DATE_DAY_SIZE = 11, DATE_MOMENT_SIZE = 32 };

/* ISO 8601 text as databases write it: `YYYY-MM-DD`, then optionally a blank or `T` and
 * `HH:MM[:SS[.fraction]]`, then optionally `Z`, `+HH:MM`, `+HHMM` or `+HH` (which is applied).
 * White space around it is allowed. 0, or -1 without an error text: the caller knows the row. */
int date_parse_moment(struct span text, int64_t *moment);

/* Only `YYYY-MM-DD`. 0 or -1. */
int date_parse_day(struct span text, int64_t *day);

/* Whole seconds since 1970 to a moment; -1 outside the years 0001 to 9999. */
int date_moment_from_seconds(int64_t seconds, int64_t *moment);

/* The day a moment falls on (floored, so 1969-12-31 23:59 is day -1). */
int64_t date_day_of(int64_t moment);

/* Now, in microseconds since 1970. */
int64_t date_now(void);

/* `YYYY-MM-DD`. */
void date_format_day(int64_t day, char buffer[DATE_DAY_SIZE]);

/* `YYYY-MM-DDTHH:MM:SS.mmmZ`. */
void date_format_moment(int64_t moment, char buffer[DATE_MOMENT_SIZE]);

#endif
