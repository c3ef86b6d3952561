#define _POSIX_C_SOURCE 200809L /* write */
#include "base/log.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/date.h"
#include "base/json_writer.h"
#include "base/terminal.h"
#include "base/text.h"

enum { LINE_SIZE = 4096 };

static enum log_level current_level = LOG_NORMAL;
static enum log_format current_format = LOG_TEXT;
static const char *current_verb;
static bool line_standing;

void log_set_level(enum log_level level) {
    current_level = level;
}

enum log_level log_level(void) {
    return current_level;
}

void log_set_format(enum log_format format) {
    current_format = format;
}

enum log_format log_format(void) {
    return current_format;
}

void log_set_verb(const char *verb) {
    current_verb = verb;
}

void log_set_line_standing(bool standing) {
    line_standing = standing;
}

/* A stderr that does not take a line cannot report it either, so a failure ends the attempt. */
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

/* A message may quote what is not safe for a terminal. */
static void write_text(const char *prefix, const char *message) {
    char line[LINE_SIZE];
    const char *clear = line_standing ? "\r\033[K" : "";
    line_standing = false;
    size_t end = (size_t)snprintf(line, sizeof line, "%s%s", clear, prefix);
    size_t left = strlen(message);
    while (left > 0) {
        size_t written;
        if (end + TERMINAL_PIECE >= sizeof line) {
            write_all(line, end);
            end = 0;
        }
        size_t taken = terminal_take(message, left, line + end, &written);
        message += taken;
        left -= taken;
        end += written;
    }
    line[end] = '\n';
    write_all(line, end + 1);
}

static void begin_object(struct text *line, struct json_writer *json, const char *level,
                         const char *message) {
    char now[DATE_MOMENT_SIZE];
    date_format_moment(date_now(), now);
    *json = json_writer_to(line);
    json_begin_object(json);
    json_member_string(json, "time", span_of(now));
    json_member_string(json, "level", span_of(level));
    json_member_string(json, "verb", span_of(current_verb));
    json_member_string(json, "message", span_of(message));
}

/* Ends the object and writes it. If memory has run out, a constant line reports it. */
static void end_object(struct text *line, struct json_writer *json) {
    static const char lost[] =
        "{\"level\":\"error\",\"message\":\"a message was lost: no memory left\"}\n";
    json_end_object(json);
    text_append_char(line, '\n');
    if (line->failed) {
        write_all(lost, sizeof lost - 1);
    } else {
        write_all(line->data, line->length);
    }
    text_free(line);
}

static void write_fields(struct json_writer *json, const struct log_field *fields, size_t count) {
    for (size_t i = 0; i < count; i++) {
        if (span_is_null(fields[i].text)) {
            json_member_integer(json, fields[i].name, fields[i].number);
        } else {
            json_member_string(json, fields[i].name, fields[i].text);
        }
    }
}

static void write_object(const char *level, const char *message, const struct log_field *fields,
                         size_t count) {
    struct text line = {0};
    struct json_writer json;
    begin_object(&line, &json, level, message);
    write_fields(&json, fields, count);
    end_object(&line, &json);
}

/* The message is built on the stack, so that a warning about memory comes through without any. */
static void write_message(const char *level, const char *prefix, const struct log_field *fields,
                          size_t count, const char *format, va_list arguments)
    __attribute__((format(printf, 5, 0)));

static void write_message(const char *level, const char *prefix, const struct log_field *fields,
                          size_t count, const char *format, va_list arguments) {
    char message[LINE_SIZE];
    if (vsnprintf(message, sizeof message, format, arguments) < 0) {
        return;
    }
    if (current_format == LOG_JSON) {
        write_object(level, message, fields, count);
    } else {
        write_text(prefix, message);
    }
}

void log_warning(const char *format, ...) {
    if (current_level < LOG_NORMAL) {
        return;
    }
    va_list arguments;
    va_start(arguments, format);
    write_message("warning", "warning: ", NULL, 0, format, arguments);
    va_end(arguments);
}

void log_info(const char *format, ...) {
    if (current_level < LOG_NORMAL) {
        return;
    }
    va_list arguments;
    va_start(arguments, format);
    write_message("info", "", NULL, 0, format, arguments);
    va_end(arguments);
}

void log_verbose(const char *format, ...) {
    if (current_level < LOG_VERBOSE) {
        return;
    }
    va_list arguments;
    va_start(arguments, format);
    write_message("debug", "", NULL, 0, format, arguments);
    va_end(arguments);
}

void log_verbose_about(const struct log_field *fields, size_t count, const char *format, ...) {
    if (current_level < LOG_VERBOSE) {
        return;
    }
    va_list arguments;
    va_start(arguments, format);
    write_message("debug", "", fields, count, format, arguments);
    va_end(arguments);
}

void log_progress(const char *label, uint64_t done, uint64_t total, double rate, const char *note) {
    if (current_format != LOG_JSON || current_level < LOG_NORMAL) {
        return;
    }
    char message[LINE_SIZE];
    struct text line = {0};
    struct json_writer json;
    if (total > 0) {
        snprintf(message, sizeof message, "%s: %" PRIu64 " of %" PRIu64, label, done, total);
    } else {
        snprintf(message, sizeof message, "%s: %" PRIu64, label, done);
    }
    begin_object(&line, &json, "info", message);
    json_member_string(&json, "event", span_of("progress"));
    json_member_string(&json, "of", span_of(label));
    json_member_integer(&json, "done", (int64_t)done);
    json_write_key(&json, "total");
    if (total > 0) {
        json_write_integer(&json, (int64_t)total);
    } else {
        json_write_null(&json);
    }
    json_write_key(&json, "rate");
    json_write_real(&json, (double)(int64_t)(rate * 10 + 0.5) / 10);
    json_member_string(&json, "note", span_of(note));
    end_object(&line, &json);
}

void log_error(const struct error *error, int exit_status, const struct log_ending *ending) {
    const struct log_field fields[] = {{"event", span_of("error"), 0},
                                       {"code", span_of(error_code_name(error->code)), 0},
                                       {"exit_status", {0}, exit_status}};
    struct text line = {0};
    struct json_writer json;
    if (current_format == LOG_TEXT) {
        write_text("rowpost: ", error->message);
        if (ending != NULL) {
            write_text("", ending->line);
        }
        return;
    }
    begin_object(&line, &json, "error", error->message);
    write_fields(&json, fields, sizeof fields / sizeof *fields);
    if (ending != NULL) {
        write_fields(&json, ending->fields, ending->count);
    }
    end_object(&line, &json);
}

void log_end(int exit_status, int64_t duration) {
    if (current_format == LOG_TEXT || current_level < LOG_NORMAL) {
        return;
    }
    const struct log_field fields[] = {{"event", span_of("end"), 0},
                                       {"exit_status", {0}, exit_status},
                                       {"microseconds", {0}, duration}};
    write_object("info", exit_status == 0 ? "all well" : "ended, and something is to be looked at",
                 fields, sizeof fields / sizeof *fields);
}
