#include <stdio.h>
#include <string.h>

#include "base/log.h"
#include "base/noun.h"
#include "cli/confirm.h"
#include "cli/ending.h"
#include "cli/next_command.h"
#include "cli/steps.h"
#include "report/row_list.h"
#include "workspace/listing.h"

/* What the workspace has delivered and not removed. */
static int load_figures(const struct options *options, struct summary *summary,
                        struct error *error) {
    struct workspace *workspace = workspace_open_for_reading(options->workspace, error);
    int rc = workspace == NULL ? -1 : summary_load_figures(workspace, summary, error);
    workspace_close(workspace);
    return rc;
}

/* Why records of a kind stay. */
static const char *find_reason(const struct options *options, const struct migration_kind *kind) {
    if (!kind_has(kind, KIND_REMOVE)) {
        return options->migration->file != NULL ? "the kind has no --@ delete"
                                                : "the target has no request that removes one";
    }
    bool is_chosen =
        options->key == NULL && (options->only == NULL || strcmp(options->only, kind->name) == 0);
    return is_chosen ? "they are not known to be made here, or the target refused it"
                     : "--only and --key have left them out";
}

/* " users: 3 stay (the kind has no --@ delete), ..." */
static void append_left(const struct options *options, const struct summary *left,
                        struct text *line) {
    const char *separator = " ";
    for (size_t i = 0; i < left->kind_count && i < options->migration->kind_count; i++) {
        const struct migration_kind *kind = &options->migration->kinds[i];
        int64_t count = left->kinds[i].ever[STATE_DELIVERED];
        if (count > 0) {
            text_append_format(line, "%s%s: %lld %s (%s)", separator, kind->name, (long long)count,
                               noun_of(count, "stays", "stay"), find_reason(options, kind));
            separator = ", ";
        }
    }
    text_append_string(line, *separator == ',' ? "." : "");
}

static int print_ending(const struct options *options, int status, int64_t before,
                        const struct summary *after, struct error *error) {
    struct text line = {0};
    int64_t left = summary_count_ever(after, STATE_DELIVERED);
    text_append_format(&line, "%lld %s removed, %lld %s", (long long)(before - left),
                       noun_of(before - left, "record", "records"), (long long)left,
                       noun_of(left, "is left", "are left"));
    ending_append_duration(options, &line);
    append_left(options, after, &line);
    if (status == EXIT_SOMETHING_WRONG) {
        text_append_string(&line, " Exit status 1, because records were left that are not known "
                                  "to be made by this workspace.");
    }
    text_append_string(&line, " Next: ");
    next_command_append(options, "status", &line);
    fflush(stdout);
    int rc = text_check(&line, error);
    if (rc == 0) {
        log_info("%s", text_string(&line)); /* the list may be read by programs */
    }
    text_free(&line);
    return rc;
}

/* The remaining records, so that an administrator can remove them: those of kinds that the API
 * cannot remove, and those that are not known to be made here. */
static int list_left(const struct options *options, struct error *error) {
    struct workspace *workspace = workspace_open_for_reading(options->workspace, error);
    if (workspace == NULL) {
        return -1;
    }
    int rc = row_list_write(workspace, LISTING_DELIVERED, NULL, LIST_TEXT, stdout, error);
    workspace_close(workspace);
    return rc;
}

int verb_undo(struct options *options, struct error *error) {
    if (steps_choose_migration(options, error) != 0 ||
        confirm_change(options,
                       "undo removes the records that this workspace created on the target",
                       options->migration->undo_advice, error) != 0) {
        return -1;
    }
    struct summary figures = {0};
    if (load_figures(options, &figures, error) != 0) {
        return -1;
    }
    int64_t before = summary_count_ever(&figures, STATE_DELIVERED);
    summary_free(&figures);
    int status = steps_undo(options, error);
    if (status < 0 || list_left(options, error) != 0 ||
        load_figures(options, &figures, error) != 0) {
        return -1;
    }
    int rc = print_ending(options, status, before, &figures, error);
    summary_free(&figures);
    return rc == 0 ? status : -1;
}
