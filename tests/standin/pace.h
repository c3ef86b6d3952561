/*
 * Time: pauses, and the workers of the real server.
 *
 * The stand-in has one thread. A request that has to wait is suspended and woken later, so that it
 * holds up nobody else. Where options make work take time (--latency, --race-window), no more than
 * --workers requests are worked on at once and the others queue, first come first served. */
#ifndef STANDIN_PACE_H
#define STANDIN_PACE_H

#include "request.h"

struct pace;

/* NULL if memory runs out. The caller frees it, after pace_wake_all(). */
struct pace *pace_new(int workers);
void pace_free(struct pace *pace);

/* Suspends the request's connection for no less than so many milliseconds; PACE_HELD: until
 * pace_wake_held(). */
enum { PACE_HELD = -1 };
void pace_wait(struct pace *pace, struct request *request, long milliseconds);

/* 0: a worker takes the request; 1: none is free, it is suspended until one takes it. */
int pace_take_worker(struct pace *pace, struct request *request);

/* The request's worker, if it has one, goes to the next in the queue. */
void pace_leave_worker(struct pace *pace, struct request *request);

/* Milliseconds of the monotonic clock. */
long long pace_now(void);

/* How long nothing is due, at most `longest`, in milliseconds. */
int pace_idle(const struct pace *pace, int longest);

/* Wakes what is due; wakes what is held; wakes everything. */
void pace_wake_due(struct pace *pace);
void pace_wake_held(struct pace *pace);
void pace_wake_all(struct pace *pace);

/* Wakes everything, to be dropped: no request that waits is carried out or answered any more. */
void pace_drop_all(struct pace *pace);

/* How many workers are busy. */
int pace_busy(const struct pace *pace);

#endif
