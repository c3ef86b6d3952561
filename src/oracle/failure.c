#include "oracle/failure.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

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

void failure_append(struct oracle_error *error, const char *words) {
    size_t length = strlen(error->message);
    snprintf(error->message + length, sizeof error->message - length, "%s", words);
}

void failure_join(struct oracle_error *all, const struct oracle_error *one) {
    struct oracle_error joined = *one;
    if (all->failure != ORACLE_NO_FAILURE) {
        memcpy(joined.message, all->message, sizeof joined.message);
        joined.code = one->code != 0 ? one->code : all->code;
        if (strstr(all->message, one->message) == NULL) {
            failure_append(&joined, "; ");
            failure_append(&joined, one->message);
        }
    }
    *all = joined;
}
