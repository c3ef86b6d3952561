/* Rows put in order, however many: in memory as long as they fit, by way of a temporary file beyond
 * that.
 *
 * Private to src/source. First sorter_add() for each row, then sorter_finish(), then sorter_step()
 * until there is no row left. Rows whose key columns are the same keep the order in which they were
 * added. About 4 MB of rows are gathered, sorted and written to the file as a run; the runs are
 * merged while they are read back, which takes no more memory than gathering them. The file is in
 * TMPDIR, or else in /var/tmp; it has no name and goes with the program, whatever ends it. A file
 * that cannot be written is ERROR_DISK. One thread at a time. */
#ifndef ROWPOST_SOURCE_SORTER_H
#define ROWPOST_SOURCE_SORTER_H

#include "source/source.h"

struct sorter;

struct sorter_settings {
    size_t column_count;
    const size_t *keys; /* columns, the first one counts first; copied */
    size_t key_count;
    size_t run_bytes; /* 0: what is said above; tests make it small */
};

struct sorter *sorter_create(const struct sorter_settings *settings, struct error *error);
void sorter_free(struct sorter *sorter); /* NULL is allowed */

/* Copies the row: `column_count` values. */
int sorter_add(struct sorter *sorter, const struct value *row, struct error *error);

int sorter_finish(struct sorter *sorter, struct error *error);

/* 1: a row is there; 0: the end, now and ever after; -1: the error. */
int sorter_step(struct sorter *sorter, struct error *error);

/* The current row, until the next step. Texts are terminated. */
const struct value *sorter_row(const struct sorter *sorter);

#endif
