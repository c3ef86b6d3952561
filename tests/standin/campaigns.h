/*
 * /api/campaigns/: storing and reading campaigns.
 *
 * A post is checked by campaigns_check() and stored by campaigns_store(); other requests may come
 * in between, as they do between two workers of the real server, and then one name is stored twice.
 *
 * A post that fails at a report, or at its deadline after all of them, leaves a campaign without
 * reports, with the reports before the failing one stored but not linked to it.
 */
#ifndef STANDIN_CAMPAIGNS_H
#define STANDIN_CAMPAIGNS_H

#include "route.h"

/* Answers a post that fails the checks; one that passes is kept in request->document. */
enum outcome campaigns_check(struct standin *standin, struct request *request);

/* Stores request->document and answers with the campaign as it now is. */
void campaigns_store(struct standin *standin, struct request *request);

/* Stores the campaign and half of its reports, unlinked, and answers 500. */
void campaigns_store_half(struct standin *standin, struct request *request);

enum outcome campaigns_list(struct standin *standin, struct request *request);
enum outcome campaigns_get(struct standin *standin, struct request *request);

/*
 * The campaign in a row with its reports, contents and authors, the caller's. One whose reports
 * were never linked has null for them.
 */
json_t *campaigns_load(struct standin *standin, const struct row *row);

#endif
