/* Amending what is on the target: records that differ are brought to what was planned, or what
 * was delivered is removed again. Both look first, change one record at a time by the target's own
 * name for it, and look again. */
#ifndef ROWPOST_DELIVERY_AMEND_H
#define ROWPOST_DELIVERY_AMEND_H

#include <stdint.h>

#include "base/error.h"
#include "delivery/pace.h"
#include "http/session.h"
#include "metrics/metrics.h"
#include "migration/migration.h"
#include "workspace/workspace.h"

struct amend_settings {
    size_t jobs; /* requests at a time, or PACE_AUTO */
    double rate; /* requests a second, 0: no limit */
    int64_t give_up_after;
    int64_t settle;          /* microseconds that the target may go on with a lost request */
    const char *only;        /* this kind only, or NULL */
    const char *key;         /* this key only, or NULL */
    struct metrics *metrics; /* borrowed; or NULL */
};

/* Of the kinds that the target lets be changed: documents that are `different`, of which a record
 * that then equals the plan is `present`; and documents that are planned otherwise than they were
 * delivered, whose records are brought to what is planned now if they still are what was delivered,
 * and are `different` if not. The target tells the people concerned by mail. */
int amend_update(const struct migration *migration, const struct amend_settings *settings,
                 struct session *session, struct workspace *workspace, struct error *error);

/* Documents that this workspace delivered, of a kind that the target lets be removed: what is gone
 * is `pending` again. Only a record is removed of which there is evidence that this workspace made
 * it; `*kept` counts the others, which stay. */
int amend_undo(const struct migration *migration, const struct amend_settings *settings,
               struct session *session, struct workspace *workspace, int64_t *kept,
               struct error *error);

#endif
