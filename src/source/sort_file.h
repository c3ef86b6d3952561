/* The sorter's temporary file: runs of records, each in order, and their merging.
 *
 * Private to src/source. Runs are written one after another. sort_file_merge() starts reading a
 * number of them as one; of records with the same key, those of the earlier run come first. The
 * file has no name: it goes with its descriptor. What cannot be written or read is ERROR_DISK and
 * names the folder. */
#ifndef ROWPOST_SOURCE_SORT_FILE_H
#define ROWPOST_SOURCE_SORT_FILE_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

/* Where a run stands in the file. */
struct sort_run {
    uint64_t start;
    uint64_t end;
};

struct sort_file;

struct sort_file *sort_file_create(struct error *error);
void sort_file_free(struct sort_file *file); /* NULL is allowed */

/* Appends a record to the run that is being written. */
int sort_file_write(struct sort_file *file, const char *record, struct error *error);

/* Ends that run. */
int sort_file_end_run(struct sort_file *file, struct sort_run *run, struct error *error);

struct sort_merge;

/* `memory`: the bytes that all runs together may read ahead. Runs of the same file may be written
 * meanwhile. */
struct sort_merge *sort_merge_create(const struct sort_file *file, const struct sort_run *runs,
                                     size_t run_count, size_t memory, struct error *error);
void sort_merge_free(struct sort_merge *merge); /* NULL is allowed */

/* The next record in order, until the next step. 1: there is one; 0: the end; -1: the error. */
int sort_merge_step(struct sort_merge *merge, const char **record, struct error *error);

#endif
