/* Private to the journal: its statements, which its files share (journal.c, journal_select.c,
 * journal_records.c). */
#ifndef ROWPOST_WORKSPACE_JOURNAL_PRIVATE_H
#define ROWPOST_WORKSPACE_JOURNAL_PRIVATE_H

#include "base/statement.h"
#include "workspace/attempt_batch_private.h"
#include "workspace/delivered_batch_private.h"
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
