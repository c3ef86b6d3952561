#define _POSIX_C_SOURCE 200809L /* write */
#include "base/log.h"

#include <errno.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <unistd.h>

#include "base/span.h"

enum { LINE_SIZE = 4096 };

static enum log_level current_level = LOG_NORMAL;
static atomic_bool line_standing;

void log_set_level(enum log_level level) {
    current_level = level;
}

enum log_level log_level(void) {
    return current_level;
}

void log_set_line_standing(bool standing) {
    atomic_store(&line_standing, standing);
}

/* Nothing can be told about a stderr that does not take a line, so a failure ends the attempt. */
static void write_all(const char *data, size_t length) {
    while (length > 0) {
        ssize_t written = write(STDERR_FILENO, data, length);
        if (written < 0 && errno == EINTR) {
            continue;
        }
        if (written <= 0) {
            return;
        }
        data += written;
        length -= (size_t)written;
    }
}

/* The line is built on the stack, so that a warning about memory comes through without any. */
static void write_line(const char *prefix, const char *format, va_list arguments) {
    char line[LINE_SIZE];
    const char *clear = atomic_exchange(&line_standing, false) ? "\r\033[K" : "";
    int start = snprintf(line, sizeof line, "%s%s", clear, prefix);
    if (start < 0) {
        return;
    }
    size_t room = sizeof line - (size_t)start - 1;
    int length = vsnprintf(line + start, room, format, arguments);
    if (length < 0) {
        return;
    }
    size_t end = (size_t)start + ((size_t)length < room ? (size_t)length : room - 1);
    line[end] = '\n';
    write_all(line, end + 1);
}

void log_warning(const char *format, ...) {
    if (current_level < LOG_NORMAL) {
        return;
    }
    va_list arguments;
    va_start(arguments, format);
    write_line("warning: ", format, arguments);
    va_end(arguments);
}

void log_info(const char *format, ...) {
    if (current_level < LOG_NORMAL) {
        return;
    }
    va_list arguments;
    va_start(arguments, format);
    write_line("", format, arguments);
    va_end(arguments);
}

void log_verbose(const char *format, ...) {
    if (current_level < LOG_VERBOSE) {
        return;
    }
    va_list arguments;
    va_start(arguments, format);
    write_line("", format, arguments);
    va_end(arguments);
}
