#include "cli/steps.h"

int verb_status(struct options *options, struct error *error) {
    return steps_conclude(options, &conclusion_of_status, NULL, error);
}
