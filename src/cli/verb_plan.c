#include "cli/steps.h"

int verb_plan(struct options *options, struct error *error) {
    struct plan_sample sample = {0};
    struct plan_sample *wanted = options->sample > 0 ? &sample : NULL;
    int status = -1;
    if (steps_plan(options, wanted, error) == 0) {
        status = steps_conclude(options, &conclusion_of_plan, wanted, error);
    }
    plan_sample_clear(&sample);
    return status;
}
