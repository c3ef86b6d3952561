/* Applying: every pending document is delivered, kind after kind.
 *
 * A document is marked as being sent, durably, before its request leaves, and its end is durable
 * before it counts. What may have arrived without an answer is looked up before anything is sent
 * again, in this run or in the next one after a crash; and that it is not there is believed only
 * once the target has had its time (settlement.h). */
#ifndef ROWPOST_DELIVERY_APPLY_H
#define ROWPOST_DELIVERY_APPLY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "delivery/choose.h"
#include "delivery/pace.h"
#include "http/session.h"
#include "metrics/metrics.h"
#include "migration/migration.h"
#include "workspace/workspace.h"

struct apply_settings {
    size_t jobs;           /* requests at a time, or PACE_AUTO */
    double rate;           /* requests a second, 0: no limit */
    int64_t give_up_after; /* microseconds without an answer that could be used */
    int64_t settle;        /* microseconds that the target may go on with a lost request */
    bool retry_refused;
    struct choice choice;    /* the documents to which it is limited */
    struct metrics *metrics; /* borrowed; or NULL */

    /* Is shown, before anything is sent, how many documents of each kind are to be sent or looked
     * up; 0 to go on, or -1 with the error. NULL: nobody is asked. */
    int (*confirm)(void *context, const int64_t *open, struct error *error);
    void *confirm_context;
};

/* 0: nothing is pending any more. -1: ERROR_SESSION, ERROR_TARGET, ERROR_INTERRUPTED where it was
 * stopped and the same command goes on later, or what broke. Single documents that were refused or
 * found different are no error: they stand in the workspace. ERROR_USAGE where a
 * document that the choice needs cannot be sent: nothing was. */
int apply_run(const struct migration *migration, const struct apply_settings *settings,
              struct session *session, struct workspace *workspace, struct error *error);

#endif
