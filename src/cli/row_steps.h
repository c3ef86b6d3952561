/* Source rows next to documents: the sample of a plan, and the rows of one document. The content of
 * rows that were used is not in the workspace; it is looked up in the staged tables. */
#ifndef ROWPOST_CLI_ROW_STEPS_H
#define ROWPOST_CLI_ROW_STEPS_H

#include "cli/options.h"
#include "report/sample.h"
#include "staging/row_lookup.h"
#include "workspace/row_sample.h"
#include "workspace/workspace.h"

/* Starts from {0}; plan_sample_clear() releases it. */
struct plan_sample {
    struct row_sample rows;
    struct row_lookup *lookup;
};

int plan_sample_take(struct plan_sample *sample, size_t count, struct staging *staging,
                     struct workspace *workspace, struct error *error);
void plan_sample_clear(struct plan_sample *sample);

/* The rows that became the documents with the key, from --from; without it from the source that the
 * plan was made of, if that is a SQLite file that is still there. `*rows` is the caller's, or NULL
 * where there is no such source; the reason is printed, unless there are no such rows. -1 with the
 * error only where --from cannot be read. */
int row_steps_look_up(struct options *options, struct workspace *workspace,
                      struct row_lookup **rows, struct error *error);

#endif
