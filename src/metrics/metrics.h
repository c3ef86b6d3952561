/* Metrics for Prometheus: a file that node_exporter's textfile collector reads, written again every
 * few seconds while the program is running and once more at its end. docs/metrics.md lists them.
 *
 * The file is whole at every moment, whatever ends the program: it is written next to its place and
 * renamed. It holds only figures and the names of kinds, tables and states, so it is readable for
 * everybody that the umask allows, as a collector that runs as another user has to read it.
 *
 * metrics_open() gives metrics that metrics_close() ends. Every other function takes NULL and does
 * nothing then, so that the loops need not ask. One thread makes all the calls. */
#ifndef ROWPOST_METRICS_METRICS_H
#define ROWPOST_METRICS_METRICS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/plan_entry.h"
#include "workspace/workspace.h"

struct metrics;

/* Writes the file for the first time, so that a place that cannot be written is found before
 * anything is done. `verb` is a constant. A file that is there and holds something else than
 * metrics is ERROR_USAGE and stays. */
struct metrics *metrics_open(const char *path, const char *verb, struct error *error);

/* Writes the file for the last time, with the end and the exit status. Frees them either way. */
int metrics_close(struct metrics *metrics, int exit_status, struct error *error);

/* True every few seconds; less often where reading a large workspace takes long, so that it costs a
 * fiftieth of the time at most. */
bool metrics_is_due(const struct metrics *metrics);

/* Reads what the workspace holds now. What its open transaction holds counts, too: ask when none is
 * open. */
int metrics_read(struct metrics *metrics, struct workspace *workspace, struct error *error);

/* Writes the file from what was last read and counted. */
int metrics_write(struct metrics *metrics, struct error *error);

/* What no workspace has. The pace of a delivery: how many requests it allows itself at a time, how
 * many are under way, whether it pauses after failures; that a pause has begun. The plan under way:
 * a row with its outcome, a document. */
void metrics_set_pace(struct metrics *metrics, size_t jobs, size_t in_flight, bool is_paused);
void metrics_count_pause(struct metrics *metrics);
void metrics_count_row(struct metrics *metrics, enum row_outcome outcome);
void metrics_count_document(struct metrics *metrics);

#endif
