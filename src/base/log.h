/* What the program tells while it works: to stderr, in plain words, never a secret.
 *
 * The level is set once, before threads start. Each line is one write. Only src/cli and the loops
 * of src/delivery log; everything below passes errors out instead. */
#ifndef ROWPOST_BASE_LOG_H
#define ROWPOST_BASE_LOG_H

#include <stdbool.h>

enum log_level { LOG_QUIET, LOG_NORMAL, LOG_VERBOSE, LOG_DEBUG };

void log_set_level(enum log_level level);
enum log_level log_level(void);

/* For the progress line: while one stands on the terminal, the next line of the log clears it
 * first. */
void log_set_line_standing(bool standing);

/* "warning: ..." unless quiet. */
void log_warning(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* A line of normal output about the work, unless quiet. */
void log_info(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* Only with -v. */
void log_verbose(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
