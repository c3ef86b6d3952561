/* What every rule of the ValDB migration works with: the options, the ledger, the people directory,
 * the sink, and the counts of the corrections.
 *
 * `struct rules` lives as long as one plan; rules_open() fills it and rules_close() releases what
 * it owns, in any case. The staging and the sink stay the caller's. */
#ifndef ROWPOST_VALDB_RULES_H
#define ROWPOST_VALDB_RULES_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "base/text.h"
#include "migration/cursor.h"
#include "migration/ledger.h"
#include "migration/migration.h"
#include "people/people.h"
#include "valdb/corrections.h"
#include "valdb/options.h"
#include "valdb/patterns.h"
#include "valdb/tables.h"
#include "valdb/tokens.h"

/* The kinds of documents, in the order in which they are posted. */
enum valdb_kind { KIND_VALIDATORS, KIND_ADMINISTRATORS, KIND_AUTHORS, KIND_CAMPAIGNS, KIND_COUNT };

/* Groups that the target's lists do not have, as they are met. */
struct unlisted_group {
    struct group_id id;
    int64_t times;
};

struct rules {
    const struct migration_settings *settings;
    struct valdb_options options;
    struct staging *staging;
    struct plan_sink *sink;
    struct ledger *ledger;
    struct ledger_table *tables[TABLE_COUNT]; /* NULL: not read */
    struct patterns *patterns;
    struct people *people;
    bool is_corrected;
    int64_t counts[KIND_COUNT][CORRECTION_COUNT];
    struct unlisted_group unlisted[CATEGORY_COUNT * SUBCATEGORY_COUNT * GROUP_COUNT];
    size_t unlisted_count;
};

int rules_open(struct rules *rules, const struct migration_settings *settings,
               struct staging *staging, struct plan_sink *sink, struct error *error);
void rules_close(struct rules *rules);

/* Puts a table that is read from here on; its row count is the source's. */
int rules_add_table(struct rules *rules, enum valdb_table table, int64_t rows, struct error *error);

/* A part of a query with the table's columns from `column` on. */
struct cursor_part rules_part(const struct rules *rules, enum valdb_table table, int column);

/* Calls `take` for each row of the table, which is `t` in `rest`: the query after its FROM. */
int rules_each_row(const struct rules *rules, struct cursor *cursor, enum valdb_table table,
                   const char *rest, int (*take)(void *context, struct error *error), void *context,
                   struct error *error);

/* "its row of RELEASES is rejected: ...": why a row is rejected that belongs to a rejected row of
 * the table; clears `out`. */
void rules_explain_partner(const struct table *table, struct span reason, struct text *out);

/* Whether the rules correct the notebook here: under the corrected rules. */
bool rules_allow(const struct rules *rules, enum correction correction);

/* Counts that the correction has made a difference; nothing under the notebook's rules. The second
 * counts each whose bit is set (tokens.h). */
void rules_count(struct rules *rules, enum valdb_kind kind, enum correction correction);
void rules_count_all(struct rules *rules, enum valdb_kind kind, unsigned corrections);

int rules_warn(const struct rules *rules, enum valdb_kind kind, struct span key, struct span text,
               struct error *error);

/* Puts the counts and the warnings about groups, at the end of the plan. */
int rules_report(struct rules *rules, struct error *error);

/* Notes a group id that was used, for the warning about groups that the target does not show. */
void rules_note_group(struct rules *rules, struct group_id id);

/* Appends a group id under the aliases. */
void rules_append_group_id(const struct rules *rules, struct group_id id, struct text *out);

/* The category and the subcategory of two words; the corrections that they take are added to
 * `*corrections`. 0; or -1 and `reason` (cleared first) names the unknown one and what was
 * expected. */
int rules_find_subcategory(const struct rules *rules, struct span category, struct span subcategory,
                           struct group_id *id, unsigned *corrections, struct text *reason);

#endif
