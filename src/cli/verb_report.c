#define _POSIX_C_SOURCE 200809L
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli/steps.h"
#include "report/account_report.h"

static int write_file(const char *path, const struct text *report, struct error *error) {
    int descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (descriptor < 0) {
        return error_set(error, ERROR_DISK, "-o %s: cannot be opened: %s", path, strerror(errno));
    }
    size_t written = 0;
    while (written < report->length) {
        ssize_t size = write(descriptor, report->data + written, report->length - written);
        if (size < 0) {
            error_set(error, ERROR_DISK, "-o %s: cannot be written: %s", path, strerror(errno));
            close(descriptor);
            return -1;
        }
        written += (size_t)size;
    }
    if (close(descriptor) != 0) {
        return error_set(error, ERROR_DISK, "-o %s: cannot be written: %s", path, strerror(errno));
    }
    return 0;
}

static int make_report(struct workspace *workspace, bool is_json, struct text *report,
                       struct error *error) {
    struct account account;
    if (account_load(workspace, &account, error) != 0) {
        return -1;
    }
    int rc = 0;
    if (is_json) {
        rc = account_append_json(&account, workspace, report, error);
        text_append_char(report, '\n');
    } else {
        account_append_text(&account, REPORT_PLAIN, report);
    }
    account_free(&account);
    return rc == 0 ? text_check(report, error) : -1;
}

int verb_report(struct options *options, struct error *error) {
    const char *format = options->format == NULL ? "text" : options->format;
    bool is_json = strcmp(format, "json") == 0;
    if (!is_json && strcmp(format, "text") != 0) {
        return error_set(error, ERROR_USAGE, "--format %s: expected text or json", format);
    }
    struct workspace *workspace = workspace_open_for_reading(options->workspace, error);
    if (workspace == NULL) {
        return -1;
    }
    struct text report = {0};
    int rc = make_report(workspace, is_json, &report, error);
    if (rc == 0 && options->output != NULL) {
        rc = write_file(options->output, &report, error);
    } else if (rc == 0) {
        fwrite(text_string(&report), 1, report.length, stdout);
    }
    text_free(&report);
    workspace_close(workspace);
    return rc == 0 ? EXIT_ALL_WELL : -1;
}
