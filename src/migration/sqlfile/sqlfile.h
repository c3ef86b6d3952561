/* A migration that is read from one `.sql` file: its tables, decisions, rules and kinds are
 * annotations (`--@ word ...`, parse.h) with SQL after them. docs/migrations/reference.md describes
 * the form.
 *
 * sqlfile_load() gives a migration like those of the program (migration.h), which the caller frees
 * after everything that was made with it. Loading checks all that can be known without a source:
 * the form, the names, that each table is classified. The rest is proved by its plan(): ERROR_INPUT
 * names the file, the line, and the row or the column. */
#ifndef ROWPOST_MIGRATION_SQLFILE_SQLFILE_H
#define ROWPOST_MIGRATION_SQLFILE_SQLFILE_H

#include "base/error.h"
#include "base/span.h"
#include "base/text.h"
#include "migration/migration.h"
#include "source/source.h"

struct sqlfile;

/* What an option of a file is called among the migration's options: this, then its name. */
#define SQLFILE_OPTION_PREFIX "set."

/* ERROR_INPUT where the file cannot be read or is not one; NULL then. */
struct sqlfile *sqlfile_load(const char *path, struct error *error);

/* The same of a text; `path` is for messages, and lists (`lookup ... csv FILE`) are in the same
 * folder. */
struct sqlfile *sqlfile_read(const char *path, struct span text, struct error *error);
void sqlfile_free(struct sqlfile *file); /* NULL is allowed */

const struct migration *sqlfile_migration(const struct sqlfile *file);

/* Whether the file of that path has the text of that SHA-256: 1 or 0; -1 where it cannot be read.
 */
int sqlfile_is_unchanged(const char *path, const char *sha256);

/* What can be known before a plan: plans tables without rows, so that all of the SQL is prepared.
 * `warn` is called for each warning, with what it is about. */
int sqlfile_try(const struct sqlfile *file, const struct migration_settings *settings,
                void (*warn)(struct span about, struct span text), struct error *error);

/* Whether the source has the columns that the migration's table of that number reads. ERROR_INPUT
 * names the line and those that are there. */
int sqlfile_check_columns(const struct sqlfile *file, size_t table, struct source *source,
                          struct error *error);

/* Calls `take` for each place where the SQL refers to a record of an `existing`, with the line: by
 * a name (`new_id('projects', 'net')`), or by an expression, for which the key is null. A kind that
 * is an expression itself may be any existing. 0, or what `take` has returned other than 0. */
int sqlfile_each_named(const struct sqlfile *file, const char *existing,
                       int (*take)(void *context, struct span key, size_t line,
                                   struct error *error),
                       void *context, struct error *error);

/* One test of the file, and its result. */
struct sqlfile_test_sink {
    void *context;
    /* `differences` is empty where the test has passed, else lines of a diff. */
    int (*take)(void *context, const char *name, size_t line, struct span differences,
                struct error *error);
};

/* Runs the tests of the file, each over rows of its own: no source, no network. -1 where one cannot
 * be run at all. */
int sqlfile_run_tests(const struct sqlfile *file, const struct migration_settings *settings,
                      const struct sqlfile_test_sink *sink, struct error *error);

/* Appends a new test to `block`: the named rows of the staged tables (`table:key,key,table:key`; a
 * comma that a blank follows belongs to a key), and what the file makes of only these. The test
 * passes in the file's text followed by the block. ERROR_USAGE where a row is not there. */
int sqlfile_append_test(const struct sqlfile *file, const struct migration_settings *settings,
                        const struct staging *staging, const char *name, const char *rows,
                        struct text *block, struct error *error);

#endif
