#include <stdio.h>

#include "cli/steps.h"
#include "report/row_list.h"

/* The API has no way to remove a campaign, so an administrator has to: here is which. */
static int list_campaigns(const struct options *options, struct error *error) {
    struct workspace *workspace = workspace_open_for_reading(options->workspace, error);
    if (workspace == NULL) {
        return -1;
    }
    int rc = row_list_unremovable(workspace, stdout, error);
    workspace_close(workspace);
    return rc;
}

int verb_undo(struct options *options, struct error *error) {
    if (steps_confirm(
            options,
            "undo removes the users that this workspace created from the target; campaigns "
            "that name them as authors lose them there.",
            error) != 0 ||
        steps_undo(options, error) != 0) {
        return -1;
    }
    return list_campaigns(options, error) == 0 ? EXIT_ALL_WELL : -1;
}
