/* Handing parts of a workspace out to other machines.
 *
 * A part is a workspace of its own with some of the documents of one kind that are still to be
 * delivered. In its parent these documents are `handed out`: nothing there sends them until the
 * part is merged (workspace/merge.h) or recalled. Which part a document is in depends only on its
 * ordering key, or else its key. A document that refers to others is handed out once those are
 * delivered, and the part has their ids.
 *
 * At every moment exactly one file must have a document to send: the parts are written as drafts
 * and made durable; then the parent's transaction marks their documents; then the drafts get their
 * names. A crash before the parent's commit leaves drafts that no workspace refers to. After a
 * crash that follows the commit, the next split_hand_out() or split_finish() gives the drafts their
 * names.
 *
 * The workspace is open for work. Errors: ERROR_USAGE where it cannot be, ERROR_DISK. */
#ifndef ROWPOST_WORKSPACE_SPLIT_H
#define ROWPOST_WORKSPACE_SPLIT_H

#include <stdint.h>

#include "base/error.h"
#include "base/text.h"
#include "workspace/workspace.h"

enum { SPLIT_MOST_PARTS = 10000 };

struct split_order {
    const char *kind;   /* NULL: the first that has documents to deliver, or handed out */
    int64_t parts;      /* 1 to SPLIT_MOST_PARTS */
    const char *folder; /* made if it is not there */
};

/* What was done; the caller frees the texts with split_result_free(). */
struct split_result {
    struct text kind;
    struct text folder; /* the whole path */
    int64_t documents;  /* handed out now; 0: there were none */
    int64_t least;      /* documents of the smallest and of the largest part */
    int64_t most;
    int64_t out;      /* documents of the kind that are handed out, those of earlier splits too */
    int64_t finished; /* parts of an earlier split that a crash left without their names */
};

int split_hand_out(struct workspace *workspace, const struct split_order *order,
                   struct split_result *result, struct error *error);
void split_result_free(struct split_result *result);

/* Gives drafts that a crash left their names; their number is added to `*finished`. */
int split_finish(struct workspace *workspace, int64_t *finished, struct error *error);

#endif
