/* What ValDB's rows and documents are about: campaign, group and author. */
#ifndef ROWPOST_VALDB_TOPICS_H
#define ROWPOST_VALDB_TOPICS_H

#include "migration/topics.h"

extern const struct migration_topics valdb_topics;

#endif
