/* The pace of a delivery: how many requests at a time, how many a second, and when to pause.
 *
 * A fixed number of jobs stays. The automatic one starts at two and follows the target: one more
 * after a round of answers that were as quick as the best, fewer by half after a refusal or a
 * failure, fewer by a quarter when answers have become slow. After several failures behind each
 * other nothing is sent for a while, then one request alone finds out whether the target is back.
 * Plain values, nothing is owned; times are clock_now()'s. */
#ifndef ROWPOST_DELIVERY_PACE_H
#define ROWPOST_DELIVERY_PACE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { PACE_AUTO = 0, PACE_MOST_JOBS = 64, PACE_MOST_AUTO_JOBS = 32 };

struct pace {
    bool is_automatic;
    size_t jobs;        /* how many requests at a time, now */
    int64_t interval;   /* between two requests; 0: no limit */
    int64_t next_send;  /* not before, by the limit of requests a second */
    int64_t resume_at;  /* not before, by the pause after failures; 0: no pause */
    int64_t held_until; /* not before, as the target has asked for */
    int64_t pause;      /* how long the next pause lasts */
    int failures;       /* behind each other */
    size_t answers;     /* of the round so far */
    int64_t durations;  /* their sum */
    int64_t best;       /* the quickest round's mean, 0: none yet */
};

/* `jobs` is PACE_AUTO or a number up to PACE_MOST_JOBS; `rate` is requests a second, 0: no limit.
 */
void pace_begin(struct pace *pace, size_t jobs, double rate);

/* Other requests come now, which may take longer: what was the quickest counts no more. */
void pace_begin_kind(struct pace *pace);

/* May another request leave, while so many are under way? Counts it if so. */
bool pace_take(struct pace *pace, size_t in_flight, int64_t now);

/* When a request may leave again, if the clock is what holds it back; else 0. */
int64_t pace_next(const struct pace *pace);

/* The target has answered; or it has refused for being busy, failed, or was not there: true where a
 * pause begins with it. */
void pace_answered(struct pace *pace, int64_t duration);
bool pace_failed(struct pace *pace, int64_t now);

/* The target asks for nothing before that moment (RFC 9110, 10.2.3, Retry-After). True where that
 * is later than what it has asked for before. */
bool pace_hold(struct pace *pace, int64_t moment);

/* True while nothing leaves after repeated failures. */
bool pace_is_paused(const struct pace *pace, int64_t now);

#endif
