/* Rows read ahead: a thread of its own steps through the driver's rows and copies them in batches,
 * while the caller works on the batch before.
 *
 * Private to src/source. The driver's rows stay the caller's, who closes them after
 * prefetch_free(); until then nothing else may touch them. Three batches go round, of up to 256
 * rows and 256 KB each; a row that is larger makes a batch of its own. Every call of the driver is
 * made under the source's lock, so a driver need not know of threads. */
#ifndef ROWPOST_SOURCE_PREFETCH_H
#define ROWPOST_SOURCE_PREFETCH_H

#include "source/driver.h"

struct prefetch;

/* Reads the first batch and, unless the rows end in it, starts the thread. An error of the rows is
 * kept for the step that comes to it. Where no thread can be had, the steps read for themselves.
 * NULL: no memory. */
struct prefetch *prefetch_create(struct rows *rows, struct error *error);

/* Stops the thread, after the row that it is at, and waits for it. NULL is allowed. */
void prefetch_free(struct prefetch *prefetch);

size_t prefetch_column_count(const struct prefetch *prefetch);
const char *prefetch_column_name(const struct prefetch *prefetch, size_t column);

/* 1: a row is there; 0: the end, now and ever after; -1: the error, then the end. */
int prefetch_step(struct prefetch *prefetch, struct error *error);

/* The values of the current row, until the next step; NULL where there is no row. */
const struct value *prefetch_row(const struct prefetch *prefetch);

/* One of them, until the next step; null where there is no row. */
struct value prefetch_value(const struct prefetch *prefetch, size_t column);

#endif
