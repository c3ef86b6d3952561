/* The steps that verbs share: each is one part of `run`, with its own output.
 *
 * A step returns 0, or -1 with the error; what went wrong with single rows or documents is no
 * error: it is in the workspace, and the concluding step makes the exit status of it. */
#ifndef ROWPOST_CLI_STEPS_H
#define ROWPOST_CLI_STEPS_H

#include "cli/options.h"
#include "cli/row_steps.h"
#include "cli/verbs.h"
#include "migration/migration.h"
#include "report/summary_report.h"

/* Sets the migration to the one that the workspace was planned with. */
int steps_choose_migration(struct options *options, struct error *error);

/* The same of an open workspace, with what it was planned with. It has to have the kind that --only
 * names. */
int steps_use_migration(struct options *options, struct workspace *workspace, struct error *error);

/* The settings of a plan, as the command line has them; `access` is borrowed. */
struct migration_settings steps_settings_of(const struct options *options,
                                            const struct people_access *access);

/* Reads the source and writes the workspace; then, from the same tables, takes the sample that
 * --sample asks for, unless `sample` is NULL. */
int steps_plan(struct options *options, struct plan_sample *sample, struct error *error);

/* 0 where the command line or the credentials name a target; else -1 with the error. */
int steps_require_target(struct options *options, struct error *error);

/* Delivers what is pending (and with --update-existing brings records that differ to what was
 * planned); verifies what the target should have; or both in one session. All ask the target first
 * whether it is there and the session is accepted. */
int steps_apply_and_verify(struct options *options, struct error *error);
int steps_apply(struct options *options, struct error *error);
int steps_verify(struct options *options, struct error *error);

/* Removes the records that the workspace created. EXIT_ALL_WELL, or EXIT_SOMETHING_WRONG where some
 * are left that are not known to be; -1 with the error. */
int steps_undo(struct options *options, struct error *error);

/* Asks the target what can be asked without sending anything, and prints it. EXIT_ALL_WELL, or
 * EXIT_SESSION where the role to write is missing; -1 with the error. */
int steps_check(struct options *options, struct error *error);

/* What is printed at the end, and what makes the exit status EXIT_SOMETHING_WRONG. */
struct conclusion {
    int (*load)(struct workspace *, struct summary *, struct error *);
    void (*append)(const struct summary *, enum report_colours, struct text *);
    unsigned remainder; /* a set of enum remainder */

    /* What happened, on the last line: "3 of 5 documents delivered". */
    void (*append_outcome)(const struct summary *, struct text *);
};

extern const struct conclusion conclusion_of_plan;
extern const struct conclusion conclusion_of_run;
extern const struct conclusion conclusion_of_apply;
extern const struct conclusion conclusion_of_part; /* of an apply that was to send a part only */
extern const struct conclusion conclusion_of_verify;
extern const struct conclusion conclusion_of_status;

/* Prints the summary of the workspace, or how far the delivery is; with --json both are the
 * summary's JSON. Then the sample, which may be NULL. The last line is that of
 * cli/ending.h. Returns the status, or -1 with the error. */
int steps_conclude(const struct options *options, const struct conclusion *conclusion,
                   const struct plan_sample *sample, struct error *error);

#endif
