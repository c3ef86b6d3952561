#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/output_file.h"
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

/* What is written: in a format, or the page of one key. */
static int write_report(const struct format *format, const struct report *report, const char *key,
                        struct error *error) {
    return key != NULL ? report_write_key(report, key, error) : format->write(report, error);
}

static int write_file(const struct format *format, struct report *report,
                      const struct options *options, struct error *error) {
    struct output_file *file = output_file_open("-o", options->output, error);
    if (file == NULL) {
        return -1;
    }
    report->out = output_file_stream(file);
    if (write_report(format, report, options->key, error) != 0) {
        output_file_discard(file);
        return -1;
    }
    return output_file_publish(file, error);
}

/* --key and --each-author write pages. */
static int check_pages(const struct options *options, const struct format *format,
                       struct error *error) {
    bool is_html = format->write == report_write_html;
    if (options->each_author != NULL &&
        (options->key != NULL || options->output != NULL || options->format != NULL)) {
        return error_set(
            error, ERROR_USAGE,
            "--each-author writes a folder of pages; leave out --key, --format and -o");
    }
    if (options->key != NULL && !is_html) {
        return error_set(error, ERROR_USAGE,
                         "--key writes a page: expected -o FILE.html or --format html (on a "
                         "terminal: rowpost show KEY)");
    }
    return 0;
}

static int write_output(const struct options *options, const struct format *format,
                        struct report *report, struct error *error) {
    if (options->each_author != NULL) {
        return report_write_folder(report, options->each_author, error);
    }
    return options->output != NULL ? write_file(format, report, options, error)
                                   : write_report(format, report, options->key, error);
}

int verb_report(struct options *options, struct error *error) {
    const struct format *format = choose_format(options, error);
    if (format == NULL || check_pages(options, format, error) != 0) {
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
        rc = write_output(options, format, &report, error);
    }
    workspace_close(report.workspace);
    return rc == 0 ? EXIT_ALL_WELL : -1;
}
