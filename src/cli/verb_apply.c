#include "cli/steps.h"

int verb_apply(struct options *options, struct error *error) {
    if (options->update_existing &&
        steps_confirm(
            options,
            "--update-existing changes users that were there before, and the target mails "
            "each of them.",
            error) != 0) {
        return -1;
    }
    if (steps_apply(options, error) != 0) {
        return -1;
    }
    return steps_conclude_delivery(options, error);
}
