/* The command with which to continue, ready to be pasted into a shell (report/command.h): for
 * the same workspace and the same target. */
#ifndef ROWPOST_CLI_NEXT_COMMAND_H
#define ROWPOST_CLI_NEXT_COMMAND_H

#include "base/text.h"
#include "cli/options.h"
#include "workspace/summary.h"

/* What a workspace needs next. */
enum next_step {
    NEXT_PLAN,   /* nothing is planned */
    NEXT_APPLY,  /* something is pending, or has to be looked up */
    NEXT_MERGE,  /* parts are handed out, and nothing before them is pending */
    NEXT_LOOK,   /* documents were refused, differ, are missing, or wait for others that do */
    NEXT_VERIFY, /* everything is delivered, and not read back */
    NEXT_REPORT,
    NEXT_STEP_COUNT
};

enum next_step next_step_of(const struct summary *summary);

/* Appends `rowpost VERB -w WORKSPACE`. */
void next_command_append(const struct options *options, const char *verb, struct text *out);

/* Appends the options that `rowpost VERB` needs to reach the target of this workspace as this run
 * did: those for the target and the sign-in; `known` is the target that the workspace knows, or
 * empty. False where no target is known: then the migration's example is used. */
bool next_command_append_target(const struct options *options, struct span known, struct text *out);

/* Appends the command of this run, with the options and arguments that it was given, and with the
 * workspace; a password in the address of the source is left out. Nothing where no verb was
 * named. */
void next_command_append_again(const struct options *options, struct text *out);

#endif
