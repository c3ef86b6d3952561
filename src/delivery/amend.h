/* Changes records on the target: records that differ are updated to the plan, or delivered records
 * are removed again. Both look the record up first, change one record at a time by the target's own
 * name for it, and look it up again. */
#ifndef ROWPOST_DELIVERY_AMEND_H
#define ROWPOST_DELIVERY_AMEND_H

#include <stdint.h>

#include "base/error.h"
#include "delivery/loop_settings.h"
#include "http/session.h"
#include "migration/migration.h"
#include "workspace/workspace.h"

struct amend_settings {
    struct loop_settings loop;
    const char *only; /* this kind only, or NULL */
    const char *key;  /* this key only, or NULL */
};

/* For kinds whose records the target can change. A document that is `different` is updated; when
 * its record equals the plan, it is `present`. A document that is planned differently than it was
 * delivered is updated if its record is still what was delivered; otherwise it becomes `different`.
 * The target notifies the people concerned by mail. */
int amend_update(const struct migration *migration, const struct amend_settings *settings,
                 struct session *session, struct workspace *workspace, struct error *error);

/* Removes documents that this workspace delivered, of kinds whose records the target can remove: a
 * removed document is `pending` again. Only a record is removed of which there is evidence that
 * this workspace made it; `*kept` counts the others, which stay. */
int amend_undo(const struct migration *migration, const struct amend_settings *settings,
               struct session *session, struct workspace *workspace, int64_t *kept,
               struct error *error);

#endif
