/* Planning: a migration's rules run over a source, into a workspace. */
#ifndef ROWPOST_DELIVERY_PLAN_H
#define ROWPOST_DELIVERY_PLAN_H

#include "base/error.h"
#include "metrics/metrics.h"
#include "migration/migration.h"
#include "source/source.h"
#include "workspace/workspace.h"

/* Plans, or plans again, and notes with which settings. Either the whole plan is durable and its
 * account balances, or the workspace stands as it was. `metrics` may be NULL. */
int plan_run(const struct migration *migration, const struct migration_settings *settings,
             struct source *source, struct workspace *workspace, struct metrics *metrics,
             struct error *error);

#endif
