#include <stdio.h>

#include "base/log.h"
#include "base/noun.h"
#include "cli/confirm.h"
#include "cli/ending.h"
#include "cli/next_command.h"
#include "cli/steps.h"
#include "report/row_list.h"
#include "workspace/listing.h"

/* How many records the workspace has delivered and not removed. */
static int count_delivered(const struct options *options, int64_t *count, struct error *error) {
    struct workspace *workspace = workspace_open_for_reading(options->workspace, error);
    struct summary summary;
    int rc = workspace == NULL ? -1 : summary_load_figures(workspace, &summary, error);
    if (rc == 0) {
        *count = summary_count_ever(&summary, STATE_DELIVERED);
        summary_free(&summary);
    }
    workspace_close(workspace);
    return rc;
}

static int print_ending(const struct options *options, int status, int64_t before, int64_t left,
                        struct error *error) {
    struct text line = {0};
    text_append_format(&line, "%lld %s removed, %lld %s", (long long)(before - left),
                       noun_of(before - left, "record", "records"), (long long)left,
                       noun_of(left, "is left", "are left"));
    ending_append_duration(options, &line);
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
    int64_t before = 0;
    int64_t left = 0;
    if (count_delivered(options, &before, error) != 0) {
        return -1;
    }
    int status = steps_undo(options, error);
    if (status < 0 || list_left(options, error) != 0 ||
        count_delivered(options, &left, error) != 0) {
        return -1;
    }
    return print_ending(options, status, before, left, error) == 0 ? status : -1;
}
