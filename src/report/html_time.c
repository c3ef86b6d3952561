#include "report/html_time_private.h"

#include <stdio.h>

#include "base/date.h"

#define MILLISECOND INT64_C(1000)
#define SECOND INT64_C(1000000)
#define MINUTE (60 * SECOND)
#define HOUR (60 * MINUTE)

/* Where the parts of "YYYY-MM-DDTHH:MM:SS.mmmZ" begin, and how long they are. */
enum { DAY_LENGTH = 10, CLOCK_START = 11, CLOCK_LENGTH = 8 };

struct span html_format_duration(struct html_time *time, int64_t duration) {
    char *out = time->characters;
    if (duration < 10 * MILLISECOND) {
        snprintf(out, HTML_TIME_SIZE, "%.1f ms", (double)duration / (double)MILLISECOND);
    } else if (duration < SECOND) {
        snprintf(out, HTML_TIME_SIZE, "%.0f ms", (double)duration / (double)MILLISECOND);
    } else if (duration < MINUTE) {
        snprintf(out, HTML_TIME_SIZE, "%.1f s", (double)duration / (double)SECOND);
    } else if (duration < HOUR) {
        snprintf(out, HTML_TIME_SIZE, "%lld min %lld s", (long long)(duration / MINUTE),
                 (long long)(duration % MINUTE / SECOND));
    } else {
        snprintf(out, HTML_TIME_SIZE, "%lld h %lld min", (long long)(duration / HOUR),
                 (long long)(duration % HOUR / MINUTE));
    }
    return span_of(out);
}

struct span html_format_moment(struct html_time *time, int64_t moment) {
    char stored[DATE_MOMENT_SIZE];
    date_format_moment(moment, stored);
    return html_format_stored(time, span_of(stored));
}

static struct span format_clock(struct html_time *time, int64_t moment, size_t length) {
    date_format_moment(moment, time->characters);
    return (struct span){time->characters + CLOCK_START, length};
}

struct span html_format_clock(struct html_time *time, int64_t moment) {
    return format_clock(time, moment, CLOCK_LENGTH);
}

struct span html_format_tenths(struct html_time *time, int64_t moment) {
    return format_clock(time, moment, CLOCK_LENGTH + 2);
}

struct span html_format_stored(struct html_time *time, struct span stored) {
    int64_t moment;
    if (date_parse_moment(stored, &moment) != 0 || stored.length < CLOCK_START + CLOCK_LENGTH) {
        return stored;
    }
    snprintf(time->characters, HTML_TIME_SIZE, "%.*s %.*s UTC", DAY_LENGTH, stored.data,
             CLOCK_LENGTH, stored.data + CLOCK_START);
    return span_of(time->characters);
}

void html_write_stored(struct html *html, struct span stored) {
    struct html_time time;
    int64_t moment;
    if (date_parse_moment(stored, &moment) != 0) {
        html_text(html, stored);
        return;
    }
    html_put(html, "<time datetime=\"{}\">{}</time>", stored, html_format_stored(&time, stored));
}

void html_write_moment(struct html *html, int64_t moment) {
    char stored[DATE_MOMENT_SIZE];
    date_format_moment(moment, stored);
    html_write_stored(html, span_of(stored));
}
