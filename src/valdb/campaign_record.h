/* A campaign as ValDB2 has it: found again by name in GET /api/campaigns/get/<name>/, and compared
 * with its reports. */
#ifndef ROWPOST_VALDB_CAMPAIGN_RECORD_H
#define ROWPOST_VALDB_CAMPAIGN_RECORD_H

#include "migration/migration.h"

/* A name with a slash cannot be read back by any path: 0. */
int campaign_build_lookup_path(struct span key, const json_t *body, struct text *path);

/* The list of campaigns has names alone, and answers where a campaign that was written in part
 * answers 500. */
void campaign_build_existence_path(struct span key, const json_t *body, struct text *path);

/* A campaign is known by its name. */
bool campaign_is_record_of(struct span key, const json_t *body, const json_t *record);

/* Picks the campaign out of either answer. */
enum lookup_result campaign_find_record(const json_t *answer, struct span key, const json_t *body,
                                        const json_t **record);

/* Subcategories and reports in any order; a report is found by its group. Read back, contents are
 * empty and are passed: they are the parts below. */
size_t campaign_compare(const json_t *body, const json_t *record, enum comparison comparison,
                        const struct difference_sink *differences);

/* True for 400 `Name is not unique`. */
bool campaign_means_exists(const json_t *answer);

/* True for what is checked of the campaign itself: its reports are checked while they are stored.
 */
bool campaign_is_refused_unstored(const json_t *answer);

/* The contents, one report at a time: GET /api/reports/search/<campaign>/<group>/. */
size_t campaign_count_parts(const json_t *body);
void campaign_build_part_path(struct span key, const json_t *body, size_t part, struct text *path);
size_t campaign_compare_part(const json_t *body, size_t part, const json_t *answer,
                             const struct difference_sink *differences);

/* The campaign with only the reports of the group of that row of RELEASES and without the
 * description, which is made of SUMMARY rows; for one of those, without reports. A new reference;
 * NULL where no report is found, as under an alias. */
json_t *campaign_pick_for_row(const json_t *body, const json_t *row);

#endif
