#include <stdio.h>

#include "base/json_writer.h"
#include "base/log.h"
#include "base/noun.h"
#include "cli/ending.h"
#include "cli/steps.h"
#include "workspace/merge.h"

static void print_json(const struct merged *merged, struct text *out) {
    struct json_writer json = json_writer_to(out);
    json_begin_object(&json);
    json_member_string(&json, "kind", text_span(&merged->kind));
    json_member_integer(&json, "number", merged->number);
    json_member_integer(&json, "of", merged->parts);
    json_member_integer(&json, "documents", merged->documents);
    json_member_integer(&json, "merged", merged->taken);
    json_member_integer(&json, "handed_out", merged->out);
    json_member_integer(&json, "kept", merged->apart);
    json_end_object(&json);
    text_append_char(out, '\n');
}

static void print_text(const struct merged *merged, struct text *out) {
    text_append_format(
        out, "%s, part %lld of %lld: %lld of %lld %s merged", text_string(&merged->kind),
        (long long)merged->number, (long long)merged->parts, (long long)merged->taken,
        (long long)merged->documents, noun_of(merged->documents, "document", "documents"));
    if (merged->out > 0) {
        text_append_format(out, ", %lld still handed out", (long long)merged->out);
    }
    text_append_char(out, '\n');
}

/* Printed parts are merged durably, even if a later part fails. */
static int merge_one(const struct options *options, struct workspace *workspace, const char *path,
                     struct error *error) {
    struct merged merged;
    struct text out = {0};
    int rc = merge_part(workspace, path, &merged, error);
    if (rc == 0) {
        (options->json ? print_json : print_text)(&merged, &out);
        rc = text_check(&out, error);
    }
    if (rc == 0) {
        fwrite(text_string(&out), 1, out.length, stdout);
    }
    if (rc == 0 && merged.apart > 0) {
        log_warning("%s: %lld %s another history here than in this part: two programs have worked "
                    "on it; what the workspace has was kept",
                    path, (long long)merged.apart,
                    noun_of(merged.apart, "document has", "documents have"));
    }
    text_free(&out);
    merged_free(&merged);
    return rc;
}

static int print_ending(const struct options *options, struct workspace *workspace,
                        struct error *error) {
    struct summary summary;
    struct text line = {0};
    if (summary_load_figures(workspace, &summary, error) != 0) {
        return -1;
    }
    text_append_format(&line, "%zu %s merged", options->argument_count,
                       noun_of((int64_t)options->argument_count, "part", "parts"));
    ending_append_duration(options, &line);
    int rc = ending_append_next(options, &summary, workspace, &line, error);
    rc = rc == 0 ? ending_print(options, &line, error) : -1;
    text_free(&line);
    summary_free(&summary);
    return rc;
}

int verb_merge(struct options *options, struct error *error) {
    if (steps_choose_migration(options, error) != 0) {
        return -1;
    }
    struct workspace *workspace = workspace_open(options->workspace, "merge", error);
    int rc = workspace == NULL ? -1 : workspace_use_wal(workspace, error);
    for (size_t i = 0; rc == 0 && i < options->argument_count; i++) {
        rc = merge_one(options, workspace, options->arguments[i], error);
    }
    if (rc == 0) {
        rc = print_ending(options, workspace, error);
    }
    workspace_close(workspace);
    return rc == 0 ? EXIT_ALL_WELL : -1;
}
