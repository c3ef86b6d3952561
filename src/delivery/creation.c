#include "delivery/creation.h"

#include "base/clock.h"

/* A record that somebody else made so shortly before cannot be distinguished from ours. */
enum { TOLERANCE = 50 * CLOCK_MILLISECOND };

bool creation_may_learn(int64_t duration) {
    return duration <= TOLERANCE;
}

void creation_learn(struct creation_clock *clock, const struct exchange *exchange,
                    int64_t created) {
    int64_t most = created - exchange->began;
    int64_t least = most - exchange->duration;
    bool is_rough = !creation_may_learn(exchange->duration) || created % CLOCK_SECOND == 0;
    if (created < 0 || is_rough) {
        return;
    }
    bool agrees = clock->is_known && least <= clock->most && most >= clock->least;
    clock->least = agrees && clock->least > least ? clock->least : least;
    clock->most = agrees && clock->most < most ? clock->most : most;
    clock->is_known = true;
}

enum creation creation_judge(struct creation_clock *clock, const struct exchange *exchange,
                             int64_t created) {
    int64_t begin = exchange->began + clock->most - TOLERANCE;
    int64_t end = exchange->began + exchange->duration + clock->most + TOLERANCE;
    if (!clock->is_known || created < 0) {
        return CREATED_UNKNOWN;
    }
    if (created >= begin && created <= end) {
        return CREATED_BY_IT;
    }
    clock->is_known = false;
    return created < begin ? CREATED_BEFORE : CREATED_UNKNOWN;
}
