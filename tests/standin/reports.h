/*
 * The reports of campaigns, and /api/reports/search/<campaign>/<group>/.
 *
 * A stored report names its authors by their numbers; a reader sees the people as they are now. */
#ifndef STANDIN_REPORTS_H
#define STANDIN_REPORTS_H

#include "route.h"

enum report_status { REPORT_NOT_YET_DONE = 2, REPORT_STATUS_LAST = 6 };

/*
 * Checks and stores one report of the campaign numbered `owner`. Gives the status that the post
 * must be answered with, and for a 400 its messages; 0 if the report is stored.
 */
unsigned reports_store(struct standin *standin, long long owner, const json_t *report,
                       struct text *messages);

/* The report in a row, with its content and its authors as records. The caller's. */
json_t *reports_load(struct standin *standin, const struct row *row);

enum outcome reports_search(struct standin *standin, struct request *request);

#endif
