/* Taking back what a part has done.
 *
 * A merge is one transaction of the parent. Document by document, the part's history of attempts is
 * laid beside the parent's: where it goes on from the parent's, its outcome, the target's id,
 * findings and the further attempts are taken; where it is the same or shorter, the parent has them
 * already, or newer ones, and nothing changes. Where the two have gone different ways, the parent
 * keeps its own. So a part may be merged while it is at work, again and again, and an old copy of
 * it does no harm. What the part has not brought to an end stays handed out. */
#ifndef ROWPOST_WORKSPACE_MERGE_H
#define ROWPOST_WORKSPACE_MERGE_H

#include <stdint.h>

#include "base/error.h"
#include "base/text.h"
#include "workspace/workspace.h"

/* The caller frees the text with merged_free(), in any case. */
struct merged {
    struct text kind;
    int64_t number;
    int64_t parts;
    int64_t documents; /* of the part */
    int64_t taken;     /* of them, with something that is new here */
    int64_t out;       /* of them, still handed out */
    int64_t apart;     /* of them, with another history here than in the part */
};

/* The workspace is open for work. ERROR_WORKSPACE where the file is no part of it, was recalled, is
 * of another plan or was delivered to another target; ERROR_BALANCE where the sums do not agree.
 * Then nothing is merged. */
int merge_part(struct workspace *workspace, const char *path, struct merged *merged,
               struct error *error);
void merged_free(struct merged *merged);

#endif
