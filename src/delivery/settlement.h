/* When a look-up after a lost answer can be believed. The target may still be at work on a request
 * whose answer was lost: until it has had its time, a record that is missing may come yet.
 *
 * Plain values, nothing is owned; times are clock_now()'s. */
#ifndef ROWPOST_DELIVERY_SETTLEMENT_H
#define ROWPOST_DELIVERY_SETTLEMENT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "delivery/task.h"
#include "workspace/journal.h"

struct settlement {
    int64_t least;   /* the time that the target has at least, counted from the request */
    int64_t longest; /* that an exchange has taken */
    bool is_loaded;  /* the longest of earlier runs is known, too */
};

/* An exchange has ended. */
void settlement_note(struct settlement *settlement, const struct exchange *exchange);

/* When the task's lost request has had its time: `least`, and twice as long as any exchange has
 * taken. `*moment` is 0 where none was lost. */
int settlement_find(struct settlement *settlement, struct journal *journal, const struct task *task,
                    int64_t *moment, struct error *error);

#endif
