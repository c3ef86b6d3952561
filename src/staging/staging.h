/* Staging: the tables of a source in SQLite, typed, so that every join, comparison and order is
 * SQLite's own, whatever database holds the rows.
 *
 * A server's tables are copied, whole, into a temporary file in the form of a snapshot
 * (snapshot.h); a SQLite file is read where it is, unless a copy is to be kept. In both cases the
 * connection has one TEMP view for each declared table, under its name, with
 *   - `row`, an integer that names the row uniquely within the table while staging is open;
 *   - each column that is read (COLUMN_READ), in its type's form (table.h), with BINARY collation.
 * The migration queries these views by staging_database(), and may make TEMP tables of its own.
 *
 * staging_open() gives a staging that the caller closes with staging_close() before the source.
 * Used by one thread at a time. */
#ifndef ROWPOST_STAGING_STAGING_H
#define ROWPOST_STAGING_STAGING_H

#include <sqlite3.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "base/span.h"
#include "base/statement.h"
#include "base/text.h"
#include "source/source.h"
#include "staging/table.h"

enum staging_padding {
    PADDING_TRIMMED, /* blanks at the end of words and keys are dropped */
    PADDING_KEPT
};

/* All of it is the caller's and is used by staging_open() only. */
struct staging_settings {
    const struct table *tables;
    size_t table_count;
    const char *schema; /* of a server; NULL: the source's default */
    const char *beside; /* a temporary file is made next to this one (a workspace); NULL: in the
                           folder for temporary files */
    const char *keep;   /* the staged file is kept under this name as a snapshot; or NULL */
    enum staging_padding padding;
};

struct staging;

/* ERROR_USAGE: a table or a column is missing (the message lists what is there). ERROR_SOURCE: it
 * cannot be read, the driver cuts values off, or the source changed meanwhile. ERROR_DISK: the file
 * cannot be written. */
struct staging *staging_open(struct source *source, const struct staging_settings *settings,
                             struct error *error);
void staging_close(struct staging *staging); /* NULL is allowed */

/* The connection with the views, for statements of base/statement.h. */
sqlite3 *staging_database(const struct staging *staging);

/* Asked between SQLite's steps, in addition to the user's wish to stop: true ends the statement
 * that runs. NULL: nobody is asked. */
void staging_watch(struct staging *staging, bool (*is_over)(void *context), void *context);

/* Every column that the source has of a declared table, in its own spelling. */
int staging_list_columns(struct staging *staging, const char *table,
                         int (*take)(void *context, const struct source_column *column,
                                     struct error *error),
                         void *context, struct error *error);

/* The declared tables that are there (an optional one may be missing): NULL where it is not. */
const struct table *staging_find_table(const struct staging *staging, const char *name);

/* The source's own COUNT(*) of a declared table: of the rows that are read, and of those that the
 * declaration leaves there. */
int64_t staging_count_rows(const struct staging *staging, const char *table);
int64_t staging_count_left(const struct staging *staging, const char *table);

/* How many rows have a word or a key that ends in blanks (as CHAR(n) pads them). */
int64_t staging_count_padded_rows(const struct staging *staging, const char *table);

/* The end of the reading: checks that a source that was read without locks did not change.
 * `*is_one_moment`: whether all rows are of one moment. 0, or -1 with ERROR_SOURCE. */
int staging_finish(struct staging *staging, bool *is_one_moment, struct error *error);

/* The row of a table within a statement over its view: column `first` is the first of the table's
 * read columns, which follow each other in the order of the declaration. True where every value is
 * of its column's type and every text is UTF-8 without NUL; else false, and `reason` (cleared
 * first) is `ADMIN is 2; expected 0 or 1`. */
bool staged_row_check(const struct table *table, const struct statement *statement, int first,
                      struct text *reason);

/* The value of a column; its text lives until the statement's next step. */
struct value staged_value(const struct statement *statement, int column);

/* Appends the row as a JSON object, names in upper case. Bytes are {"hex": ...}; what is no UTF-8
 * or no finite number is written so that the JSON stays valid. */
void staged_row_append_json(const struct table *table, const struct statement *statement, int first,
                            struct text *out);

/* Appends what names the row: the values of its key columns, separated by ", "; a null is written
 * as `(null)`. */
void staged_row_append_label(const struct table *table, const struct statement *statement,
                             int first, struct text *out);

/* Appends the name of a table or a column as the source writes it: in upper case. */
void staged_row_append_upper(const char *name, struct text *out);

/* Appends `a.user_name, a.email, ...`: the read columns of the table, for a SELECT whose columns
 * the functions above read. `alias` may be NULL. */
void staged_row_append_columns(const struct table *table, const char *alias, struct text *sql);

#endif
