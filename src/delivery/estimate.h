/* How much a delivery is, before anything of it is sent: the requests that documents take where all
 * goes well, and about how long that is.
 *
 * A document is posted. It is also looked up before, where the target answers with an old record
 * and is too slow for its clock to be learned (creation.h), and after, where the answer to the post
 * does not show the record. Not counted are the look-ups of the first documents, by which the clock
 * is learned or the finding of records is tried, pages of lists, retries and pauses. */
#ifndef ROWPOST_DELIVERY_ESTIMATE_H
#define ROWPOST_DELIVERY_ESTIMATE_H

#include <stddef.h>
#include <stdint.h>

#include "migration/migration.h"

/* `open` has the documents of each kind that are to be sent or looked up; the target took so many
 * microseconds for an answer. */
int64_t estimate_requests(const struct migration *migration, const int64_t *open,
                          int64_t answer_time);

/* The requests that are under way at first, for apply_settings.jobs. */
size_t estimate_jobs(size_t jobs);

/* Microseconds for so many requests, `jobs` of them at a time; `rate` is the most requests a
 * second, 0: no limit. */
int64_t estimate_time(int64_t requests, int64_t answer_time, size_t jobs, double rate);

#endif
