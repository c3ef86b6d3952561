#include <stdio.h>

#include "base/output_file.h"
#include "cli/format_choice.h"
#include "cli/migrations.h"
#include "cli/next_command.h"
#include "cli/steps.h"
#include "report/command.h"
#include "report/report.h"

/* The first is the default. */
static const struct format_choice formats[] = {
    {"text", {".txt", NULL}},  {"html", {".html", ".htm", NULL}}, {"json", {".json", NULL}},
    {"junit", {".xml", NULL}}, {"csv", {".csv", NULL}},
};

enum { FORMAT_COUNT = sizeof formats / sizeof *formats };

static int (*const writers[FORMAT_COUNT])(const struct report *report, struct error *error) = {
    report_write_text, report_write_html, report_write_json, report_write_junit, report_write_csv};

const char *verb_report_format(size_t index) {
    return index < FORMAT_COUNT ? formats[index].name : NULL;
}

/* The output: in a format, or the page of one key. */
static int write_report(int format, const struct report *report, const char *key,
                        struct error *error) {
    return key != NULL ? report_write_key(report, key, error) : writers[format](report, error);
}

static int write_file(int format, struct report *report, const struct options *options,
                      struct error *error) {
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

static int fail_key_format(const struct options *options, struct error *error) {
    struct text command = {0};
    next_command_append(options, "show", &command);
    command_append_key(span_of(options->key), &command);
    error_set(error, ERROR_USAGE,
              "--key writes a page: expected -o FILE.html or --format html; on a terminal `%s` "
              "shows the document",
              text_string(&command));
    text_free(&command);
    return -1;
}

/* --key and --each-author write pages. */
static int check_pages(const struct options *options, int format, struct error *error) {
    bool is_html = writers[format] == report_write_html;
    if (options->each_author != NULL &&
        (options->key != NULL || options->output != NULL || options->format != NULL)) {
        return error_set(
            error, ERROR_USAGE,
            "--each-author writes a folder of pages; leave out --key, --format and -o");
    }
    if (options->key != NULL && !is_html) {
        return fail_key_format(options, error);
    }
    return 0;
}

static int write_output(const struct options *options, int format, struct report *report,
                        struct error *error) {
    if (options->each_author != NULL) {
        return report_write_folder(report, options->each_author, error);
    }
    return options->output != NULL ? write_file(format, report, options, error)
                                   : write_report(format, report, options->key, error);
}

int verb_report(struct options *options, struct error *error) {
    int format = format_choose(options, formats, FORMAT_COUNT, error);
    if (format < 0 || check_pages(options, format, error) != 0) {
        return -1;
    }
    struct report report = {.out = stdout, .program = options->program};
    report.workspace = workspace_open_for_reading(options->workspace, error);
    if (report.workspace == NULL) {
        return -1;
    }
    report.migration = migrations_of(report.workspace, error);
    int rc =
        report.migration == NULL ? -1 : workspace_begin_read_transaction(report.workspace, error);
    if (rc == 0) {
        rc = write_output(options, format, &report, error);
    }
    workspace_close(report.workspace);
    return rc == 0 ? EXIT_ALL_WELL : -1;
}
