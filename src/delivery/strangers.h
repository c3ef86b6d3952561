/* Strangers: records that came to the target while a kind was delivered, or since, and that belong
 * to no document. If the target lists the records of a kind, all are read before anything of the
 * kind is sent, and again afterwards (workspace/target_list.h). No other exchange may be under way
 * in the session, and no transaction may be open. */
#ifndef ROWPOST_DELIVERY_STRANGERS_H
#define ROWPOST_DELIVERY_STRANGERS_H

#include <stdint.h>

#include "base/error.h"
#include "delivery/task.h"
#include "http/session.h"
#include "migration/migration.h"
#include "workspace/workspace.h"

struct strangers {
    const struct migration *migration;
    struct workspace *workspace;
    struct session *session;
    int64_t timeout; /* microseconds: how long the target may give no usable answer */
};

/* Reads what is there before anything of the kind is sent: once in the life of a workspace, and not
 * in a part, which does not know what the other parts send. Nothing is read once a document of the
 * kind was sent or handed out. 0, or -1 with the error. */
int strangers_list_before(const struct strangers *strangers, size_t kind, struct error *error);

/* Whether strangers of the kind cannot be found any more, as the list was not read in time: 1, 0 or
 * -1. */
int strangers_are_lost(const struct migration_kind *kind, struct workspace *workspace,
                       struct error *error);

/* Reads what is there now, where it is known what was there before, and keeps the strangers. 0, or
 * -1 with the error. */
int strangers_find(const struct strangers *strangers, size_t kind, struct error *error);

/* The record that the task has found is its document's, though it is not as planned: no stranger.
 * Written into the open transaction. */
int strangers_claim(struct workspace *workspace, const struct task *task, struct error *error);

#endif
