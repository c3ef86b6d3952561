#include <stdio.h>

#include "base/json_writer.h"
#include "base/log.h"
#include "base/noun.h"
#include "cli/ending.h"
#include "cli/next_command.h"
#include "cli/steps.h"
#include "report/command.h"
#include "workspace/recall.h"
#include "workspace/split.h"

static int print(struct text *out, struct error *error) {
    if (text_check(out, error) != 0) {
        return -1;
    }
    fwrite(text_string(out), 1, out->length, stdout);
    return 0;
}

static void append_json(const struct split_result *result, int64_t parts, struct text *out) {
    struct json_writer json = json_writer_to(out);
    json_begin_object(&json);
    json_member_string(&json, "kind", text_span(&result->kind));
    json_member_integer(&json, "parts", result->documents > 0 ? parts : 0);
    json_member_integer(&json, "documents", result->documents);
    json_member_integer(&json, "handed_out", result->out);
    json_member_string(&json, "folder", text_span(&result->folder));
    json_end_object(&json);
    text_append_char(out, '\n');
}

static void append_text(const struct split_result *result, int64_t parts, struct text *out) {
    const char *kind = text_string(&result->kind);
    if (result->documents > 0) {
        text_append_format(out, "%s: %lld %s in %lld %s of %lld to %lld, in %s\n", kind,
                           (long long)result->documents,
                           noun_of(result->documents, "document", "documents"), (long long)parts,
                           noun_of(parts, "part", "parts"), (long long)result->least,
                           (long long)result->most, text_string(&result->folder));
    } else if (result->out > 0) {
        text_append_format(out, "%s: %lld %s handed out already, and none is left\n", kind,
                           (long long)result->out,
                           noun_of(result->out, "document is", "documents are"));
    } else {
        text_append_format(out, "%s%sno document is left to be delivered\n", kind,
                           result->kind.length > 0 ? ": " : "");
    }
}

static int hand_out(const struct options *options, struct workspace *workspace, struct text *out,
                    struct error *error) {
    const struct split_order order = {
        .kind = options->kind, .parts = options->into, .folder = options->directory};
    struct split_result result;
    int rc = split_hand_out(workspace, &order, &result, error);
    if (rc == 0 && result.finished > 0) {
        log_info(
            "an earlier split ended early; %lld %s now", (long long)result.finished,
            noun_of(result.finished, "part of it has its name", "parts of it have their names"));
    }
    if (rc == 0 && options->json) {
        append_json(&result, order.parts, out);
    } else if (rc == 0) {
        append_text(&result, order.parts, out);
    }
    split_result_free(&result);
    return rc;
}

static void append_recalled(const struct recalled *recalled, const struct options *options,
                            struct text *out) {
    if (options->json) {
        struct json_writer json = json_writer_to(out);
        json_begin_object(&json);
        json_member_string(&json, "kind", text_span(&recalled->kind));
        json_member_integer(&json, "number", recalled->number);
        json_member_integer(&json, "of", recalled->parts);
        json_member_integer(&json, "documents", recalled->documents);
        json_end_object(&json);
        text_append_char(out, '\n');
        return;
    }
    text_append_format(out,
                       "%s, part %lld of %lld: %lld %s taken back; the next apply looks up "
                       "each of them before it is sent\n",
                       text_string(&recalled->kind), (long long)recalled->number,
                       (long long)recalled->parts, (long long)recalled->documents,
                       noun_of(recalled->documents, "document is", "documents are"));
}

static int recall(const struct options *options, struct workspace *workspace, struct text *out,
                  struct error *error) {
    struct recalled recalled;
    int rc = recall_part(workspace, options->kind, options->recall, &recalled, error);
    if (rc == 0) {
        append_recalled(&recalled, options, out);
    }
    if (rc == 0 && recalled.set_aside.length > 0) {
        log_warning("its file was there and is %s now; what it has delivered is found on the "
                    "target",
                    text_string(&recalled.set_aside));
    }
    recalled_free(&recalled);
    return rc;
}

/* What to do with the parts that are handed out, or with their results. */
static int print_ending(const struct options *options, struct workspace *workspace,
                        struct error *error) {
    struct summary summary;
    struct text line = {0};
    if (summary_load_figures(workspace, &summary, error) != 0) {
        return -1;
    }
    int64_t out = summary_count_standing(&summary, STANDING_HANDED_OUT);
    int rc = 0;
    text_append_format(&line, "%lld %s handed out", (long long)out,
                       noun_of(out, "document is", "documents are"));
    ending_append_duration(options, &line);
    if (out > 0) {
        text_append_string(&line, " Apply each part where it is to run. Next: ");
        next_command_append(options, "merge", &line);
        command_append_parts(&summary, &line);
    } else {
        rc = ending_append_next(options, &summary, workspace, &line, error);
    }
    rc = rc == 0 ? ending_print(options, &line, error) : -1;
    text_free(&line);
    summary_free(&summary);
    return rc;
}

static int check(const struct options *options, struct error *error) {
    bool hands_out = options->into > 0 || options->directory != NULL;
    if (options->recall > 0 && hands_out) {
        return error_set(error, ERROR_USAGE,
                         "--recall takes back, --into and -d hand out: one of "
                         "the two");
    }
    if (options->recall == 0 && (options->into == 0 || options->directory == NULL)) {
        return error_set(error, ERROR_USAGE,
                         "split needs --into N, the number of parts, and -d FOLDER, where they are "
                         "written");
    }
    return 0;
}

int verb_split(struct options *options, struct error *error) {
    struct text out = {0};
    int rc = check(options, error);
    if (rc == 0 && (steps_choose_migration(options, error) != 0 ||
                    (options->kind != NULL &&
                     migration_find_kind(options->migration, options->kind, error) == NULL))) {
        rc = -1;
    }
    if (rc != 0) {
        return -1;
    }
    struct workspace *workspace = workspace_open(options->workspace, "split", error);
    rc = workspace == NULL ? -1 : workspace_use_wal(workspace, error);
    if (rc == 0) {
        rc = options->recall > 0 ? recall(options, workspace, &out, error)
                                 : hand_out(options, workspace, &out, error);
    }
    if (rc == 0) {
        rc = print(&out, error) == 0 ? print_ending(options, workspace, error) : -1;
    }
    workspace_close(workspace);
    text_free(&out);
    return rc == 0 ? EXIT_ALL_WELL : -1;
}
