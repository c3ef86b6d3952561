/* The corrections to the notebook's rules, and the rules by which rows are left out: each with the
 * id under which a plan counts it.
 *
 * `--rules notebook` turns every correction off. At the one place of its rule a correction is asked
 * for by rules_allow() and counted by rules_count() (rules.h). The tables of the words carry the
 * correction that a word needs (tokens.h). */
#ifndef ROWPOST_VALDB_CORRECTIONS_H
#define ROWPOST_VALDB_CORRECTIONS_H

#include "migration/migration.h"

enum correction {
    CORRECTION_TRACKER_KEPT,
    CORRECTION_TOKENS_FOLDED,
    CORRECTION_LINKS_KEPT,
    CORRECTION_CONTENT_MARKDOWN,
    CORRECTION_SUMMARY_KEPT,
    CORRECTION_RELEASES_FROM_SUMMARY,
    CORRECTION_EMAIL_FOUND,
    CORRECTION_EMAIL_LOWER,
    CORRECTION_TWINS_MERGED,
    CORRECTION_RIGHTS_DISTINCT,
    CORRECTION_STATUS_SIGNOFF_FAILURE,
    CORRECTION_STATUS_DEFAULT,
    CORRECTION_FULLNAMES_FOUND,
    CORRECTION_AUTHORS_RESOLVED,
    CORRECTION_AUTHORS_REGISTERED,
    CORRECTION_RELMON_FIRST,
    CORRECTION_REPORT_SINGLE,
    CORRECTION_DATES_FILLED,
    CORRECTION_ROW_REJECTED,
    CORRECTION_TARGET_ACCEPTS,
    CORRECTION_RIGHTLESS_SHOWN,
    CORRECTION_PADDING_DROPPED,
    CORRECTION_COUNT
};

/* In the order of the enum: id and meaning. */
extern const struct migration_rule correction_rules[CORRECTION_COUNT];

enum skip {
    SKIP_LOGIN_LENGTH,
    SKIP_SUMMARY_RIGHT,
    SKIP_RIGHTLESS,
    SKIP_RIGHTS_UNUSED,
    SKIP_RIGHT_OF_NOBODY,
    SKIP_NO_ROLE,
    SKIP_ADMIN_NOT_LISTED,
    SKIP_LISTED_NOT_ADMIN,
    SKIP_KIND_NOT_A_GROUP,
    SKIP_STATUS_MISSING,
    SKIP_RELEASE_MISSING,
    SKIP_HISTORY_WITHOUT_REPORT,
    SKIP_COUNT
};

extern const struct migration_rule skip_rules[SKIP_COUNT];

#endif
