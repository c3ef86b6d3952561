/* The pace of a delivery: how many requests at a time, how many a second, and when to pause.
 *
 * A fixed number of jobs does not change. The automatic number starts at two and follows the
 * target: one more after a round of answers that were as quick as the best round, half as many
 * after a refusal or a failure, a quarter fewer when answers become slow. After several failures in
 * a row nothing is sent for a while; then a single request finds out whether the target is back.
 * Plain values, nothing is owned; times are clock_now()'s. */
#ifndef ROWPOST_DELIVERY_PACE_H
#define ROWPOST_DELIVERY_PACE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { PACE_AUTO = 0, PACE_FIRST_JOBS = 2, PACE_MOST_JOBS = 64, PACE_MOST_AUTO_JOBS = 32 };

struct pace {
    bool is_automatic;
    size_t jobs;        /* how many requests at a time, now */
    int64_t interval;   /* between two requests; 0: no limit */
    int64_t next_send;  /* not before, by the limit of requests a second */
    int64_t resume_at;  /* not before, by the pause after failures; 0: no pause */
    int64_t held_until; /* not before, as the target has asked */
    int64_t pause;      /* how long the next pause lasts */
    int failures;       /* in a row */
    size_t answers;     /* of the round so far */
    int64_t durations;  /* their sum */
    int64_t best;       /* the quickest round's mean, 0: none yet */
};

/* `jobs` is PACE_AUTO or a number up to PACE_MOST_JOBS; `rate` is requests a second, 0: no limit.
 */
void pace_begin(struct pace *pace, size_t jobs, double rate);

/* Other requests follow, which may take longer: the quickest round is forgotten. */
void pace_begin_kind(struct pace *pace);

/* Whether another request may be sent while this many are under way; counts it if so. */
bool pace_take(struct pace *pace, size_t in_flight, int64_t now);

/* When a request may be sent again, if it has to wait for a time; else 0. */
int64_t pace_next(const struct pace *pace);

/* The target has answered; or it was busy, failed, or was not there: true where a pause begins. */
void pace_answered(struct pace *pace, int64_t duration);
bool pace_failed(struct pace *pace, int64_t now);

/* The target asks for no request before that moment (RFC 9110, 10.2.3, Retry-After). True where
 * that is later than what it has asked for before. */
bool pace_hold(struct pace *pace, int64_t moment);

/* True while nothing is sent after repeated failures. */
bool pace_is_paused(const struct pace *pace, int64_t now);

#endif
