/* The words of both databases: categories, subcategories, groups and statuses.
 *
 * A word is found by its upper-case form; blanks at the ends and case never matter under the
 * corrected rules (correction tokens-folded). The notebook (its cells 7 to 9) folds case alone,
 * and knows the two synonyms IN and TK in exactly that spelling. Everything here is constant. */
#ifndef ROWPOST_VALDB_TOKENS_H
#define ROWPOST_VALDB_TOKENS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/span.h"
#include "base/text.h"
#include "migration/migration.h"

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

/* What finding a word has shown. */
enum token_match {
    TOKEN_UNKNOWN,
    TOKEN_EXACT, /* the notebook would have found it too */
    TOKEN_FOLDED /* found only because blanks or case were folded */
};

enum token_match token_find_category(struct span word, enum migration_rules rules,
                                     unsigned char *category);
enum token_match token_find_subcategory(struct span word, enum migration_rules rules,
                                        unsigned char *subcategory);

/* A group's word as a right has it. SUMMARY is not a group: GROUP_SUMMARY, for the corrected rules
 * alone. */
enum token_match token_find_group(struct span raw, enum migration_rules rules,
                                  unsigned char *group);

/* A group's word as a report has it: upper-cased first and then looked up (notebook cell 35), so
 * that the notebook knows no TK. */
enum token_match token_find_report_group(struct span raw, enum migration_rules rules,
                                         unsigned char *group);

/* True where the folded word is TK. */
bool token_is_tracker_synonym(struct span word);

/* ValDB2's code of a status text; `*is_signoff_failure` tells the one that the notebook lacks. */
enum token_match token_find_status(struct span word, enum migration_rules rules, int *code,
                                   bool *is_signoff_failure);
enum { STATUS_NOT_YET_DONE = 2 };

/* `Category.Subcategory` or `Category.Subcategory.Group`, groups renamed by the aliases. */
void token_append_group_id(struct text *out, struct group_id id,
                           const struct migration_alias *aliases, size_t alias_count);

/* True where ValDB2's own lists have that group under that category and subcategory: it stores
 * others too, but shows them nowhere. */
bool token_target_lists(struct group_id id);

/* True where a group has that name (case ignored): what an alias may rename. */
bool token_is_group_name(const char *name);

/* The words that are known, for the reason of a rejection: "Data, FastSim, FullSim, Gen". */
const char *token_categories(void);
const char *token_subcategories(void);
const char *token_statuses(enum migration_rules rules);

#endif
