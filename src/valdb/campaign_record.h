/* A campaign as ValDB2 has it: found again by name in GET /api/campaigns/get/<name>/, and compared
 * with its reports. */
#ifndef ROWPOST_VALDB_CAMPAIGN_RECORD_H
#define ROWPOST_VALDB_CAMPAIGN_RECORD_H

#include "migration/kind.h"
#include "valdb/tokens.h"

/* KIND_FIND: a name with a slash cannot be read back by any path: 0. KIND_EXISTENCE: the list of
 * campaigns has names only, and answers where a campaign that was written in part answers 500.
 * KIND_READ: the contents, one report at a time: GET /api/reports/search/<campaign>/<group>/. */
int campaign_build_find(const struct migration_kind *kind, const struct kind_document *document,
                        struct kind_draft *draft);
int campaign_build_existence(const struct migration_kind *kind,
                             const struct kind_document *document, struct kind_draft *draft);
int campaign_build_read(const struct migration_kind *kind, const struct kind_document *document,
                        struct kind_draft *draft);

/* A campaign is known by its name. */
bool campaign_find_matches(const struct migration_kind *kind, const struct kind_document *document,
                           const struct kind_answer *answer, struct kind_matches *matches);

/* Subcategories and reports in any order; a report is found by its group. Read back, contents are
 * empty and are passed: they are the parts. */
size_t campaign_compare(const struct migration_kind *kind, const struct kind_document *document,
                        const json_t *record, enum comparison comparison,
                        const struct difference_sink *differences);

/* 400 `Name is not unique`: there may be such a campaign. What is checked of the campaign itself is
 * checked before it is stored; its reports are checked while they are stored. */
enum kind_reading campaign_read_answer(const struct migration_kind *kind,
                                       const struct kind_document *document,
                                       const struct kind_answer *answer);

size_t campaign_count_parts(const struct migration_kind *kind, const struct kind_document *document,
                            enum kind_depth depth);
size_t campaign_compare_part(const struct migration_kind *kind,
                             const struct kind_document *document, size_t part,
                             const json_t *answers, const struct difference_sink *differences);

/* The addresses of the reports' authors: ValDB2 drops an author whom it does not know. */
int campaign_each_author(const struct migration_kind *kind, const json_t *body,
                         const struct name_sink *sink);

/* The group, in a report's words, of a row that has CATEGORY, SUBCATEGORY and STATUS_KIND; false
 * where one of them is unknown. */
bool campaign_find_group(const json_t *row, struct group_id *id);

/* The campaign with only the reports of the group of that row of RELEASES and without the
 * description, which is made of SUMMARY rows; for one of those, without reports. A new reference;
 * NULL where no report is found, as under an alias. */
json_t *campaign_pick_for_row(const json_t *body, const json_t *row);

#endif
