/* The steps that verbs share: each is one part of `run`, with its own output.
 *
 * A step returns 0, or -1 with the error; problems of single rows or documents are not errors: they
 * are in the workspace, and the last step derives the exit status from them. */
#ifndef ROWPOST_CLI_STEPS_H
#define ROWPOST_CLI_STEPS_H

#include "cli/options.h"
#include "cli/row_steps.h"
#include "cli/verbs.h"
#include "migration/migration.h"
#include "report/summary_report.h"

/* Sets the migration to the one that the workspace was planned with. */
int steps_choose_migration(struct options *options, struct error *error);

/* The same for an open workspace, with the settings of its plan. It has to have the kind that
 * --only names. */
int steps_use_migration(struct options *options, struct workspace *workspace, struct error *error);

/* The settings of a plan, as the command line has them; `access` is borrowed. */
struct migration_settings steps_settings_of(const struct options *options,
                                            const struct people_access *access);

/* Reads the source and writes the workspace; then, from the same tables, takes the sample that
 * --sample asks for, unless `sample` is NULL. */
int steps_plan(struct options *options, struct plan_sample *sample, struct error *error);

/* 0 where the command line or the credentials name a target; else -1 with the error. */
int steps_require_target(struct options *options, struct error *error);

/* Delivers what is pending (and with --update brings records that differ to what was
 * planned); verifies what the target should have; or both in one session. All first check that the
 * target is there and accepts the session. */
int steps_apply_and_verify(struct options *options, struct error *error);
int steps_apply(struct options *options, struct error *error);
int steps_verify(struct options *options, struct error *error);

/* Removes the records that the workspace created. EXIT_ALL_WELL, or EXIT_SOMETHING_WRONG where
 * records remain that are not known to be created by it; -1 with the error. */
int steps_undo(struct options *options, struct error *error);

/* Checks the target as far as possible without sending a record, and prints the result.
 * EXIT_ALL_WELL, or EXIT_SESSION where the role to write is missing; -1 with the error. */
int steps_check(struct options *options, struct error *error);

/* What is printed at the end, and what sets the exit status to EXIT_SOMETHING_WRONG. */
struct conclusion {
    int (*load)(struct workspace *, struct summary *, struct error *);
    void (*append)(const struct summary *, const struct summary_form *, struct text *);
    unsigned remainder; /* a set of enum remainder */

    /* What happened, on the last line: "3 of 5 documents delivered". */
    void (*append_outcome)(const struct summary *, struct text *);
};

extern const struct conclusion conclusion_of_plan;
extern const struct conclusion conclusion_of_run;
extern const struct conclusion conclusion_of_apply;
extern const struct conclusion conclusion_of_part; /* apply limited to some documents */
extern const struct conclusion conclusion_of_verify;
extern const struct conclusion conclusion_of_status;

/* Prints the summary of the workspace, or the progress of the delivery; with --json both print the
 * summary's JSON. Then the sample, which may be NULL. The last line is that of cli/ending.h.
 * Returns the status, or -1 with the error. */
int steps_conclude(const struct options *options, const struct conclusion *conclusion,
                   const struct plan_sample *sample, struct error *error);

#endif
