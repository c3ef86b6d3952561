/* Filling in a struct oracle_error. Private to src/oracle; nothing is owned. */
#ifndef ROWPOST_ORACLE_FAILURE_H
#define ROWPOST_ORACLE_FAILURE_H

#include "oracle/oracle.h"

/* Sets the error and returns -1. */
__attribute__((format(printf, 3, 4))) int
failure_set(struct oracle_error *error, enum oracle_failure failure, const char *format, ...);

/* One of several attempts has failed: adds its error to `all`, which begins as zeros. */
void failure_join(struct oracle_error *all, const struct oracle_error *one);

/* Adds words after the message, as far as they fit. */
void failure_append(struct oracle_error *error, const char *words);

int failure_set_no_memory(struct oracle_error *error);

#endif
