/* Campaigns: one document for each RELEASE_NAME (notebook cells 33 to 37), for
 * POST /api/campaigns/migrate/. */
#ifndef ROWPOST_VALDB_CAMPAIGNS_H
#define ROWPOST_VALDB_CAMPAIGNS_H

#include "valdb/rules.h"
#include "valdb/users.h"

/* Reads the rows campaign by campaign, puts the documents and settles every row of RELEASES and
 * STATUS. Authors who are not users yet are added to `users`. */
int campaigns_plan(struct rules *rules, struct users *users, struct error *error);

#endif
