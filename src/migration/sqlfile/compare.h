/* A record of the target, converted to the form of a document's body, is compared with the body. */
#ifndef ROWPOST_MIGRATION_SQLFILE_COMPARE_H
#define ROWPOST_MIGRATION_SQLFILE_COMPARE_H

#include <jansson.h>

#include "migration/kind.h"
#include "migration/sqlfile/members.h"

/* What is not compared member by member. */
struct compare_rules {
    const struct members *unordered; /* arrays in any order */
    const struct members *ignored;   /* not compared */
    const struct members *secret;    /* masked in answers, and so not compared either */
};

/* Compares each member of the planned value; other members of `found` are not compared. Objects
 * member by member, arrays item by item, numbers by value. A planned null is equal to a missing
 * member; a secret is not compared. Reports every difference with the member's name; returns their
 * number. */
size_t compare_members(const json_t *planned, const json_t *found,
                       const struct compare_rules *rules, const struct difference_sink *sink);

/* The body merged with `expect` (may be NULL): objects member by member, `expect` first. A new
 * reference; NULL where memory ran out. */
json_t *compare_merge(const json_t *body, const json_t *expect);

#endif
