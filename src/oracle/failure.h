/* Filling in a struct oracle_error. Private to src/oracle; nothing is owned. */
#ifndef ROWPOST_ORACLE_FAILURE_H
#define ROWPOST_ORACLE_FAILURE_H

#include "oracle/oracle.h"

/* Sets the error and returns -1. */
__attribute__((format(printf, 3, 4))) int
failure_set(struct oracle_error *error, enum oracle_failure failure, const char *format, ...);

int failure_set_no_memory(struct oracle_error *error);

#endif
