/* Files that are opened as a workspace: none of them is changed, and none upsets the reports. */
#define _POSIX_C_SOURCE 200809L
#include <fcntl.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "fuzz.h"
#include "report/document_report.h"
#include "report/report.h"
#include "report/summary_report.h"
#include "valdb/valdb.h"
#include "workspace/summary.h"
#include "workspace/workspace.h"
#include "workspace_input.h"

static void write_file(const char *path, struct span content) {
    int descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

    CHECK(descriptor >= 0);
    CHECK(write(descriptor, content.data, content.length) == (ssize_t)content.length);
    close(descriptor);
}

/* The file holds what it held, and nothing was left beside it. */
static void check_untouched(const char *path, struct span content) {
    static const char *const endings[] = {"-journal", "-wal", "-shm"};
    struct text bytes = {0};
    char *room = text_reserve(&bytes, content.length + 1);
    int descriptor = open(path, O_RDONLY | O_CLOEXEC);

    CHECK(room != NULL && read(descriptor, room, content.length + 1) == (ssize_t)content.length);
    CHECK(memcmp(room, content.data, content.length) == 0);
    close(descriptor);
    text_free(&bytes);
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
        char beside[96];
        snprintf(beside, sizeof beside, "%s%s", path, endings[i]);
        CHECK(access(beside, F_OK) != 0);
    }
}

static void check_failure(const struct error *error) {
    CHECK(error->code != ERROR_NONE && error->message[0] != '\0');
}

static void report_summary(struct workspace *workspace) {
    struct summary summary;
    struct text out = {0};
    struct error error = {0};
    const struct summary_form form = {REPORT_PLAIN, "rowpost", workspace_path(workspace)};

    if (summary_load(workspace, &summary, &error) != 0) {
        check_failure(&error);
        return;
    }
    summary_append_text(&summary, &form, &out);
    summary_append_delivery(&summary, &form, &out);
    text_clear(&out);
    if (summary_append_json(&summary, workspace, &out, &error) == 0) {
        json_t *json = json_loadb(out.data, out.length, JSON_ALLOW_NUL, NULL);
        CHECK(json_is_object(json));
        json_decref(json);
    } else {
        check_failure(&error);
    }
    text_free(&out);
    summary_free(&summary);
}

static void report_document(struct workspace *workspace, const char *key,
                            enum document_format format) {
    struct text out = {0};
    struct error error = {0};

    int count = document_append(workspace, NULL, key, NULL, format, &out, &error);
    if (count < 0) {
        check_failure(&error);
    }
    text_free(&out);
}

static void report_page(struct workspace *workspace) {
    struct error error = {0};
    struct report report = {.workspace = workspace,
                            .migration = &valdb_migration,
                            .out = fopen("/dev/null", "w"),
                            .program = "rowpost"};

    CHECK(report.out != NULL);
    if (report_write_html(&report, &error) != 0) {
        check_failure(&error);
    }
    if (report_write_key(&report, "12_5_0", &error) != 0) {
        check_failure(&error);
    }
    fclose(report.out);
}

static void read_workspace(const char *path) {
    struct error error = {0};
    struct workspace *workspace = workspace_open_for_reading(path, &error);

    if (workspace == NULL) {
        check_failure(&error);
        return;
    }
    report_summary(workspace);
    report_document(workspace, "12_5_0", DOCUMENT_TEXT);
    report_document(workspace, "ada", DOCUMENT_JSON);
    report_page(workspace);
    workspace_close(workspace);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    char path[64];
    struct text content = {0};

    snprintf(path, sizeof path, "/dev/shm/rowpost-fuzz-workspace-%ld", (long)getpid());
    workspace_input_expand(fuzz_span(data, size), &content);
    write_file(path, text_span(&content));
    read_workspace(path);
    check_untouched(path, text_span(&content));
    unlink(path);
    text_free(&content);
    return 0;
}
