/* The steps that verbs share: each is one part of `run`, with its own output.
 *
 * A step returns 0, or -1 with the error; what went wrong with single rows or documents is no
 * error: it stands in the workspace, and the concluding step makes the exit status of it. */
#ifndef ROWPOST_CLI_STEPS_H
#define ROWPOST_CLI_STEPS_H

#include "cli/options.h"
#include "cli/row_steps.h"
#include "cli/verbs.h"
#include "migration/migration.h"

/* The migration that this program is for. */
const struct migration *steps_migration(void);

/* Reads the source and writes the workspace. */
int steps_plan(struct options *options, struct error *error);

/* As steps_plan(); then, with the same source, takes the sample that --sample asks for, unless
 * `sample` is NULL. */
int steps_plan_and_sample(struct options *options, struct row_sample *sample, struct error *error);

/* 0 where the command line or the credentials name a target; else -1 with the error. */
int steps_require_target(struct options *options, struct error *error);

/* Delivers what is pending (and with --update-existing brings users that differ to what was
 * planned); verifies what the target should have; or both in one session. All ask the target first
 * whether it is there and the session is accepted. */
int steps_apply_and_verify(struct options *options, struct error *error);
int steps_apply(struct options *options, struct error *error);
int steps_verify(struct options *options, struct error *error);

/* Removes the users that the workspace created. */
int steps_undo(struct options *options, struct error *error);

/* Asks the target what can be asked without sending anything, and prints it. EXIT_ALL_WELL, or
 * EXIT_SESSION where the role to write is missing; -1 with the error. */
int steps_check(struct options *options, struct error *error);

/* Asks on a terminal; elsewhere --yes has to have been given. 0, or -1 with the error where the
 * answer is no. */
int steps_confirm(const struct options *options, const char *question, struct error *error);

/* As steps_conclude_account(), with a sample behind the account, or NULL. */
int steps_conclude_plan(const struct options *options, const struct row_sample *sample,
                        struct error *error);

/* Prints the whole account, or where the delivery stands (with --json both are the account's JSON),
 * and returns EXIT_ALL_WELL or EXIT_SOMETHING_WRONG by what the workspace holds; -1 with the
 * error. */
int steps_conclude_account(const struct options *options, struct error *error);
int steps_conclude_delivery(const struct options *options, struct error *error);

#endif
