/* The migration of CMS PdmV's ValDB into ValDB2: validators, administrators, authors, campaigns. */
#ifndef ROWPOST_VALDB_VALDB_H
#define ROWPOST_VALDB_VALDB_H

#include "migration/migration.h"

extern const struct migration valdb_migration;

#endif
