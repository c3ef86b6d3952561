#include "delivery/notice.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/date.h"
#include "base/log.h"

/* A clock time as people read it. */
static void format_time(int64_t moment, char buffer[DATE_MOMENT_SIZE]) {
    date_format_moment(date_now() + moment - clock_now(), buffer);
    memmove(buffer, buffer + sizeof "2026-01-01T" - 1, sizeof "00:00:00" - 1);
    snprintf(buffer + sizeof "00:00:00" - 1, sizeof " UTC", " UTC");
}

void notice_progress(struct loop *loop) {
    const struct dispatch *dispatch = &loop->dispatch;
    char note[128];
    int length = snprintf(note, sizeof note, "%zu at a time", dispatch->pace.jobs);
    if (loop->retries > 0) {
        length +=
            snprintf(note + length, sizeof note - (size_t)length, ", %llu %s",
                     (unsigned long long)loop->retries, loop->retries == 1 ? "retry" : "retries");
    }
    length += snprintf(note + length, sizeof note - (size_t)length, "%s",
                       pace_is_paused(&dispatch->pace, clock_now()) ? ", pausing" : "");
    if (dispatch->settling.count > 0) {
        char time[DATE_MOMENT_SIZE];
        format_time(dispatch->settling.first->due, time);
        snprintf(note + length, sizeof note - (size_t)length, ", %zu wait until %s",
                 dispatch->settling.count, time);
    }
    progress_update(&loop->progress, loop->finished + loop->parts, note);
}

void notice_stop(const struct loop *loop) {
    size_t count = loop->dispatch.in_flight_count;
    if (!loop->is_stopped && count > 0) {
        log_info("stopping: waiting for %zu %s; Ctrl-C again ends at once", count,
                 count == 1 ? "request" : "requests");
    }
}

/* Once for each wait that begins. */
void notice_settlement(const struct loop *loop, const struct task *task, int64_t moment) {
    char time[DATE_MOMENT_SIZE];
    if (loop->dispatch.settling.count > 0) {
        return;
    }
    format_time(moment, time);
    log_info("%s \"%s\": the target may still be working on a request whose answer was lost; it "
             "is looked up again at %s (--settle); other documents continue meanwhile",
             task->kind->noun, text_string(&task->key), time);
}

void notice_hold(int64_t moment) {
    char time[DATE_MOMENT_SIZE];
    format_time(moment, time);
    log_info("the target asks for a pause (Retry-After): no request before %s", time);
}

void notice_retry_after(struct loop *loop, const struct exchange *exchange) {
    if (exchange->retry_after_ms <= 0) {
        return;
    }
    int64_t moment = clock_now() + exchange->retry_after_ms * CLOCK_MILLISECOND;
    if (pace_hold(&loop->dispatch.pace, moment)) {
        notice_hold(moment);
    }
}
