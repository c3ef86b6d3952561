#include "delivery/pace.h"

#include "base/clock.h"

enum { FAILURES_BEFORE_PAUSE = 5, FIRST_PAUSE = CLOCK_SECOND, LONGEST_PAUSE = 30 * CLOCK_SECOND };

void pace_begin(struct pace *pace, size_t jobs, double rate) {
    *pace = (struct pace){.is_automatic = jobs == PACE_AUTO,
                          .jobs = jobs == PACE_AUTO ? PACE_FIRST_JOBS : jobs,
                          .interval = rate > 0 ? (int64_t)(CLOCK_SECOND / rate) : 0,
                          .pause = FIRST_PAUSE};
}

void pace_begin_kind(struct pace *pace) {
    pace->best = 0;
    pace->answers = 0;
    pace->durations = 0;
}

bool pace_is_paused(const struct pace *pace, int64_t now) {
    return now < pace->resume_at;
}

bool pace_take(struct pace *pace, size_t in_flight, int64_t now) {
    bool is_trying = pace->resume_at > 0; /* the pause is over, and there is no answer yet */
    if (pace_is_paused(pace, now) || now < pace->held_until ||
        in_flight >= (is_trying ? 1 : pace->jobs)) {
        return false;
    }
    if (pace->interval > 0) {
        if (now < pace->next_send) {
            return false;
        }
        /* Requests not sent while there was nothing to send are not made up for. */
        pace->next_send = (pace->next_send > now ? pace->next_send : now) + pace->interval;
    }
    return true;
}

int64_t pace_next(const struct pace *pace) {
    int64_t next = pace->interval > 0 ? pace->next_send : 0;
    next = next > pace->resume_at ? next : pace->resume_at;
    return next > pace->held_until ? next : pace->held_until;
}

bool pace_hold(struct pace *pace, int64_t moment) {
    if (moment <= pace->held_until) {
        return false;
    }
    pace->held_until = moment;
    return true;
}

/* A round is as many answers as there are jobs. */
static void adapt(struct pace *pace) {
    int64_t mean = pace->durations / (int64_t)pace->answers;
    pace->answers = 0;
    pace->durations = 0;
    if (pace->best == 0 || mean < pace->best) {
        pace->best = mean;
    }
    if (mean <= 2 * pace->best) {
        pace->jobs += pace->jobs < PACE_MOST_AUTO_JOBS;
    } else if (pace->jobs > PACE_FIRST_JOBS) {
        pace->jobs -= (pace->jobs + 3) / 4;
    }
}

void pace_answered(struct pace *pace, int64_t duration) {
    pace->failures = 0;
    pace->resume_at = 0;
    pace->pause = FIRST_PAUSE;
    pace->durations += duration;
    pace->answers++;
    if (pace->is_automatic && pace->answers >= pace->jobs) {
        adapt(pace);
    }
}

bool pace_failed(struct pace *pace, int64_t now) {
    pace->failures++;
    pace->answers = 0;
    pace->durations = 0;
    if (pace->is_automatic) {
        pace->jobs = pace->jobs > 1 ? pace->jobs / 2 : 1;
    }
    bool was_trying = pace->resume_at > 0 && now >= pace->resume_at;
    if (!was_trying && pace->failures != FAILURES_BEFORE_PAUSE) {
        return false;
    }
    pace->resume_at = now + pace->pause;
    pace->pause = pace->pause * 2 < LONGEST_PAUSE ? pace->pause * 2 : LONGEST_PAUSE;
    return true;
}
