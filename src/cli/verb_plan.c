#include "cli/steps.h"

int verb_plan(struct options *options, struct error *error) {
    if (steps_plan(options, error) != 0) {
        return -1;
    }
    struct workspace *workspace = workspace_open_for_reading(options->workspace, error);
    if (workspace == NULL) {
        return -1;
    }
    int status = steps_print_account(workspace, options, error);
    if (status == 0) {
        status = steps_status(workspace, error);
    }
    workspace_close(workspace);
    return status;
}
