/* What the next apply is for: documents to be sent or looked up, and those whose record is to be
 * changed; in the order in which they are sent. Nothing is written. */
#ifndef ROWPOST_WORKSPACE_DUE_H
#define ROWPOST_WORKSPACE_DUE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "base/record_id.h"
#include "base/span.h"
#include "workspace/workspace.h"

enum due_what {
    /* Unknown ones first, which are looked up; then pending and waiting ones: after the documents
     * of the kind to which they refer, then in the order of planning. */
    DUE_SENT,
    DUE_REFUSED, /* the same, and refused ones */
    DUE_CHANGED  /* documents on the target that are planned differently now */
};

/* The spans live until `take` returns. */
struct due_document {
    int64_t id;
    struct span key;
    struct record_id target_id;
    struct span body; /* what is sent: of DUE_CHANGED, what is planned now */
    struct span values;
    struct span expect;
    struct span former; /* DUE_CHANGED: the body that was delivered */
    bool is_unknown;    /* it is looked up before anything is sent */
    bool is_referred;   /* another document refers to it */
};

struct due_filter {
    const char *kind;
    const char *key; /* DUE_CHANGED: only this document; NULL: all */
    bool is_chosen;  /* DUE_SENT, DUE_REFUSED: only what is chosen (workspace/chosen.h) */
};

/* Calls `take` for each document of the filter, on a workspace with an open journal. 0, or -1 with
 * the error. */
int due_each(struct workspace *workspace, enum due_what what, const struct due_filter *filter,
             int (*take)(void *context, const struct due_document *document, struct error *error),
             void *context, struct error *error);

#endif
