/* The expressions of a migration file over what the target answers: `success`, `match`, `actual`
 * and the like.
 *
 * Each is prepared once, on a database in memory that has nothing but the functions of a file. It
 * can read its parameters and compute; one evaluation has 10 seconds and 1 GB of memory. Which
 * parameters an annotation can have is known when it is prepared: `:status`, `:answer` (JSON as
 * text), `:answer2` and so on, `:location`, `:body`, `:key`, `:id`, `:as_of`, the options of the
 * file, and the columns of the kind's SELECT. An evaluation that fails shows nothing.
 *
 * conditions_open() gives what the caller closes; the expressions live as long. One thread uses
 * them. */
#ifndef ROWPOST_MIGRATION_SQLFILE_CONDITIONS_H
#define ROWPOST_MIGRATION_SQLFILE_CONDITIONS_H

#include <jansson.h>
#include <sqlite3.h>

#include "base/error.h"
#include "base/span.h"
#include "migration/kind.h"
#include "migration/sqlfile/parse.h"

struct conditions;
struct condition;

/* `parsed` is borrowed. NULL with the error. */
struct conditions *conditions_open(const struct parsed_file *parsed, struct error *error);
void conditions_close(struct conditions *conditions); /* NULL is allowed */

/* The value of an option, or of `as_of`, from now on: a copy. Options have their defaults, and
 * `as_of` is empty, until then. 0, or -1 where memory ran out. */
int conditions_set(struct conditions *conditions, struct span name, struct span value);

/* What an expression gives. */
enum condition_form {
    CONDITION_TRUTH, /* true or false */
    CONDITION_VALUE, /* one value */
    CONDITION_ROWS   /* a SELECT: its rows, each once; an expression: one row */
};

/* Prepares an annotation's expression, which has to give `columns` columns. ERROR_INPUT with
 * file and line. */
int condition_prepare(struct conditions *conditions, const struct annotation *annotation,
                      enum condition_form form, int columns, const struct condition **condition,
                      struct error *error);

/* The input of one evaluation. Everything is borrowed. */
struct condition_scope {
    int status;                   /* 0: there is none */
    const json_t *const *answers; /* :answer, :answer2 and so on; NULL or JSON's null: null */
    size_t answer_count;
    struct span location;
    const struct kind_document *document; /* NULL: there is none */
};

/* 1: true; 0: false or null; -1: the evaluation has failed. */
int condition_test(const struct condition *condition, const struct condition_scope *scope);

/* Calls `take` for each row; it returns 0, or -1 to stop. 0, or -1: stopped, or failed. */
int condition_query(const struct condition *condition, const struct condition_scope *scope,
                    int (*take)(void *context, sqlite3_stmt *row), void *context);

/* Why the last evaluation has failed; empty where it has not. */
const char *condition_failure(const struct condition *condition);

/* Calls `take` for each parameter that is a column of the kind's SELECT. 0, or what `take` has
 * returned other than 0. */
int condition_each_column(const struct condition *condition,
                          int (*take)(void *context, const struct annotation *annotation,
                                      const char *name, struct error *error),
                          void *context, struct error *error);

/* Whether the name means something in conditions or requests, and so cannot be a column's. */
bool condition_is_reserved(const char *name);

#endif
