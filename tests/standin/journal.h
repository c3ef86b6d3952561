/*
 * The log of API requests, and what is counted about them.
 *
 * The last JOURNAL_ENTRIES requests are kept, in the order in which they were answered; control
 * calls are not logged. Noting one costs one allocation.
 */
#ifndef STANDIN_JOURNAL_H
#define STANDIN_JOURNAL_H

#include "request.h"

enum { JOURNAL_ENTRIES = 200000 };

struct journal;

/* NULL if memory runs out. The caller frees it. */
struct journal *journal_new(void);
void journal_free(struct journal *journal);
void journal_reset(struct journal *journal);

/* Counts a request that has arrived whole. */
void journal_arrive(struct journal *journal, const struct request *request);

/* Counts that a request which has arrived has come to its end, answered or not. */
void journal_end(struct journal *journal);

/* Logs how it was answered; status 0: not at all. */
void journal_note(struct journal *journal, const struct request *request, unsigned status);

/* Writes the entries after number `since` as a JSON array. */
void journal_write(const struct journal *journal, long long since, struct text *out);

/* How many requests have arrived; how many of them have not come to their end, which a reset does
 * not change; how many posts the most-posted key has had. */
long long journal_requests(const struct journal *journal);
long long journal_under_way(const struct journal *journal);
long long journal_posts_per_key(const struct journal *journal);

#endif
