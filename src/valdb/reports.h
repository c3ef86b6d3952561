/* The reports of a campaign: which rows are reports, and their contents. */
#ifndef ROWPOST_VALDB_REPORTS_H
#define ROWPOST_VALDB_REPORTS_H

#include "base/json_writer.h"
#include "valdb/campaign.h"
#include "valdb/lookups.h"
#include "valdb/users.h"

enum { REPORT_GROUPS = CATEGORY_COUNT * SUBCATEGORY_COUNT * GROUP_COUNT };

/* What writing reports needs. The caller fills the first three, which are borrowed, starts from
 * `{0}` otherwise, and ends with reports_free(). */
struct reports {
    struct rules *rules;
    struct users *users;
    struct authors *authors;

    struct campaign_row *heads[REPORT_GROUPS]; /* by group: the row that is its report */
    struct campaign_row **gathered;
    size_t gathered_capacity;
    struct text content;
    struct text group;
    int64_t count;   /* reports that were written */
    int64_t unfound; /* of them, without an author though the row names one */
};

void reports_free(struct reports *reports);

/* Finds, for each group, the one row that is its report, and links the others to it (correction
 * report-single); earlier versions find the report of their group or are skipped. */
int reports_choose(struct reports *reports, struct campaign *campaign, struct error *error);

/* Writes the campaign's reports as a JSON array, in order of RELEASES.ID. */
int reports_write(struct reports *reports, const struct campaign *campaign,
                  struct json_writer *json, struct error *error);

/* Without a people directory: warns how many reports will have no author. */
int reports_warn_of_authors(const struct reports *reports, struct error *error);

#endif
