/* Private to the journal: its statements, which its files share (journal.c, journal_select.c,
 * journal_records.c, journal_batches.c). */
#ifndef ROWPOST_WORKSPACE_JOURNAL_PRIVATE_H
#define ROWPOST_WORKSPACE_JOURNAL_PRIVATE_H

#include "base/date.h"
#include "base/statement.h"
#include "base/text.h"
#include "workspace/journal.h"
#include "workspace/references_private.h"

enum journal_statement {
    SELECT_FREED = SELECTION_RULE_COUNT, /* the rules' own come first */
    MARK_SENDING,
    LOAD,
    LOAD_CHANGED,
    LOAD_TARGET_ID,
    LONGEST_EXCHANGE,
    SET_STATE,
    NOTE_WAITING,
    SET_SENDING,
    SET_ABSENT,
    SET_UNCERTAIN,
    SET_FOUND,
    SET_VERDICT,
    RENEW,
    ADOPT,
    ADOPT_BODY,
    CLEAR_FINDINGS,
    ADD_FINDING,
    FIND_RECORD,
    FIND_UNMET,
    FIND_WAITING_BEFORE,
    PUT_EXISTING,
    FORGET_EXISTING,
    JOURNAL_STATEMENT_COUNT
};

/* Attempts on their way into the workspace. They are collected and written by one statement: a row
 * then costs two thirds of what a statement of its own takes.
 *
 * Both batches own copies of what they keep. They start from `{0}` and end with ..._close(), which
 * throws away what was not written; ..._add() keeps one more, and writes all once the batch is
 * full;
 * ..._write() writes what is kept, into the transaction that is open. */
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
int attempt_batch_add(struct attempt_batch *batch, const struct attempt *attempt,
                      struct error *error);
int attempt_batch_write(struct attempt_batch *batch, struct error *error);

/* Documents that were delivered: since most of their ids are consecutive, an UPDATE writes a run of
 * them. (With a function of SQL for the names, SQLite would write each page into a journal of the
 * statement.) */
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

/* The name may be null. No document may be added twice. */
int delivered_batch_add(struct delivered_batch *batch, int64_t document, struct record_id target_id,
                        struct error *error);
int delivered_batch_write(struct delivered_batch *batch, struct error *error);

struct journal {
    struct workspace *workspace;
    sqlite3 *database;
    struct attempt_batch attempts;
    struct delivered_batch delivered;
    struct reference_writer references;
    struct statement statements[JOURNAL_STATEMENT_COUNT];
};

/* In journal_sql.c. */
extern const char *const journal_sql[JOURNAL_STATEMENT_COUNT];

#endif
