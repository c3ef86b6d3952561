/* Documents that were delivered, on their way into the workspace. They are collected, since most of
 * their ids are consecutive: an UPDATE writes a run of them. (With a function of SQL for the names,
 * SQLite would write each page into a journal of the statement.)
 *
 * `struct delivered_batch` owns copies of what it keeps; start from `{0}`,
 * delivered_batch_open(), end with delivered_batch_close(), which throws away what was not
 * written. */
#ifndef ROWPOST_WORKSPACE_DELIVERED_BATCH_PRIVATE_H
#define ROWPOST_WORKSPACE_DELIVERED_BATCH_PRIVATE_H

#include "base/statement.h"
#include "base/text.h"

enum { DELIVERED_BATCH_SIZE = 32 };

struct delivered {
    int64_t document;
    size_t name; /* where the target's own name for it begins in `names` */
    size_t length;
    bool is_number;
};

struct delivered_batch {
    sqlite3 *database; /* borrowed */
    struct statement write;
    struct delivered rows[DELIVERED_BATCH_SIZE]; /* by document */
    size_t count;
    struct text names;
};

int delivered_batch_open(struct delivered_batch *batch, sqlite3 *database, struct error *error);
void delivered_batch_close(struct delivered_batch *batch);

/* Notes that the document is delivered under the name, which may be null, and writes all once there
 * are DELIVERED_BATCH_SIZE. No document may be noted twice. */
int delivered_batch_add(struct delivered_batch *batch, int64_t document, struct record_id target_id,
                        struct error *error);

/* Writes what is kept, into the transaction that is open. */
int delivered_batch_write(struct delivered_batch *batch, struct error *error);

#endif
