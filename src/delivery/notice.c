#include "delivery/notice.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/date.h"
#include "base/log.h"
#include "base/text.h"

/* A clock time as people read it. */
static void format_time(int64_t moment, char buffer[DATE_MOMENT_SIZE]) {
    date_format_moment(date_now() + moment - clock_now(), buffer);
    memmove(buffer, buffer + sizeof "2026-01-01T" - 1, sizeof "00:00:00" - 1);
    snprintf(buffer + sizeof "00:00:00" - 1, sizeof " UTC", " UTC");
}

static void append_until(int64_t moment, struct text *note) {
    char time[DATE_MOMENT_SIZE];
    format_time(moment, time);
    text_append_format(note, " until %s", time);
}

static void append_note(const struct loop *loop, struct text *note) {
    const struct dispatch *dispatch = &loop->dispatch;
    const struct pace *pace = &dispatch->pace;
    int64_t now = clock_now();
    text_append_format(note, "%zu at a time", pace->jobs);
    if (loop->retries > 0) {
        text_append_format(note, ", %llu %s", (unsigned long long)loop->retries,
                           loop->retries == 1 ? "retry" : "retries");
    }
    if (pace_is_paused(pace, now) || now < pace->held_until) {
        text_append_string(note, ", pausing");
        append_until(pace_next(pace), note);
    }
    if (dispatch->settling.count > 0) {
        text_append_format(note, ", %zu wait", dispatch->settling.count);
        append_until(dispatch->settling.first->due, note);
    }
}

void notice_progress(struct loop *loop) {
    uint64_t done = loop->finished + loop->parts;
    struct text note = {0};
    if (!progress_is_due(&loop->progress, done)) {
        return;
    }
    append_note(loop, &note);
    progress_update(&loop->progress, done, text_string(&note));
    text_free(&note);
}

void notice_pause(struct loop *loop) {
    if (!loop->has_paused) {
        log_info(
            "no usable answer several times in a row (%s); pausing, then one request at a time "
            "finds out whether the target is back",
            loop->last_failure);
    }
    loop->has_paused = true;
}

void notice_answer(struct loop *loop) {
    if (loop->has_paused) {
        log_info("the target is back");
    }
    loop->has_paused = false;
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
