/* Applying: every pending document is delivered, one kind after the other.
 *
 * A document is marked as being sent, durably, before its request is sent, and its outcome is
 * durable before it counts. A document that may have arrived without an answer is looked up before
 * it is sent again, in this run or in the next one after a crash; and a missing record counts as
 * missing only after the settling time of the target (settlement.h). */
#ifndef ROWPOST_DELIVERY_APPLY_H
#define ROWPOST_DELIVERY_APPLY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "delivery/choose.h"
#include "delivery/loop_settings.h"
#include "http/session.h"
#include "migration/migration.h"
#include "workspace/workspace.h"

struct apply_settings {
    struct loop_settings loop;
    bool retry_refused;
    struct choice choice; /* the documents to which it is limited */

    /* Called before anything is sent, with the number of documents of each kind that are to be sent
     * or looked up; returns 0 to continue, or -1 with the error. NULL: no confirmation. */
    int (*confirm)(void *context, const int64_t *open, struct error *error);
    void *confirm_context;
};

/* 0: nothing is pending any more. -1: ERROR_SESSION, ERROR_TARGET, ERROR_INTERRUPTED where it was
 * stopped and the same command continues later, or the error that occurred. Single documents that
 * were refused or found different are not an error: they are recorded in the workspace. ERROR_USAGE
 * where a document that the choice needs cannot be sent; then nothing was sent. */
int apply_run(const struct migration *migration, const struct apply_settings *settings,
              struct session *session, struct workspace *workspace, struct error *error);

#endif
