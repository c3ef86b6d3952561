/* One SQL statement on a SQLite database: prepare, bind, step, read, with errors that name the
 * file.
 *
 * A `struct statement` owns its sqlite3_stmt; statement_prepare() fills it and
 * statement_finalize() releases it (an empty one is allowed). Positions of parameters and columns
 * count from 1 and from 0, as SQLite's own do. Texts that were read live until the next step or
 * reset. */
#ifndef ROWPOST_BASE_STATEMENT_H
#define ROWPOST_BASE_STATEMENT_H

#include <sqlite3.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "base/record_id.h"
#include "base/span.h"
#include "base/text.h"

struct statement {
    sqlite3 *database; /* borrowed */
    sqlite3_stmt *handle;
};

int statement_prepare(struct statement *statement, sqlite3 *database, const char *sql,
                      struct error *error);
void statement_finalize(struct statement *statement);

/* The same of a text that was put together, which is freed. */
int statement_prepare_text(struct statement *statement, sqlite3 *database, struct text *sql,
                           struct error *error);

/* Binding cannot fail for a reason that stepping would not report; the spans are borrowed until the
 * statement is reset. */
void statement_bind_integer(struct statement *statement, int position, int64_t value);
void statement_bind_text(struct statement *statement, int position, struct span value);
void statement_bind_string(struct statement *statement, int position, const char *value);
void statement_bind_null(struct statement *statement, int position);

/* As a number or a text, whichever the target has given; or null. */
void statement_bind_record_id(struct statement *statement, int position, struct record_id id);

/* 1: a row is there; 0: the end; -1: the error (ERROR_DISK where the disk is the cause). */
int statement_step(struct statement *statement, struct error *error);

/* For statements without rows: steps once and resets, so that it can be run again. 0 or -1. */
int statement_run(struct statement *statement, struct error *error);

/* For a statement that is used once: runs it and finalizes it. 0 or -1. */
int statement_run_once(struct statement *statement, struct error *error);

/* Likewise; gives the first column of the first row, or `otherwise` where there is no row. */
int statement_read_once(struct statement *statement, int64_t otherwise, int64_t *value,
                        struct error *error);

void statement_reset(struct statement *statement);

int64_t statement_integer(const struct statement *statement, int column);
struct span statement_text(const struct statement *statement, int column); /* NULL gives null */

/* The text of a value, until the statement moves on; null for NULL. A number that could not be
 * written as text, because memory ran out, is null, too: memory_check() reports it from then on. */
struct span statement_value_text(sqlite3_value *value);
struct record_id statement_record_id(const struct statement *statement, int column);

/* Prepares, binds nothing, steps to the end and throws the rows away. 0 or -1. */
int statement_execute(sqlite3 *database, const char *sql, struct error *error);
int statement_execute_text(sqlite3 *database, struct text *sql, struct error *error);

/* As statement_read_once(), where nothing is bound. */
int statement_query_integer(sqlite3 *database, const char *sql, int64_t otherwise, int64_t *value,
                            struct error *error);

/* Fills the error with SQLite's message about the database's last failure; returns -1. */
int statement_fail(sqlite3 *database, struct error *error);

/* Whether the last failure, which SQLite calls damage, is that of a disk that does not answer. */
bool statement_is_unread(sqlite3 *database);

/* Who explains the failures of a connection that is not a workspace. The caller owns it, and takes
 * it back before it ends. */
struct statement_explainer {
    sqlite3 *database;
    /* Fills the error; 0, or -1 where statement_fail() is to use its own words. */
    int (*explain)(void *context, struct error *error);
    void *context;
    struct statement_explainer *next;
};

void statement_add_explainer(struct statement_explainer *explainer);
void statement_remove_explainer(struct statement_explainer *explainer);

#endif
