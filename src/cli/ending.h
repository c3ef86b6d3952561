/* The last line of a run: what happened, how long it took, why the exit status is not 0, and the
 * next command. It is the last line of the results; a program that reads JSON gets it as a message
 * instead.
 *
 * A verb begins it with what happened, adds to it, and prints it. */
#ifndef ROWPOST_CLI_ENDING_H
#define ROWPOST_CLI_ENDING_H

#include "base/text.h"
#include "cli/options.h"
#include "report/summary_report.h"
#include "workspace/workspace.h"

/* Appends " in 2 min 27 s", since the verb began, and the full stop. */
void ending_append_duration(const struct options *options, struct text *line);

/* Why the exit status is 1: what of the set (enum remainder) there is. And the rows that the plan
 * has rejected, whether or not they count. Returns the exit status. -1 with the error. */
int ending_append_reasons(const struct options *options, const struct summary *summary,
                          unsigned remainder, struct workspace *workspace, struct text *line,
                          struct error *error);

/* " Next: rowpost ...", by where the documents are. 0, or -1 with the error. */
int ending_append_next(const struct options *options, const struct summary *summary,
                       struct workspace *workspace, struct text *line, struct error *error);

/* Prints the line behind the results. 0, or -1 where memory has run out. */
int ending_print(const struct options *options, const struct text *line, struct error *error);

#endif
