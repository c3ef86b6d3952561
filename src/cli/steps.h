/* The steps that verbs share: each is one part of `run`, with its own output.
 *
 * A step returns 0, or -1 with the error; what went wrong with single rows or documents is no
 * error: it stands in the workspace, and steps_status() makes the exit status of it. */
#ifndef ROWPOST_CLI_STEPS_H
#define ROWPOST_CLI_STEPS_H

#include "cli/options.h"
#include "cli/verbs.h"
#include "report/account_report.h"
#include "workspace/workspace.h"

/* The migration that this program is for. */
const struct migration *steps_migration(void);

/* Reads the source and writes the workspace. */
int steps_plan(struct options *options, struct error *error);

/* Prints the whole account, or with --json its JSON. */
int steps_print_account(struct workspace *workspace, const struct options *options,
                        struct error *error);

/* Prints where the delivery stands, or with --json the whole account. */
int steps_print_delivery(struct workspace *workspace, const struct options *options,
                         struct error *error);

/* EXIT_ALL_WELL or EXIT_SOMETHING_WRONG, by what the workspace holds; -1 with the error. */
int steps_status(struct workspace *workspace, struct error *error);

/* Colours where standard output is a terminal that wants them. */
enum report_colours steps_colours(void);

#endif
