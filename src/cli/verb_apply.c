#include "cli/confirm.h"
#include "cli/steps.h"

int verb_apply(struct options *options, struct error *error) {
    if (options->update_existing &&
        (steps_choose_migration(options, error) != 0 ||
         confirm_change(options, "--update-existing changes records that were there before",
                        options->migration->update_advice, error) != 0)) {
        return -1;
    }
    if (steps_apply(options, error) != 0) {
        return -1;
    }
    bool is_part = options->limit > 0 || options->only != NULL || options->key != NULL;
    return steps_conclude(options, is_part ? &conclusion_of_part : &conclusion_of_apply, NULL,
                          error);
}
