/* The documents to which a delivery is limited, and those that they need first.
 *
 * They are kept for the connection only, in the temporary table `chosen`, which journal_open()
 * makes; a selection among them is `struct selection` with is_chosen (workspace/journal.h). */
#ifndef ROWPOST_WORKSPACE_CHOSEN_H
#define ROWPOST_WORKSPACE_CHOSEN_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/span.h"
#include "workspace/workspace.h"

/* Documents of a kind that the next apply sends or looks up. */
struct chosen_rule {
    size_t kind;
    struct span key; /* only this document; null: all */
    int64_t limit;   /* at most this many pending ones, the first that were planned; 0: all */
};

/* Adds the documents of the rule. */
int chosen_add(struct workspace *workspace, const struct chosen_rule *rule, struct error *error);

/* Adds one document, as it is needed by another one. */
int chosen_add_needed(struct workspace *workspace, int64_t document, struct error *error);

/* Adds, as needed, the documents that have to be on the target before the chosen ones and are not:
 * those to which they refer, those before them under their ordering key, and what these need. */
int chosen_add_referred(struct workspace *workspace, struct error *error);

/* How many documents of the kind are chosen and open. */
int chosen_count(struct workspace *workspace, size_t kind, int64_t *count, struct error *error);

enum chosen_list {
    CHOSEN_OF_KIND,      /* chosen documents of the kind */
    CHOSEN_NOT_OF_KIND,  /* documents of the kind that are not chosen and not on the target */
    CHOSEN_NEEDED,       /* of all kinds: what is needed and can be sent */
    CHOSEN_UNDELIVERABLE /* of all kinds: what is needed, and was refused or is handed out */
};

struct chosen_document {
    int64_t id;
    size_t kind;
    struct span key;
    struct span body; /* null in the lists of all kinds */
    int64_t total;    /* of the list; 0 in the lists of a kind */
};

/* Called for each document; its spans live until the function returns. 0, or -1 with the error. */
typedef int chosen_take(void *context, const struct chosen_document *document, struct error *error);

/* Gives the documents in the order in which they are sent; `kind` counts for the lists of a kind.
 * `take` must not add to the list. */
int chosen_each(struct workspace *workspace, enum chosen_list list, size_t kind, chosen_take *take,
                void *context, struct error *error);

#endif
