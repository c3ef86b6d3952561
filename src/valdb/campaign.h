/* One campaign: its rows, what each of them is, and the document that they become.
 *
 * A campaign is the unit of memory: its rows are copied, judged, written as one document and
 * forgotten. `struct campaign` owns its rows; start from `{0}`, campaign_reset() between two
 * campaigns, campaign_free() at the end. */
#ifndef ROWPOST_VALDB_CAMPAIGN_H
#define ROWPOST_VALDB_CAMPAIGN_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/span.h"
#include "valdb/corrections.h"
#include "valdb/releases.h"
#include "valdb/rules.h"

enum row_use { ROW_REPORT, ROW_SUMMARY, ROW_HISTORY, ROW_SKIPPED, ROW_REJECTED };

struct campaign_row {
    struct release_row source;
    enum row_use use;
    enum skip skip;          /* for ROW_SKIPPED */
    struct span reason;      /* for ROW_REJECTED */
    enum release_side fault; /* for ROW_REJECTED: which of the two rows is at fault */
    struct group_id group;
    int status;                   /* ValDB2's code, for ROW_REPORT */
    int64_t moment;               /* its date, or the campaign's latest in its place */
    struct campaign_row *older;   /* further rows for the same group, newest first */
    struct campaign_row *history; /* earlier versions of the group's rows, latest first */
    bool is_in_newer;             /* it is in the content of a newer row */
};

struct campaign {
    struct span name;
    struct campaign_row *rows;
    size_t row_count;
    size_t row_capacity;
    int64_t latest; /* the latest date of the rows that are used */
    struct arena arena;
};

/* True for a row that the document itself is made of. */
bool campaign_row_is_used(const struct campaign_row *row);

void campaign_reset(struct campaign *campaign);
void campaign_free(struct campaign *campaign);

/* Room for one more row; NULL with the error where memory ran out. */
struct campaign_row *campaign_add_row(struct campaign *campaign, struct error *error);

/* Judges every row: report, summary, earlier version, skipped or rejected; counts the corrections.
 * Returns 1 where something is left to become a document, 0 where nothing is, -1 on an error. */
int campaign_judge(struct campaign *campaign, struct rules *rules, struct error *error);

#endif
