#include "base/rate.h"

void rate_note(struct rate *rate, int64_t now, uint64_t done) {
    if (rate->count > 0 &&
        now - rate->marks[(rate->count - 1) % RATE_MARKS].moment < CLOCK_SECOND) {
        return;
    }
    rate->marks[rate->count++ % RATE_MARKS] = (struct rate_mark){now, done};
}

/* The latest mark that is as old as the window, or the oldest that is left. */
static const struct rate_mark *find_start(const struct rate *rate, int64_t now) {
    size_t kept = rate->count < RATE_MARKS ? rate->count : RATE_MARKS;
    for (size_t back = 1; back < kept; back++) {
        const struct rate_mark *mark = &rate->marks[(rate->count - back) % RATE_MARKS];
        if (now - mark->moment >= RATE_WINDOW) {
            return mark;
        }
    }
    return &rate->marks[(rate->count - kept) % RATE_MARKS];
}

double rate_per_second(const struct rate *rate, int64_t now, uint64_t done) {
    const struct rate_mark *start = find_start(rate, now);
    if (rate->count == 0 || now <= start->moment || done < start->done) {
        return 0;
    }
    return (double)(done - start->done) * CLOCK_SECOND / (double)(now - start->moment);
}
