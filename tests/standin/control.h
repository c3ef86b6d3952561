/*
 * /control/: how a test steers the stand-in. No sign-in, JSON in and out, never logged.
 *
 *   PUT  /control/faults        replaces the list of faults (faults.h); GET shows it with its hits
 *   GET  /control/state         users; campaigns with their reports and `complete`; `orphans`, the
 *                               reports that no campaign links; `counts`
 *   GET  /control/counts        users, campaigns, reports, duplicates (users and campaigns that
 * repeat an earlier one's address or name), requests (arrived), posts_per_key (how often the
 * most-posted address or name was posted) GET  /control/log?since=N   the log after entry N: n,
 * method, path (decoded), key (address or campaign name of a post, else null), status (0: no
 * answer), connection POST /control/users         an array of users, stored as given POST
 * /control/expire        {"credential": word, "after": n}: n requests more, then expired POST
 * /control/reset         empties everything: records, log, counts, faults, expiries
 */
#ifndef STANDIN_CONTROL_H
#define STANDIN_CONTROL_H

#include "request.h"
#include "standin.h"

/* Whether the request is one of these. */
bool control_owns(const struct request *request);

void control_answer(struct standin *standin, struct request *request);

#endif
