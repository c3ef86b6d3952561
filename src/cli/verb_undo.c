#include <stdio.h>

#include "cli/steps.h"
#include "report/row_list.h"
#include "workspace/listing.h"

/* What is left, so that an administrator can remove it: of kinds that the API cannot remove, and
 * records that are not known to be made here. */
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
        steps_confirm(options, "undo removes the records that this workspace created on the target",
                      options->migration->undo_advice, error) != 0) {
        return -1;
    }
    int status = steps_undo(options, error);
    return status >= 0 && list_left(options, error) == 0 ? status : -1;
}
