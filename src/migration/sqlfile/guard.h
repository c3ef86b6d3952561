/* The guard over the SQL of a migration file: it may read what is staged and compute, nothing else.
 *
 * guard_prepare() makes a statement of an annotation's SQL: `:as_of` and the options are replaced
 * by their values, and whatever writes, reads a table of the source that is not staged, or differs
 * from run to run (random(), the current time) is refused with the line. guard_step() gives a
 * statement a limited time for its next row. Which columns of staged tables are read is noted for
 * the proof that none is forgotten. */
#ifndef ROWPOST_MIGRATION_SQLFILE_GUARD_H
#define ROWPOST_MIGRATION_SQLFILE_GUARD_H

#include <stdbool.h>

#include "base/map.h"
#include "base/statement.h"
#include "migration/migration.h"
#include "migration/sqlfile/memory_limit.h"
#include "migration/sqlfile/sqlfile_private.h"

struct guard {
    const struct sqlfile *file;
    const struct migration_settings *settings;
    struct staging *staging;
    bool is_noting;      /* what is prepared counts as reading */
    struct map reads;    /* `table\ncolumn`, in lower case */
    struct text refusal; /* of the statement that is prepared */
    int64_t timeout;     /* microseconds for a row */
    int64_t deadline;
    bool is_over;
    struct memory_limit memory;
    int length_before; /* the limit as it was */
};

/* Between the two calls the memory is limited, and staging asks the guard whether time is over. */
void guard_open(struct guard *guard, const struct sqlfile *file,
                const struct migration_settings *settings, struct staging *staging);
void guard_close(struct guard *guard);

/* The annotation's SQL with its parameters replaced, and its line numbers kept. */
int guard_append_sql(const struct guard *guard, const struct annotation *annotation,
                     struct text *sql, struct error *error);

/* The value of an option or `as_of`; null where there is none of that name. `day` is memory for
 * it. */
struct span guard_find_value(const struct guard *guard, struct span name, char day[16]);

/* Prepares `before`, the annotation's SQL and `after` (both on one line). ERROR_INPUT with file and
 * line. */
int guard_prepare(struct guard *guard, const struct annotation *annotation, const char *before,
                  const char *after, struct statement *statement, struct error *error);

/* As statement_step(); an error names the annotation's line. */
int guard_step(struct guard *guard, const struct annotation *annotation,
               struct statement *statement, struct error *error);

bool guard_has_read(const struct guard *guard, const char *table, const char *column);

#endif
