/* What a delivery reports while it waits: for what, and until when. */
#ifndef ROWPOST_DELIVERY_NOTICE_H
#define ROWPOST_DELIVERY_NOTICE_H

#include <stdint.h>

#include "delivery/loop.h"

/* The progress line: how many at a time, how many requests had to be repeated, and until when it
 * waits. */
void notice_progress(struct loop *loop);

/* Nothing is sent for a while, after failures; and the target gives usable answers again. Both once
 * for each outage. */
void notice_pause(struct loop *loop);
void notice_answer(struct loop *loop);

/* The user has asked it to stop: reports, once, what it still waits for. */
void notice_stop(const struct loop *loop);

/* Reports that the task is looked up again at that clock time; once for each wait that begins. */
void notice_settlement(const struct loop *loop, const struct task *task, int64_t moment);

/* The target has asked for no request before that clock time. */
void notice_hold(int64_t moment);

/* Pauses where the target has asked for it, and reports it. */
void notice_retry_after(struct loop *loop, const struct exchange *exchange);

#endif
