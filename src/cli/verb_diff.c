#include <stdio.h>

#include "base/output_file.h"
#include "cli/format_choice.h"
#include "cli/steps.h"
#include "report/plan_diff.h"

/* The first is the default. */
static const struct format_choice formats[] = {
    {"text", {".txt", NULL}}, {"html", {".html", ".htm", NULL}}, {"json", {".json", NULL}}};

enum { FORMAT_COUNT = sizeof formats / sizeof *formats };

static int (*const writers[FORMAT_COUNT])(const struct plan_diff *diff, struct error *error) = {
    plan_diff_write_text, plan_diff_write_html, plan_diff_write_json};

/* 1: they differ; 0: they are equal; -1: the error, and the existing file is unchanged. */
static int write_file(int format, struct plan_diff *diff, const char *path, struct error *error) {
    struct output_file *file = output_file_open("-o", path, error);
    if (file == NULL) {
        return -1;
    }
    diff->out = output_file_stream(file);
    int differ = writers[format](diff, error);
    if (differ < 0) {
        output_file_discard(file);
        return -1;
    }
    return output_file_publish(file, error) == 0 ? differ : -1;
}

int verb_diff(struct options *options, struct error *error) {
    struct plan_diff diff = {.out = stdout, .program = options->program};
    int differ = 0;
    int format = format_choose(options, formats, FORMAT_COUNT, error);
    if (format < 0) {
        return -1;
    }
    for (size_t i = 0; i < PAIRING_SIDES && differ == 0; i++) {
        diff.sides[i] = workspace_open_for_reading(options->arguments[i], error);
        differ =
            diff.sides[i] == NULL ? -1 : workspace_begin_read_transaction(diff.sides[i], error);
    }
    if (differ == 0) {
        differ = options->output == NULL ? writers[format](&diff, error)
                                         : write_file(format, &diff, options->output, error);
    }
    for (size_t i = 0; i < PAIRING_SIDES; i++) {
        workspace_close(diff.sides[i]);
    }
    return differ < 0 ? -1 : differ == 0 ? EXIT_ALL_WELL : EXIT_SOMETHING_WRONG;
}
