/* What people directories have answered in earlier plans, so that a plan can be made again without
 * them. */
#ifndef ROWPOST_WORKSPACE_DIRECTORY_ANSWERS_H
#define ROWPOST_WORKSPACE_DIRECTORY_ANSWERS_H

#include "base/error.h"
#include "base/statement.h"
#include "base/text.h"
#include "workspace/workspace.h"

/* Starts from `{0}`; directory_answers_close(). */
struct directory_answers {
    struct statement find;
};

int directory_answers_open(struct directory_answers *answers, struct workspace *workspace,
                           struct error *error);
void directory_answers_close(struct directory_answers *answers);

/* Appends the answer. 1; 0 where there is none; or -1 with the error. */
int directory_answers_find(struct directory_answers *answers, struct span directory,
                           struct span name, struct text *answer, struct error *error);

#endif
