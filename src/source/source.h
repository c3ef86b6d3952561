/* A source: a legacy database opened for reading, its tables, and the rows of whole tables.
 *
 * source_open() gives a source that the caller closes with source_close(); source_read_table()
 * gives rows that the caller closes with rows_close() before the source. Values live until the next
 * rows_step() of the same rows. Nothing is ever written to the source, no join or order is asked of
 * it, and no condition but one that a migration gives, and a table is never held in memory. One
 * table is read at a time. Errors are ERROR_SOURCE; what is asked for and not there (a table, a
 * column) is ERROR_USAGE. They name the database, the table and what was there instead. Used by one
 * thread at a time. A program that knows the folders below this one knows every driver: the table
 * in source.c is the list. */
#ifndef ROWPOST_SOURCE_SOURCE_H
#define ROWPOST_SOURCE_SOURCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/span.h"
#include "base/text.h"

/* What a value is does not depend on the driver:
 *   - an exact number that is whole and fits is VALUE_INTEGER, whatever its type in the database:
 *     a NUMBER of Oracle, a decimal, a flag;
 *   - other decimals keep all their digits, as VALUE_TEXT; binary floating point is VALUE_REAL;
 *   - text is UTF-8. A database that has no empty text (Oracle) gives null for it;
 *   - a date with its time is the text `2013-06-20 23:11:40.000000`, as the site's own copies have
 *     it: with six digits after the point (nine where the last three are not zero), in UTC where
 *     the database knows of zones; a day without a time is `2013-06-20`. What no such date can be
 *     (the year 0, a year before Christ, a day 0) is a text of another form. */
enum value_kind { VALUE_NULL, VALUE_INTEGER, VALUE_REAL, VALUE_TEXT, VALUE_BLOB };

struct value {
    enum value_kind kind;
    int64_t integer;  /* VALUE_INTEGER */
    double real;      /* VALUE_REAL */
    struct span text; /* VALUE_TEXT, VALUE_BLOB; null for every other kind */
};

struct source;
struct rows;

/* What opening takes in addition to the URL. All of it stays the caller's and is used by
 * source_open() only; each field may be zero. */
struct source_access {
    const char *schema;       /* whose tables are meant where a name has none */
    const char *usual_schema; /* the same where neither `schema` nor the address names one. NULL for
                               * both: the database's default for the user. SQLite has no schemas */
    const char *user;         /* where the URL names none */
    const char *ca_file;      /* PEM: the authorities to trust over TLS, where the driver asks;
                               * NULL: the system's */
    const char *trace;        /* a file for what goes over the wire, where the driver writes one */
    const char *tns_admin;    /* the folder of tnsnames.ora; NULL: the environment's TNS_ADMIN */
    int timeout;              /* seconds that the database may be silent; 0: the driver's default */

    /* Appends the password of `user` (NULL: the user that the database takes one for) to
     * `password`, which is empty and is wiped by the driver as soon as the connection is open.
     * Called only where one may be needed. `place` is the source's name, for a prompt. A password
     * that stays empty means that there is none: the database may let the user in without. 0, or -1
     * with the error. */
    int (*ask_password)(void *context, const char *user, const char *place, struct text *password,
                        struct error *error);
    void *context;
};

/* `url` is `sqlite:PATH` or a bare path. A secret is never in it. An unknown scheme is ERROR_USAGE.
 * `access` may be NULL.
 *
 * SQLite: opened read-only; not one byte of the database changes. While it is open, a database that
 * is written by way of a WAL has two files next to it, for SQLite's locks; they go with
 * source_close() unless others use them. Where they cannot be made (a read-only medium), it is read
 * without locks, which source_end_read_transaction() then checks. What is not a SQLite database, or
 * was left in the middle of a change, is refused by name. */
struct source *source_open(const char *url, const struct source_access *access,
                           struct error *error);
void source_close(struct source *source);

/* The name by which messages and the workspace know the source: the URL without secrets. */
const char *source_name(const struct source *source);

/* The database's own name for itself; "" where it gives none. */
const char *source_describe(struct source *source);

/* Calls `take` for each table that the source has and that a name without a schema can mean, in its
 * own spelling; -1 from it ends the listing. 0, or -1 with the error. */
int source_list_tables(struct source *source,
                       int (*take)(void *context, const char *table, struct error *error),
                       void *context, struct error *error);

/* A column of a table as the source declares it. */
struct source_column {
    const char *name; /* in the source's own spelling */
    const char *type; /* in the source's own words; "" where it has none */
};

/* Calls `take` for each column of a table, in the table's order. The table is found by its name:
 * the exact spelling first, else whatever its case, with or without a schema before it. A missing
 * one, or one that may be two, is ERROR_USAGE, with the tables that are there in the spelling that
 * works. */
int source_list_columns(struct source *source, const char *table,
                        int (*take)(void *context, const struct source_column *column,
                                    struct error *error),
                        void *context, struct error *error);

/* All rows of a table, in whatever order the source has them: these columns, in this order, or all
 * of them where `column_count` is 0. Names are found as source_list_columns() finds them; a column
 * that is missing is ERROR_USAGE, with those that are there. `condition` is an expression in the
 * source's own SQL, over columns of the table: only the rows that fulfil it are read; NULL: all.
 * What a driver's structures cannot carry exactly (a date that is infinite, before
 * Christ or in the year 12022) is read as text. */
struct rows *source_read_table(struct source *source, const char *table, const char *const *columns,
                               size_t column_count, const char *condition, struct error *error);

void rows_close(struct rows *rows);

/* Names in the source's own spelling. */
size_t rows_column_count(const struct rows *rows);
const char *rows_column_name(const struct rows *rows, size_t column);

/* 1: a row is there; 0: the end; -1: the error. */
int rows_step(struct rows *rows, struct error *error);

/* The value of the current row. */
struct value rows_value(const struct rows *rows, size_t column);

/* What the source itself counts: `*rows` is its COUNT(*). For each column, `bytes[i]` is the sum of
 * the lengths of its texts in UTF-8 bytes as far as the source can sum them, else -1; `bytes` may
 * be NULL. `condition` as above. To be compared with what arrived: a driver may cut a text off at a
 * NUL. */
int source_measure_table(struct source *source, const char *table, const char *const *columns,
                         size_t column_count, const char *condition, int64_t *rows, int64_t *bytes,
                         struct error *error);

/* Begins one transaction that only reads: until source_end_read_transaction() every table is read
 * as of one moment, whatever others write meanwhile. `*is_one_moment` is false where the source
 * cannot give that. */
int source_begin_read_transaction(struct source *source, bool *is_one_moment, struct error *error);

/* Ends it. A SQLite file that could only be read without locks (on a read-only medium) is looked at
 * again: where its size, its change counter or its WAL are not what they were, ERROR_SOURCE. */
int source_end_read_transaction(struct source *source, struct error *error);

/* The connection of a source that is a SQLite file, open for reading only and inside its read
 * transaction, for staging to read where it is; NULL for every other source. It stays the source's.
 */
struct sqlite3 *source_sqlite(const struct source *source);

/* After a statement failed on that connection: fills the error with what it means for a source.
 * Returns -1. */
int source_explain_sqlite(struct source *source, struct error *error);

#endif
