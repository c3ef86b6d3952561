/* The functions that the SQL of a migration file has in addition to SQLite's own, and SQLite's date
 * functions without what is not repeatable ('now', the machine's time zone).
 *
 * They are registered on a connection and stay until it is closed. All of them are deterministic;
 * for bad arguments they return null, or an error where the file is wrong (a pattern, a time zone).
 * docs/migrations/reference.md has an example of each. */
#ifndef ROWPOST_MIGRATION_SQLFILE_FUNCTIONS_H
#define ROWPOST_MIGRATION_SQLFILE_FUNCTIONS_H

#include <sqlite3.h>
#include <stdbool.h>

#include "base/error.h"
#include "base/span.h"
#include "base/text.h"
#include "people/people.h"

/* person() queries `people`, which is borrowed until sql_functions_forget_people(); NULL: there is
 * no directory. */
int sql_functions_register(sqlite3 *database, struct people *people, struct error *error);
void sql_functions_forget_people(sqlite3 *database);

/* Whether the SQL of a file may call that function: none that differs from run to run, or that is
 * about the program. False with the reason in `refusal`, unless it already has one. */
bool sql_functions_allow(const char *name, struct text *refusal);

/* For the files that have the functions. */
struct sql_function {
    const char *name;
    int arguments;
    void (*run)(sqlite3_context *, int, sqlite3_value **);
};

extern const struct sql_function text_functions[]; /* text_functions.c; the last has no name */

/* Gives the text and frees it. */
void sql_function_give(sqlite3_context *context, struct text *text);

/* ---- ordered_array.c ---- */

/* array_in_order(json, key): the aggregate that makes an array of values in the order of their keys
 * (nulls, numbers, texts); equal keys stay in the order in which they come. */
void ordered_array_step(sqlite3_context *context, int count, sqlite3_value **arguments);
void ordered_array_end(sqlite3_context *context);

/* ---- html_references.c ---- */

void html_append_unescaped(struct span text, struct text *out);

/* ---- html.c ---- */

void html_append_text(struct span html, struct text *out);
void html_append_markdown(struct span html, struct text *out);

/* ---- zone.c ---- */

/* `2013-06-20T21:11:40` for a time of the clocks in that zone. 1; 0 where it is no time; -1 where
 * the zone is not known. */
int zone_append_utc(struct span text, struct span zone, struct text *out);

#endif
