/* A cursor: the rows of a query over staged tables, each of which ends in use, skip or reject.
 *
 * A query has a part for each table whose rows it settles: the columns that cursor_append_part()
 * writes. In the row of an outer join a part may be missing. cursor_open() fills a `struct cursor`
 * that starts from `{0}`; cursor_close() releases it. What cursor_row(), cursor_json() and the
 * values of the statement give lives until the next call of the same function or cursor_next().
 * Functions return 0, or -1 with the error. */
#ifndef ROWPOST_MIGRATION_CURSOR_H
#define ROWPOST_MIGRATION_CURSOR_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/statement.h"
#include "base/text.h"
#include "migration/ledger.h"

struct cursor_part {
    struct ledger_table *table;
    int column; /* of the row's number; the table's read columns follow */
};

struct cursor {
    struct ledger *ledger;
    struct statement statement;
    struct text label;
    struct text json;
    struct text reason;
};

/* Appends `a.row, a.user_name, a.email, ...`. */
void cursor_append_part(struct text *sql, const struct table *table, const char *alias);

/* The column after the part that begins at `column`: where the next part begins. */
int cursor_part_end(const struct table *table, int column);

int cursor_open(struct cursor *cursor, struct ledger *ledger, const char *sql, struct error *error);
void cursor_close(struct cursor *cursor);

/* 1: a row is there; 0: the end; -1: the error. */
int cursor_next(struct cursor *cursor, struct error *error);

/* Opens the cursor, calls `take` for each row, and closes it; -1 from `take` ends it. */
int cursor_each(struct cursor *cursor, struct ledger *ledger, const char *sql,
                int (*take)(void *context, struct error *error), void *context,
                struct error *error);

/* A value of the part: number `field` of the table's read columns, from 0. */
struct span cursor_text(const struct cursor *cursor, struct cursor_part part, int field);

/* False where an outer join has no row of that table. */
bool cursor_has(const struct cursor *cursor, struct cursor_part part);
bool cursor_is_settled(const struct cursor *cursor, struct cursor_part part);

/* True where each value is of its column's type; else the cursor's `reason` is set. */
bool cursor_check(struct cursor *cursor, struct cursor_part part);

struct ledger_row cursor_row(struct cursor *cursor, struct cursor_part part);
struct span cursor_json(struct cursor *cursor, struct cursor_part part);

int cursor_use(struct cursor *cursor, struct cursor_part part, struct ledger_uses *uses,
               struct arena *arena, struct error *error);
int cursor_skip(struct cursor *cursor, struct cursor_part part, const char *rule,
                struct error *error);
int cursor_reject(struct cursor *cursor, struct cursor_part part, struct span reason,
                  struct error *error);

#endif
