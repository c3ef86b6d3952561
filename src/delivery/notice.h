/* What a delivery says while it waits: for what, and until when. */
#ifndef ROWPOST_DELIVERY_NOTICE_H
#define ROWPOST_DELIVERY_NOTICE_H

#include <stdint.h>

#include "delivery/loop.h"

/* The progress line: how many at a time, how many requests had to be repeated, and what is waited
 * for. */
void notice_progress(struct loop *loop);

/* The user has asked it to stop: what is still waited for. Said once. */
void notice_stop(const struct loop *loop);

/* The task is looked up again at that clock time. Said once for each time that nothing was waited
 * for before. */
void notice_settlement(const struct loop *loop, const struct task *task, int64_t moment);

/* The target has asked for no request before that clock time. */
void notice_hold(int64_t moment);

/* Holds the pace where the target has asked for it, and says so. */
void notice_retry_after(struct loop *loop, const struct exchange *exchange);

#endif
