#include <stdio.h>

#include "base/output_file.h"
#include "cli/format_choice.h"
#include "cli/migrations.h"
#include "cli/steps.h"
#include "report/report.h"

/* The first is what is taken where nothing says otherwise. */
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

static int write_file(int format, struct report *report, const char *path, struct error *error) {
    struct output_file *file = output_file_open("-o", path, error);
    if (file == NULL) {
        return -1;
    }
    report->out = output_file_stream(file);
    if (writers[format](report, error) != 0) {
        output_file_discard(file);
        return -1;
    }
    return output_file_publish(file, error);
}

int verb_report(struct options *options, struct error *error) {
    int format = format_choose(options, formats, FORMAT_COUNT, error);
    if (format < 0) {
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
                                     : writers[format](&report, error);
    }
    workspace_close(report.workspace);
    return rc == 0 ? EXIT_ALL_WELL : -1;
}
