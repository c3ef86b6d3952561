#define _POSIX_C_SOURCE 200809L /* fdopen */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "cli/migrations.h"
#include "cli/steps.h"
#include "report/report.h"

enum { MAX_ENDINGS = 3 };

/* A format: its name for --format, the endings of -o that choose it, and who writes it. */
struct format {
    const char *name;
    const char *endings[MAX_ENDINGS]; /* ended by NULL */
    int (*write)(const struct report *report, struct error *error);
};

/* The first is what is taken where nothing says otherwise. */
static const struct format formats[] = {
    {"text", {".txt", NULL}, report_write_text},
    {"html", {".html", ".htm", NULL}, report_write_html},
    {"json", {".json", NULL}, report_write_json},
    {"junit", {".xml", NULL}, report_write_junit},
    {"csv", {".csv", NULL}, report_write_csv},
};

enum { FORMAT_COUNT = sizeof formats / sizeof *formats };

const char *verb_report_format(size_t index) {
    return index < FORMAT_COUNT ? formats[index].name : NULL;
}

static int fail_unknown(const char *name, struct error *error) {
    struct text names = {0};
    for (size_t i = 0; i < FORMAT_COUNT; i++) {
        const char *separator = i == 0 ? "" : i + 1 < FORMAT_COUNT ? ", " : " or ";
        text_append_format(&names, "%s%s", separator, formats[i].name);
    }
    error_set(error, ERROR_USAGE, "--format %s: expected %s", name, text_string(&names));
    text_free(&names);
    return -1;
}

static bool has_ending(const char *path, const char *ending) {
    size_t length = strlen(path);
    size_t wanted = strlen(ending);
    return length > wanted && strcasecmp(path + length - wanted, ending) == 0;
}

static const struct format *format_of_file(const char *path) {
    for (size_t i = 0; path != NULL && i < FORMAT_COUNT; i++) {
        for (const char *const *ending = formats[i].endings; *ending != NULL; ending++) {
            if (has_ending(path, *ending)) {
                return &formats[i];
            }
        }
    }
    return &formats[0];
}

/* --format wins over the ending of -o; NULL with the error where there is no such format. */
static const struct format *choose_format(const struct options *options, struct error *error) {
    if (options->format == NULL) {
        return format_of_file(options->output);
    }
    for (size_t i = 0; i < FORMAT_COUNT; i++) {
        if (strcmp(formats[i].name, options->format) == 0) {
            return &formats[i];
        }
    }
    fail_unknown(options->format, error);
    return NULL;
}

/* For the owner only, as the workspace is. */
static FILE *open_output(const char *path, struct error *error) {
    int descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    FILE *out = descriptor < 0 ? NULL : fdopen(descriptor, "w");
    if (out == NULL) {
        error_set(error, ERROR_DISK, "-o %s: cannot be opened: %s", path, strerror(errno));
        if (descriptor >= 0) {
            close(descriptor);
        }
    }
    return out;
}

/* Closing reports what was not written before. */
static int close_output(FILE *out, const char *path, struct error *error) {
    bool has_failed = ferror(out) != 0;
    errno = 0;
    if (fclose(out) == 0 && !has_failed) {
        return 0;
    }
    return error_set(error, ERROR_DISK, "-o %s: cannot be written: %s", path,
                     errno == 0 ? "is the disk full?" : strerror(errno));
}

static int write_file(const struct format *format, struct report *report, const char *path,
                      struct error *error) {
    report->out = open_output(path, error);
    if (report->out == NULL) {
        return -1;
    }
    int rc = format->write(report, error);
    struct error ignored;
    return close_output(report->out, path, rc == 0 ? error : &ignored) == 0 ? rc : -1;
}

int verb_report(struct options *options, struct error *error) {
    const struct format *format = choose_format(options, error);
    if (format == NULL) {
        return -1;
    }
    struct report report = {.out = stdout};
    report.workspace = workspace_open_for_reading(options->workspace, error);
    if (report.workspace == NULL) {
        return -1;
    }
    report.migration = migrations_of(report.workspace, error);
    int rc = report.migration == NULL ? -1 : workspace_hold_still(report.workspace, error);
    if (rc == 0) {
        rc = options->output != NULL ? write_file(format, &report, options->output, error)
                                     : format->write(&report, error);
    }
    workspace_close(report.workspace);
    return rc == 0 ? EXIT_ALL_WELL : -1;
}
