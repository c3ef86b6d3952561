/* Taking back what a part has done.
 *
 * A merge is one transaction of the parent. Document by document, the part's history of attempts is
 * compared with the parent's: if it continues the parent's, its outcome, the target's id, findings
 * and the further attempts are taken; if it is the same or shorter, the parent already has the same
 * or newer ones, and nothing changes. If the two histories differ, the parent keeps its own. So a
 * part may be merged repeatedly while it is in use, and an old copy of it does no harm. What the
 * part has not settled stays handed out. */
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
    int64_t taken;     /* of them, with something new for the parent */
    int64_t out;       /* of them, still handed out */
    int64_t apart;     /* of them, with different histories in parent and part */
};

/* The workspace is open for work. ERROR_WORKSPACE where the file is not a part of it, was recalled,
 * has another plan or was delivered to another target; ERROR_BALANCE where the sums do not agree.
 * Then nothing is merged. */
int merge_part(struct workspace *workspace, const char *path, struct merged *merged,
               struct error *error);
void merged_free(struct merged *merged);

#endif
