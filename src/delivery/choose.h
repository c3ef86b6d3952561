/* Which documents a limited delivery sends: those that were asked for, and those that have to be on
 * the target before them. A campaign that arrives before its authors loses them permanently. */
#ifndef ROWPOST_DELIVERY_CHOOSE_H
#define ROWPOST_DELIVERY_CHOOSE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "migration/migration.h"
#include "workspace/workspace.h"

/* What was asked for; all conditions have to hold. */
struct choice {
    const char *only; /* documents of this kind, or NULL */
    const char *key;  /* documents of this key, or NULL */
    int64_t limit;    /* at most this many pending documents of each kind; 0: all */
};

static inline bool choice_is_limited(const struct choice *choice) {
    return choice->only != NULL || choice->key != NULL || choice->limit > 0;
}

/* Chooses the documents (workspace/chosen.h), on a workspace with an open journal, and logs which
 * others are sent first. -1 with ERROR_USAGE, which names them, where such a document cannot be
 * sent. */
int choose_documents(const struct migration *migration, const struct choice *choice,
                     struct workspace *workspace, struct error *error);

#endif
