#include "cli/steps.h"

int verb_verify(struct options *options, struct error *error) {
    return steps_verify(options, error) == 0
               ? steps_conclude(options, &conclusion_of_verify, NULL, error)
               : -1;
}
