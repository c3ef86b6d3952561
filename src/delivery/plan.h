/* Planning: a migration's rules run over the staged tables of a source, into a workspace. */
#ifndef ROWPOST_DELIVERY_PLAN_H
#define ROWPOST_DELIVERY_PLAN_H

#include "base/error.h"
#include "metrics/metrics.h"
#include "migration/migration.h"
#include "staging/staging.h"
#include "workspace/workspace.h"

/* What is planned from. All of it is borrowed. */
struct plan_origin {
    const char *source; /* its name for people, without secrets (source_name()) */
    struct staging *staging;
};

/* Plans, or plans again, and notes with which settings: each option of the migration under its own
 * name, with a blank between the values of one that was given several times. Either the whole plan
 * is durable and its reconciliation balances, or the workspace is as it was. Ends the reading by
 * staging_finish(); the tables can still be read. `metrics` may be NULL. */
int plan_run(const struct migration *migration, const struct migration_settings *settings,
             const struct plan_origin *origin, struct workspace *workspace, struct metrics *metrics,
             struct error *error);

#endif
