#include "cli/steps.h"

int verb_check(struct options *options, struct error *error) {
    return steps_check(options, error);
}
