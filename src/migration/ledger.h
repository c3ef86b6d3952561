/* The ledger of a plan: how each row of each table ends, exactly once.
 *
 * ledger_open() gives a ledger that the caller closes; ledger_add_table() declares each table that
 * the migration reads, before anything else is put into the sink. Then each row is settled by
 * ledger_use(), ledger_skip() or ledger_reject(), and ledger_finish() fails where a row is left: a
 * plan whose sums are wrong cannot end. The ledger keeps one bit for each row.
 *
 * Rows that are used are collected for the current document (struct ledger_uses) and are written
 * after it by ledger_put_document(). Functions return 0, or -1 with the error. */
#ifndef ROWPOST_MIGRATION_LEDGER_H
#define ROWPOST_MIGRATION_LEDGER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/plan_entry.h"
#include "base/span.h"
#include "staging/staging.h"

struct ledger;
struct ledger_table;

/* A row: staging's number for it, and the name that people see. */
struct ledger_row {
    struct ledger_table *table;
    int64_t row;
    struct span label;
};

/* The rows of the current document. Start from `{0}`; the arena is the one that ledger_use() was
 * given. */
struct ledger_uses {
    struct ledger_use *first;
    struct ledger_use *last;
    int64_t count;
};

/* `staging` and `sink` are borrowed. NULL with the error where memory ran out. */
struct ledger *ledger_open(struct staging *staging, struct plan_sink *sink, struct error *error);
void ledger_close(struct ledger *ledger);

/* `rows` is the source's own count. The connection of the staging has to have a table or a view of
 * that name. NULL with the error. */
struct ledger_table *ledger_add_table(struct ledger *ledger, const struct table *declaration,
                                      int64_t rows, struct error *error);
const struct table *ledger_declaration(const struct ledger_table *table);

bool ledger_is_settled(const struct ledger_table *table, int64_t row);

/* How many rows are not settled yet. */
int64_t ledger_count_open(const struct ledger_table *table);

/* The row becomes part of the document whose rows these are. Each of the three fails with
 * ERROR_INTERNAL where the row is settled already. */
int ledger_use(struct ledger_row row, struct ledger_uses *uses, struct arena *arena,
               struct error *error);
int ledger_skip(struct ledger *ledger, struct ledger_row row, const char *rule, struct span content,
                struct error *error);
int ledger_reject(struct ledger *ledger, struct ledger_row row, struct span reason,
                  struct span content, struct error *error);

/* The outcome of the row unless it is used before ledger_take_proposals(): the first proposal
 * counts. For a row that several others refer to. `outcome` is OUTCOME_SKIPPED or OUTCOME_REJECTED;
 * `because` is the rule's id or the reason. */
int ledger_propose(struct ledger *ledger, struct ledger_row row, enum row_outcome outcome,
                   struct span because, struct span content, struct error *error);
int ledger_take_proposals(struct ledger *ledger, struct error *error);

/* Writes the document and the rows that it is made of; `document->rows` is set from `uses`. */
int ledger_put_document(struct ledger *ledger, struct plan_document document,
                        const struct ledger_uses *uses, struct error *error);

/* Settles the remaining rows by their proposals. ERROR_BALANCE names the table and the row that is
 * not settled. */
int ledger_finish(struct ledger *ledger, struct error *error);

/* For cursor.h. */
struct staging *ledger_staging(const struct ledger *ledger);

#endif
