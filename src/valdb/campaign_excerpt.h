/* What one row has made of its campaign. */
#ifndef ROWPOST_VALDB_CAMPAIGN_EXCERPT_H
#define ROWPOST_VALDB_CAMPAIGN_EXCERPT_H

#include <jansson.h>

/* The campaign with the reports of the row's group alone and without the description, which is made
 * of SUMMARY rows; for one of those, without reports. A new reference; NULL where no report is
 * found, as under an alias. */
json_t *campaign_pick_for_row(const json_t *body, const json_t *row);

#endif
