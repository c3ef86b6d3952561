#define _DEFAULT_SOURCE /* struct winsize */
#include "base/progress.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/text.h"
#include "base/utf8.h"

enum {
    TERMINAL_PAUSE = 100 * CLOCK_MILLISECOND, /* between two writes */
    PLAIN_PAUSE = 5 * CLOCK_SECOND,
    USUAL_COLUMNS = 80,
    BAR_MIN = 5,
    BAR_MAX = 30
};

static bool is_terminal(void) {
    const char *kind = getenv("TERM");
    return isatty(STDERR_FILENO) && kind != NULL && strcmp(kind, "dumb") != 0;
}

static size_t terminal_columns(void) {
    struct winsize size = {0};
    if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) {
        return USUAL_COLUMNS;
    }
    return size.ws_col;
}

/* `00:21`, or `1:02:03` from an hour on. */
static void append_duration(struct text *line, int64_t seconds) {
    if (seconds >= 3600) {
        text_append_format(line, "%" PRId64 ":%02d:%02d", seconds / 3600, (int)(seconds / 60 % 60),
                           (int)(seconds % 60));
    } else {
        text_append_format(line, "%02d:%02d", (int)(seconds / 60), (int)(seconds % 60));
    }
}

/* `campaigns  1234/10000  12%` */
static void append_counts(struct text *line, const struct progress *progress) {
    text_append_format(line, "%s  %" PRIu64, progress->label, progress->done);
    if (progress->total > 0) {
        double part = (double)progress->done / (double)progress->total;
        text_append_format(line, "/%" PRIu64 "  %d%%", progress->total,
                           part < 1 ? (int)(part * 100) : 100);
    }
}

/* So many a second: recently, and at the end since it began. */
static double rate_of(const struct progress *progress, int64_t now) {
    int64_t elapsed = now - progress->started;
    if (!progress->ended) {
        return rate_per_second(&progress->rate, now, progress->done);
    }
    return elapsed > 0 ? (double)progress->done * CLOCK_SECOND / (double)elapsed : 0;
}

/* `  456/s  00:21 left  4 at a time`; at the end the time that it took. */
static void append_pace(struct text *line, const struct progress *progress, int64_t now,
                        const char *note) {
    double rate = rate_of(progress, now);
    text_append_format(line, rate < 10 ? "  %.1f/s" : "  %.0f/s", rate);
    if (progress->total > progress->done && rate > 0) {
        double left = (double)(progress->total - progress->done) / rate;
        text_append_string(line, "  ");
        append_duration(line, left < 1e9 ? (int64_t)left : INT64_C(1000000000));
        text_append_string(line, " left");
    } else if (progress->total > 0 && progress->total <= progress->done) {
        text_append_string(line, "  in ");
        append_duration(line, (now - progress->started) / CLOCK_SECOND);
    }
    if (note != NULL) {
        text_append_format(line, "  %s", note);
    }
}

/* A bar as wide as there is room for, or none. */
static void append_bar(struct text *line, const struct progress *progress, size_t room) {
    if (progress->total == 0 || room < BAR_MIN + 4) {
        return;
    }
    size_t width = room - 4 < BAR_MAX ? room - 4 : BAR_MAX;
    double part = (double)progress->done / (double)progress->total;
    size_t full = part < 1 ? (size_t)(part * (double)width) : width;
    text_append_string(line, "  [");
    for (size_t i = 0; i < width; i++) {
        text_append_char(line, i < full ? '#' : '.');
    }
    text_append_char(line, ']');
}

/* Cuts the line to so many characters. */
static void cut_line(struct text *line, size_t columns) {
    size_t at = 0;
    for (size_t count = 0; count < columns && at < line->length; count++) {
        uint32_t code = 0;
        at += utf8_decode(line->data + at, line->length - at, &code);
    }
    line->length = at;
    if (line->data != NULL) {
        text_terminate(line);
    }
}

/* One column is left free: a full line would make some terminals wrap. */
static void append_terminal_line(struct text *line, const struct progress *progress, int64_t now,
                                 const char *note) {
    struct text pace = {0};
    size_t columns = terminal_columns() - 1;
    append_counts(line, progress);
    append_pace(&pace, progress, now, note);
    size_t taken = span_count_characters(text_span(line)) + span_count_characters(text_span(&pace));
    append_bar(line, progress, taken < columns ? columns - taken : 0);
    text_append(line, text_span(&pace));
    cut_line(line, columns);
    text_free(&pace);
}

/* A stderr that takes nothing is no reason to stop the work. */
static void write_text(const struct text *text) {
    if (!text->failed && write(STDERR_FILENO, text->data, text->length) < 0) {
        return;
    }
}

static void draw(struct progress *progress, int64_t now, const char *note) {
    struct text line = {0};
    progress->written = now;
    if (log_format() == LOG_JSON) {
        log_progress(progress->label, progress->done, progress->total, rate_of(progress, now),
                     note);
        return;
    }
    if (progress->terminal) {
        struct text content = {0};
        append_terminal_line(&content, progress, now, note);
        text_append_format(&line, "\r%s\033[K", text_string(&content));
        text_free(&content);
        progress->visible = true;
        log_set_line_standing(true);
    } else {
        append_counts(&line, progress);
        append_pace(&line, progress, now, note);
        text_append_char(&line, '\n');
    }
    write_text(&line);
    text_free(&line);
}

void progress_begin(struct progress *progress, const char *label, uint64_t total) {
    int64_t now = clock_now();
    *progress = (struct progress){
        .label = label,
        .total = total,
        .started = now,
        .written = now,
        .terminal = log_format() == LOG_TEXT && is_terminal(),
    };
    rate_note(&progress->rate, now, 0);
}

static bool is_due(struct progress *progress, uint64_t done, int64_t now) {
    progress->done = done;
    rate_note(&progress->rate, now, done);
    return log_level() != LOG_QUIET &&
           now - progress->written >= (progress->terminal ? TERMINAL_PAUSE : PLAIN_PAUSE);
}

bool progress_is_due(struct progress *progress, uint64_t done) {
    return is_due(progress, done, clock_now());
}

void progress_update(struct progress *progress, uint64_t done, const char *note) {
    int64_t now = clock_now();
    if (is_due(progress, done, now)) {
        draw(progress, now, note);
    }
}

void progress_end(struct progress *progress) {
    bool has_ended = progress->ended;
    progress->ended = true;
    if (log_format() == LOG_JSON && !has_ended) {
        draw(progress, clock_now(), NULL);
    }
    if (!progress->visible) {
        return;
    }
    progress->visible = false;
    draw(progress, clock_now(), NULL);
    progress->visible = false;
    log_set_line_standing(false);
    struct text end = {0};
    text_append_char(&end, '\n');
    write_text(&end);
    text_free(&end);
}
