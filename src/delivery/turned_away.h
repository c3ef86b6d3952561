/* Requests that are turned away: because of one record, the session or the address? Once nothing is
 * under way, a probe of the target decides. */
#ifndef ROWPOST_DELIVERY_TURNED_AWAY_H
#define ROWPOST_DELIVERY_TURNED_AWAY_H

#include "base/error.h"
#include "delivery/loop.h"

/* Settles the loop's tasks that were turned away, unless there are none or others are under way:
 * each is refused, or the loop stops. 0, or -1 with the error. */
int turned_away_examine(struct loop *loop, struct error *error);

#endif
