/* Records that the target already has, by name: read before documents that refer to them are
 * sent. */
#ifndef ROWPOST_DELIVERY_EXISTING_H
#define ROWPOST_DELIVERY_EXISTING_H

#include <stdint.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/map.h"
#include "base/record_id.h"
#include "http/session.h"
#include "migration/migration.h"
#include "workspace/workspace.h"

/* Records by their names: each a `const struct record_id`. Start from `{0}`; existing_free(). */
struct existing_names {
    struct map ids;
    struct arena arena;
};

/* Reads all records of one sort, in the order of the list. ERROR_TARGET where two have one name, or
 * where the list cannot be read. */
int existing_read(const struct migration_existing *existing, struct session *session,
                  int64_t timeout, struct existing_names *names, struct error *error);
void existing_free(struct existing_names *names);

/* Reads all records that the migration names, and replaces those in the workspace. */
int existing_store(const struct migration *migration, struct session *session,
                   struct workspace *workspace, int64_t timeout, struct error *error);

#endif
