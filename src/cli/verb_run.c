#include "base/log.h"
#include "cli/steps.h"

/* Each step works on what the one before has left in the workspace, so that the same command goes
 * on wherever it was stopped. */
static const struct step {
    const char *name;
    int (*take)(struct options *options, struct error *error);
} steps[] = {
    {"plan", steps_plan},
    {"apply", steps_apply},
    {"verify", steps_verify},
};

int verb_run(struct options *options, struct error *error) {
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        log_info("%s", steps[i].name);
        if (steps[i].take(options, error) != 0) {
            return -1;
        }
    }
    return steps_conclude_account(options, error);
}
