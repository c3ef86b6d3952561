/* The last line of a run: what happened, how long it took, why the exit status is not 0, and the
 * next command. It is the last line of the results; with JSON output it is printed as a message
 * instead.
 *
 * A verb starts it with what happened, appends to it, and prints it. Where a verb fails, the line
 * follows the message of the error, and the next command is that of this run. */
#ifndef ROWPOST_CLI_ENDING_H
#define ROWPOST_CLI_ENDING_H

#include "base/text.h"
#include "cli/options.h"
#include "report/summary_report.h"
#include "workspace/workspace.h"

/* Appends the time since the verb began, " in 2 min 27 s", and the full stop. */
void ending_append_duration(const struct options *options, struct text *line);

/* Appends why the exit status is 1: the items of the set (enum remainder) that occur. Also appends
 * the rows that the plan has rejected, whether or not they affect the exit status. Returns the exit
 * status. -1 with the error. */
int ending_append_reasons(const struct options *options, const struct summary *summary,
                          unsigned remainder, struct workspace *workspace, struct text *line,
                          struct error *error);

/* Appends " Next: rowpost ...", by the states of the documents. 0, or -1 with the error. */
int ending_append_next(const struct options *options, const struct summary *summary,
                       struct workspace *workspace, struct text *line, struct error *error);

/* Prints the line after the results. 0, or -1 where memory has run out. */
int ending_print(const struct options *options, const struct text *line, struct error *error);

/* Logs the error of a run and its last line, with what the workspace holds where the verb has a
 * target. No such line follows an error that is about the command line or a file: its message
 * includes what to do. */
void ending_log_error(const struct options *options, const struct error *error, int exit_status);

#endif
