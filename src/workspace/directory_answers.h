/* What people directories have answered in earlier plans, so that a plan can be made again without
 * them. `struct directory_answers` owns its texts; start from `{0}`, end with
 * directory_answers_free(). */
#ifndef ROWPOST_WORKSPACE_DIRECTORY_ANSWERS_H
#define ROWPOST_WORKSPACE_DIRECTORY_ANSWERS_H

#include "base/arena.h"
#include "base/error.h"
#include "base/map.h"
#include "base/text.h"
#include "workspace/workspace.h"

struct directory_answers {
    struct arena arena;
    struct map by_name; /* of "directory LF name": struct span */
};

/* Reads all that the workspace has. */
int directory_answers_load(struct workspace *workspace, struct directory_answers *answers,
                           struct error *error);
void directory_answers_free(struct directory_answers *answers);

/* Appends the answer. 1; 0 where there is none; or -1 with the error. */
int directory_answers_find(const struct directory_answers *answers, struct span directory,
                           struct span name, struct text *answer, struct error *error);

#endif
