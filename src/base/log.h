/* What the program reports while it works: to stderr, never a secret. In plain words for people,
 * or, for log collectors, one JSON object a line (docs/metrics.md describes its members).
 *
 * Level, format and verb are set once, at the start. A line of usual length is one write. Only
 * src/cli and the loops of src/delivery log; everything below passes errors out instead. */
#ifndef ROWPOST_BASE_LOG_H
#define ROWPOST_BASE_LOG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/span.h"

enum log_level { LOG_QUIET, LOG_NORMAL, LOG_VERBOSE, LOG_DEBUG };

enum log_format { LOG_TEXT, LOG_JSON };

void log_set_level(enum log_level level);
enum log_level log_level(void);

void log_set_format(enum log_format format);
enum log_format log_format(void);

/* The verb that is running, for the JSON form; a constant. */
void log_set_verb(const char *verb);

/* For the progress line: while one is on the terminal, the next line of the log clears it first. */
void log_set_line_standing(bool standing);

/* "warning: ..." unless quiet. */
void log_warning(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* A line of normal output about the work, unless quiet. */
void log_info(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* Only with -v. */
void log_verbose(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* What a line is about, for programs: a text, or a number where `text` is null. */
struct log_field {
    const char *name;
    struct span text;
    int64_t number;
};

/* As log_verbose(); the fields are only in the JSON form, next to the message. */
void log_verbose_about(const struct log_field *fields, size_t count, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* How far the work is, only for the JSON form; `total` 0: not known; `note` may be NULL. */
void log_progress(const char *label, uint64_t done, uint64_t total, double rate, const char *note);

/* What follows an error: the last line, for people; its parts, for programs. */
struct log_ending {
    const char *line;
    const struct log_field *fields;
    size_t count;
};

/* Why the program fails, whatever the level, and the ending, or NULL; and, in the JSON form unless
 * quiet, that it has ended otherwise, after so many microseconds. */
void log_error(const struct error *error, int exit_status, const struct log_ending *ending);
void log_end(int exit_status, int64_t duration);

#endif
