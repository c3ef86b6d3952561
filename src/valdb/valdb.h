/* The migration of CMS PdmV's ValDB into ValDB2: validators, administrators, authors, campaigns. */
#ifndef ROWPOST_VALDB_VALDB_H
#define ROWPOST_VALDB_VALDB_H

#include "migration/migration.h"
#include "migration/topics.h"

extern const struct migration valdb_migration;

/* What its rows and documents are about: campaign, group and author (topics.c). */
extern const struct migration_topics valdb_topics;

#endif
