/* The words of both databases: categories, subcategories, groups and statuses.
 *
 * A word is found by its upper-case form; blanks at the ends and case never matter under the
 * corrected rules (correction tokens-folded). The notebook (its cells 7 to 9) folds only case, and
 * knows the two synonyms IN and TK in exactly that spelling. Everything here is constant. */
#ifndef ROWPOST_VALDB_TOKENS_H
#define ROWPOST_VALDB_TOKENS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/span.h"
#include "base/text.h"
#include "valdb/options.h"

enum {
    CATEGORY_COUNT = 5,
    SUBCATEGORY_COUNT = 4,
    GROUP_COUNT = 31,
    GROUP_NONE = GROUP_COUNT, /* a two-part id: a subcategory */
    GROUP_SUMMARY = GROUP_COUNT + 1
};

/* A group under its category and subcategory, by the positions of the tables here. */
struct group_id {
    unsigned char category;
    unsigned char subcategory;
    unsigned char group; /* or GROUP_NONE */
};

/* A word as it was found: its value, and the corrections that finding it takes, a bit for each.
 * They are for rules_count_all() once the row is accepted. */
struct token {
    int value;
    unsigned corrections;
};

/* The lists of words. A group's word differs between a right and a report: the notebook upper-cases
 * a report's and then looks it up (its cell 35), so that it finds no TK there. SUMMARY is not a
 * group: GROUP_SUMMARY, for the corrected rules only. The value of a status is ValDB2's code. */
enum token_list {
    TOKENS_CATEGORY,
    TOKENS_SUBCATEGORY,
    TOKENS_RIGHT_GROUP,
    TOKENS_REPORT_GROUP,
    TOKENS_STATUS,
    TOKEN_LIST_COUNT
};
enum { STATUS_NOT_YET_DONE = 2 };

/* False for an unknown word. Under the notebook's rules a word that takes a correction is unknown.
 */
bool token_find(enum token_list list, struct span word, enum rule_set rules, struct token *found);

/* Why such a word rejects its row: `unknown category "X"; expected one of Y, Z`, or `no category;
 * ...`; clears `reason`. */
void token_explain_unknown(enum token_list list, struct span word, enum rule_set rules,
                           struct text *reason);

/* The text of ValDB2's code of a status, or NULL. */
const char *token_status_name(int code);

/* `Category.Subcategory` or `Category.Subcategory.Group`, groups renamed by the aliases. */
void token_append_group_id(struct text *out, struct group_id id, const struct alias *aliases,
                           size_t alias_count);

/* True where ValDB2's own lists have that group under that category and subcategory: it stores
 * others too, but shows them nowhere. */
bool token_target_lists(struct group_id id);

/* True where a group has that name (case ignored): what an alias may rename. */
bool token_is_group_name(struct span name);

#endif
