#include "cli/steps.h"

int verb_plan(struct options *options, struct error *error) {
    if (steps_plan(options, error) != 0) {
        return -1;
    }
    return steps_conclude_account(options, error);
}
