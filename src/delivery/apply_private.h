/* A delivery at work, and the documents that it is fed. */
#ifndef ROWPOST_DELIVERY_APPLY_PRIVATE_H
#define ROWPOST_DELIVERY_APPLY_PRIVATE_H

#include "delivery/apply.h"
#include "delivery/creation.h"
#include "delivery/loop.h"
#include "workspace/journal.h"
#include "workspace/summary.h"

struct apply {
    const struct migration *migration;
    struct journal *journal;
    struct loop loop;
    size_t kind;
    const struct apply_settings *settings;
    struct summary begun; /* where the documents were when it began */
    bool is_unknown_fed;  /* what was unknown when the kind began has been fed */
    bool looks_first;     /* what is fed now is looked up before it is sent */
    struct creation_clock clock;
    int64_t last_unknown; /* the documents up to these have been fed */
    int64_t last_pending;
    int64_t fed_unknown; /* of all kinds */
    int64_t fed_pending;
    int64_t left_unknown;
};

/* The kind at hand. */
static inline const struct migration_kind *apply_kind_of(const struct apply *apply) {
    return &apply->migration->kinds[apply->kind];
}

/* Of the loop (loop.h): what is unknown since an earlier run first, then what is pending, which is
 * marked as being sent. */
int apply_feed(void *context, size_t wanted, struct error *error);

#endif
