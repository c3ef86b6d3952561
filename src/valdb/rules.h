/* What every rule of the ValDB migration works with: the settings, the directory, the sink, and the
 * counts of the corrections.
 *
 * `struct rules` lives as long as one plan; rules_open() fills it and rules_close() releases what
 * it owns. The sink and the source stay the caller's. */
#ifndef ROWPOST_VALDB_RULES_H
#define ROWPOST_VALDB_RULES_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "base/text.h"
#include "migration/migration.h"
#include "people/people.h"
#include "source/source.h"
#include "valdb/corrections.h"
#include "valdb/patterns.h"
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
    struct source *source;
    struct migration_sink *sink;
    struct patterns *patterns;
    struct people *people;
    bool is_corrected;
    int64_t counts[KIND_COUNT][CORRECTION_COUNT];
    struct unlisted_group unlisted[CATEGORY_COUNT * SUBCATEGORY_COUNT * GROUP_COUNT];
    size_t unlisted_count;
    struct text scratch; /* for a value as text */
    struct text json;    /* for a row as JSON */
};

int rules_open(struct rules *rules, const struct migration_settings *settings,
               struct source *source, struct migration_sink *sink, struct error *error);
void rules_close(struct rules *rules);

/* True under the corrected rules; then the correction has been counted once more for the kind. Ask
 * only where the correction makes a difference. */
bool rules_corrects(struct rules *rules, enum valdb_kind kind, enum correction correction);

/* Hands the counts and the warnings to the sink, at the end of the plan. */
int rules_report(struct rules *rules, struct error *error);

/* Notes a group id that was used, for the warning about groups that the target does not show. */
void rules_note_group(struct rules *rules, struct group_id id);

/* Appends a group id under the settings' aliases. */
void rules_append_group_id(const struct rules *rules, struct group_id id, struct text *out);

/* The category and the subcategory of two words. 0; or -1 and `reason` (cleared first) says which
 * is unknown and what was expected. `*is_folded` is set where only folding found one. */
int rules_find_subcategory(const struct rules *rules, struct span category, struct span subcategory,
                           struct group_id *id, bool *is_folded, struct text *reason);

/* Runs a query whose every row is passed over by one rule: what the notebook's joins hide. `row`
 * is the column that names the row, `*rows_read` the number of rows. */
int rules_skip_all(struct rules *rules, enum valdb_kind kind, const char *name, const char *sql,
                   const char *row, enum skip skip, int64_t *rows_read, struct error *error);

#endif
