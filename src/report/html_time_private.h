/* Moments and durations as people read them. Each is formatted into a buffer of the caller's and
 * returned as a span of it. */
#ifndef ROWPOST_REPORT_HTML_TIME_PRIVATE_H
#define ROWPOST_REPORT_HTML_TIME_PRIVATE_H

#include <stdint.h>

#include "base/span.h"
#include "report/html_writer_private.h"

enum { HTML_TIME_SIZE = 48 };
struct html_time {
    char characters[HTML_TIME_SIZE];
};

/* "0.8 ms", "12 ms", "1.4 s", "3 min 20 s", "2 h 5 min"; from microseconds. */
struct span html_format_duration(struct html_time *time, int64_t duration);

/* "2026-11-24 04:53:58 UTC", and its clock. */
struct span html_format_moment(struct html_time *time, int64_t moment);
struct span html_format_clock(struct html_time *time, int64_t moment);
struct span html_format_tenths(struct html_time *time, int64_t moment); /* "04:53:58.3" */

/* A moment as the workspace writes it, "2026-11-24T04:53:58.373Z"; what cannot be read stays
 * unchanged. */
struct span html_format_stored(struct html_time *time, struct span stored);

/* A moment as an element, to which the page's script adds the reader's own time. What cannot be
 * read is written unchanged. */
void html_write_moment(struct html *html, int64_t moment);
void html_write_stored(struct html *html, struct span stored);

/* As a value of html_put(); each lives to the end of the block. */
#define html_duration(value) html_format_duration(&(struct html_time){{0}}, value)
#define html_moment(value) html_format_moment(&(struct html_time){{0}}, value)
#define html_stored(value) html_format_stored(&(struct html_time){{0}}, value)

#endif
