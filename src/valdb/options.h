/* The options of the ValDB migration, and their values. */
#ifndef ROWPOST_VALDB_OPTIONS_H
#define ROWPOST_VALDB_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "base/span.h"
#include "migration/migration.h"

enum rule_set { RULES_CORRECTED, RULES_NOTEBOOK };

/* A group that has another name on the target. */
struct alias {
    struct span from;
    struct span to;
};

enum { OPTIONS_MOST_ALIASES = 64, OPTION_COUNT = 4 };

struct valdb_options {
    enum rule_set rules;
    bool history;       /* the tables of earlier versions are read too */
    const char *admins; /* the administrators' list, or NULL */
    struct alias aliases[OPTIONS_MOST_ALIASES];
    size_t alias_count;
};

extern const struct migration_option valdb_option_table[OPTION_COUNT];

/* Spans are of the settings. 0, or -1 with ERROR_USAGE. */
int valdb_options_read(const struct migration_settings *settings, struct valdb_options *options,
                       struct error *error);

#endif
