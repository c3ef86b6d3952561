#include "oracle/failure.h"

#include <stdarg.h>
#include <stdio.h>

int failure_set(struct oracle_error *error, enum oracle_failure failure, const char *format, ...) {
    va_list arguments;
    error->failure = failure;
    error->code = 0;
    error->position = -1;
    va_start(arguments, format);
    vsnprintf(error->message, sizeof error->message, format, arguments);
    va_end(arguments);
    return -1;
}

int failure_set_no_memory(struct oracle_error *error) {
    return failure_set(error, ORACLE_MEMORY, "out of memory");
}
