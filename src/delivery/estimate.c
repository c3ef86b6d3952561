#include "delivery/estimate.h"

#include "base/clock.h"
#include "delivery/creation.h"
#include "delivery/pace.h"

static int64_t requests_of_one(const struct migration_kind *kind, int64_t answer_time) {
    bool looks_first = kind->answers_with_old && !creation_may_learn(answer_time);
    return 1 + looks_first + (int64_t)kind->confirming_requests;
}

int64_t estimate_requests(const struct migration *migration, const int64_t *open,
                          int64_t answer_time) {
    int64_t requests = 0;
    for (size_t i = 0; i < migration->kind_count; i++) {
        requests += open[i] * requests_of_one(&migration->kinds[i], answer_time);
    }
    return requests;
}

size_t estimate_jobs(size_t jobs) {
    return jobs == PACE_AUTO ? PACE_FIRST_JOBS : jobs;
}

int64_t estimate_time(int64_t requests, int64_t answer_time, size_t jobs, double rate) {
    double time = (double)requests * (double)answer_time / (double)jobs;
    double held = rate > 0 ? (double)requests / rate * CLOCK_SECOND : 0;
    return (int64_t)(held > time ? held : time);
}
