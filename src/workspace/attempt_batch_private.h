/* Attempts on their way into the workspace. They are collected and written by one statement: a row
 * then costs two thirds of what a statement of its own takes.
 *
 * `struct attempt_batch` owns copies of what it keeps; start from `{0}`, attempt_batch_open(), end
 * with attempt_batch_close(), which throws away what was not written. */
#ifndef ROWPOST_WORKSPACE_ATTEMPT_BATCH_PRIVATE_H
#define ROWPOST_WORKSPACE_ATTEMPT_BATCH_PRIVATE_H

#include "base/date.h"
#include "base/statement.h"
#include "base/text.h"
#include "workspace/journal.h"

enum { ATTEMPT_BATCH_SIZE = 16 };

struct attempt_row {
    struct attempt attempt; /* its path and excerpt are those below */
    char started[DATE_MOMENT_SIZE];
    struct text path;
    struct text excerpt;
};

struct attempt_batch {
    struct statement one;
    struct statement all; /* of ATTEMPT_BATCH_SIZE rows */
    struct attempt_row rows[ATTEMPT_BATCH_SIZE];
    size_t count;
};

int attempt_batch_open(struct attempt_batch *batch, sqlite3 *database, struct error *error);
void attempt_batch_close(struct attempt_batch *batch);

/* Keeps the attempt, and writes all once there are ATTEMPT_BATCH_SIZE. */
int attempt_batch_add(struct attempt_batch *batch, const struct attempt *attempt,
                      struct error *error);

/* Writes what is kept, into the transaction that is open, in the order in which it came. */
int attempt_batch_write(struct attempt_batch *batch, struct error *error);

#endif
