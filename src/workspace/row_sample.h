/* A sample of a plan's rows: spread over the tables, over their outcomes (used, rejected, skipped)
 * and over the order in which they were planned. The same plan gives the same sample. */
#ifndef ROWPOST_WORKSPACE_ROW_SAMPLE_H
#define ROWPOST_WORKSPACE_ROW_SAMPLE_H

#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/span.h"
#include "workspace/workspace.h"

enum { ROW_SAMPLE_MOST = 1000 };

/* Texts are NUL-terminated where they are not null. */
struct sampled_row {
    struct span table;
    struct span row;
    struct span outcome;
    struct span because; /* null for a used row */
    struct span content; /* likewise */
    struct span kind;    /* of the document, null where there is none, as is the key */
    struct span key;
    int64_t document;
};

/* Owns its rows; start from `{0}`, end with row_sample_clear(). */
struct row_sample {
    struct arena arena;
    struct sampled_row *rows;
    size_t count;
};

/* `count` rows (ROW_SAMPLE_MOST at most), or all where there are fewer. 0, or -1 with the error. */
int row_sample_choose(struct row_sample *sample, struct workspace *workspace, size_t count,
                      struct error *error);
void row_sample_clear(struct row_sample *sample);

#endif
