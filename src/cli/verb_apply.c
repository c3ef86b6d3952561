#include "cli/steps.h"

int verb_apply(struct options *options, struct error *error) {
    if (steps_apply(options, error) != 0) {
        return -1;
    }
    return steps_conclude_delivery(options, error);
}
