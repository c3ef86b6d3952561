/* The verbs: one function each, one file each.
 *
 * A verb returns the exit status of a run that was completed (EXIT_ALL_WELL or
 * EXIT_SOMETHING_WRONG), or -1 with the error, from which exit_status_of() makes the status. */
#ifndef ROWPOST_CLI_VERBS_H
#define ROWPOST_CLI_VERBS_H

#include "base/error.h"
#include "cli/options.h"

enum exit_status {
    EXIT_ALL_WELL = 0,
    EXIT_SOMETHING_WRONG = 1, /* rows rejected; documents open, refused, different or missing */
    EXIT_USAGE = 2,
    EXIT_UNREACHABLE = 3, /* the source or the target */
    EXIT_SESSION = 4,     /* the session is not accepted; nothing was lost */
    EXIT_INTERNAL = 5     /* an internal or a disk error */
};

enum exit_status exit_status_of(enum error_code code);

int verb_snapshot(struct options *options, struct error *error);
int verb_run(struct options *options, struct error *error);
int verb_plan(struct options *options, struct error *error);
int verb_apply(struct options *options, struct error *error);
int verb_verify(struct options *options, struct error *error);
int verb_split(struct options *options, struct error *error);
int verb_merge(struct options *options, struct error *error);
int verb_check(struct options *options, struct error *error);
int verb_undo(struct options *options, struct error *error);
int verb_status(struct options *options, struct error *error);
int verb_show(struct options *options, struct error *error);
int verb_report(struct options *options, struct error *error);
int verb_rejects(struct options *options, struct error *error);
int verb_skips(struct options *options, struct error *error);
int verb_people(struct options *options, struct error *error);
int verb_findings(struct options *options, struct error *error);
int verb_export(struct options *options, struct error *error);
int verb_test(struct options *options, struct error *error);
int verb_draft(struct options *options, struct error *error);
int verb_diff(struct options *options, struct error *error);
int verb_complete(struct options *options, struct error *error);
int verb_demo(struct options *options, struct error *error);

/* The formats of a report, by their names for --format; NULL after the last. */
const char *verb_report_format(size_t index);

#endif
