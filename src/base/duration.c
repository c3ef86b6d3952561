#include "base/duration.h"

#include "base/clock.h"

void duration_append(int64_t microseconds, struct text *out) {
    long long seconds = microseconds / CLOCK_SECOND;
    if (seconds >= 3600) {
        text_append_format(out, " %lld h %lld min", seconds / 3600, seconds / 60 % 60);
    } else if (seconds >= 60) {
        text_append_format(out, " %lld min %lld s", seconds / 60, seconds % 60);
    } else if (seconds >= 10) {
        text_append_format(out, " %lld s", seconds);
    } else {
        text_append_format(out, " %.1f s", (double)microseconds / CLOCK_SECOND);
    }
}
