/* Verifying: every document that the target should have is read back and compared field by field.
 */
#ifndef ROWPOST_DELIVERY_VERIFY_H
#define ROWPOST_DELIVERY_VERIFY_H

#include "base/error.h"
#include "delivery/loop_settings.h"
#include "http/session.h"
#include "migration/migration.h"
#include "workspace/workspace.h"

enum verify_depth {
    VERIFY_RECORDS, /* one look-up for each document */
    VERIFY_PARTS    /* and one for each of its parts, such as a report's content */
};

struct verify_settings {
    struct loop_settings loop;
    enum verify_depth depth;
};

/* 0: every document has a verdict. -1: ERROR_SESSION, ERROR_TARGET, ERROR_INTERRUPTED where it was
 * stopped, or the error that occurred; the verdicts so far are kept. */
int verify_run(const struct migration *migration, const struct verify_settings *settings,
               struct session *session, struct workspace *workspace, struct error *error);

#endif
