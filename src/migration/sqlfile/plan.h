/* The plan of a migration file: its annotations, run in the order of the file over staged tables,
 * and the proofs that no row, column or parent is forgotten. */
#ifndef ROWPOST_MIGRATION_SQLFILE_PLAN_H
#define ROWPOST_MIGRATION_SQLFILE_PLAN_H

#include "migration/migration.h"
#include "migration/sqlfile/sqlfile.h"

/* As the `plan` of a migration. */
int sqlfile_plan(const struct sqlfile *file, const struct migration_settings *settings,
                 struct staging *staging, struct plan_sink *sink, struct error *error);

#endif
