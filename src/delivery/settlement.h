/* When a look-up after a lost answer can be believed. The target may still work on a request whose
 * answer was lost: until the settling time is over, a missing record may still be made.
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
    int64_t least;   /* the least time that the target has, counted from the request */
    int64_t longest; /* that an exchange has taken */
    bool is_loaded;  /* the longest of earlier runs is known, too */
};

/* An exchange has ended. */
void settlement_note(struct settlement *settlement, const struct exchange *exchange);

/* When the settling time of the task's lost request is over: `least`, and twice as long as any
 * exchange has taken. `*moment` is 0 where none was lost. */
int settlement_find(struct settlement *settlement, struct journal *journal, const struct task *task,
                    int64_t *moment, struct error *error);

#endif
