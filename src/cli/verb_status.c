#include "cli/steps.h"

int verb_status(struct options *options, struct error *error) {
    return steps_conclude_delivery(options, error);
}
