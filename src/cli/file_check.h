/* What `check` checks of a migration file, its source and its target. */
#ifndef ROWPOST_CLI_FILE_CHECK_H
#define ROWPOST_CLI_FILE_CHECK_H

#include <stdint.h>

#include "cli/options.h"
#include "http/session.h"
#include "source/source.h"

/* Checks whether the file's SQL can be run, and prints the result. Nothing for a migration of the
 * program. */
int file_check_sql(const struct options *options, struct error *error);

/* Whether the source has the columns that the migration's table of that number reads. Nothing for a
 * migration of the program, whose tables are checked when they are read. */
int file_check_columns(const struct migration *migration, size_t table, struct source *source,
                       struct error *error);

/* Checks whether the target lists the records that the migration refers to by name, and has those
 * that the file names; prints how many there are. */
int file_check_existing(const struct migration *migration, struct session *session, int64_t timeout,
                        struct error *error);

#endif
