/* What conditions.c prepares and condition_run.c evaluates. Private to src/migration/sqlfile. */
#ifndef ROWPOST_MIGRATION_SQLFILE_CONDITIONS_PRIVATE_H
#define ROWPOST_MIGRATION_SQLFILE_CONDITIONS_PRIVATE_H

#include "base/arena.h"
#include "base/clock.h"
#include "base/map.h"
#include "base/text.h"
#include "migration/sqlfile/conditions.h"

#define CONDITION_TIMEOUT ((int64_t)10 * CLOCK_SECOND)

enum parameter_kind {
    PARAMETER_STATUS,
    PARAMETER_ANSWER,
    PARAMETER_FURTHER_ANSWER, /* :answer2 and so on */
    PARAMETER_LOCATION,
    PARAMETER_BODY,
    PARAMETER_KEY,
    PARAMETER_ID,
    PARAMETER_COLUMN,
    PARAMETER_SETTING /* an option, or :as_of */
};

struct parameter {
    enum parameter_kind kind;
    size_t answer;    /* which, from 0 */
    const char *name; /* without its colon */
};

struct condition {
    struct conditions *owner;
    const struct annotation *annotation;
    sqlite3_stmt *handle;
    const struct parameter *parameters;
    int parameter_count;
    struct condition *next;
};

struct conditions {
    const struct parsed_file *parsed;
    sqlite3 *database;
    struct condition *first;
    struct map settings; /* by name, to a text */
    struct arena arena;
    struct text refusal; /* of what is prepared */
    struct text failure; /* of the last evaluation */
    int64_t deadline;
};

#endif
