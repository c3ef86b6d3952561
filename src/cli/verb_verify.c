#include "cli/steps.h"

int verb_verify(struct options *options, struct error *error) {
    if (steps_verify(options, error) != 0) {
        return -1;
    }
    return steps_conclude_delivery(options, error);
}
