#include "cli/steps.h"

int verb_status(struct options *options, struct error *error) {
    struct workspace *workspace = workspace_open_for_reading(options->workspace, error);
    if (workspace == NULL) {
        return -1;
    }
    int status = steps_print_delivery(workspace, options, error);
    if (status == 0) {
        status = steps_status(workspace, error);
    }
    workspace_close(workspace);
    return status;
}
