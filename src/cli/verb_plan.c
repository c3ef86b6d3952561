#include "cli/steps.h"

int verb_plan(struct options *options, struct error *error) {
    struct row_sample sample = {0};
    struct row_sample *wanted = options->sample > 0 ? &sample : NULL;
    int status = -1;
    if (steps_plan_and_sample(options, wanted, error) == 0) {
        status = steps_conclude_plan(options, wanted, error);
    }
    row_sample_free(&sample);
    return status;
}
