#include "base/log.h"
#include "cli/steps.h"

/* Each step uses what the step before left in the workspace, so that the same command continues
 * wherever it was stopped. */
int verb_run(struct options *options, struct error *error) {
    if (steps_require_target(options, error) != 0) {
        return -1;
    }
    log_info("plan");
    if (steps_plan(options, NULL, error) != 0 || steps_apply_and_verify(options, error) != 0) {
        return -1;
    }
    return steps_conclude(options, &conclusion_of_run, NULL, error);
}
