/* The workspace: one SQLite file that holds a migration's documents, the outcome of every source
 * row, every request and every answer. docs/workspace.md describes its tables.
 *
 * workspace_open_*() gives a workspace that the caller closes. One program at a time may change a
 * workspace: opening it for work takes a lock that dies with the process; others may read it all
 * the while. All functions that can fail return 0 or -1 with an error that names the file. */
#ifndef ROWPOST_WORKSPACE_WORKSPACE_H
#define ROWPOST_WORKSPACE_WORKSPACE_H

#include <sqlite3.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "base/span.h"
#include "base/text.h"

struct workspace;

/* Opens the file for planning and makes it (0600) where it does not exist. A file that is not a
 * workspace, or of a newer version, or in use by another program, is refused and not changed.
 * `verb` is what a second program shows as the work of this one. */
struct workspace *workspace_open_or_create(const char *path, const char *verb, struct error *error);

/* Opens an existing workspace to continue work on it. */
struct workspace *workspace_open(const char *path, const char *verb, struct error *error);

/* Opens an existing workspace for reading; takes no lock and changes nothing. */
struct workspace *workspace_open_for_reading(const char *path, struct error *error);

void workspace_close(struct workspace *workspace);

/* From now on until the workspace is closed, all reads are of one moment, even if others write
 * meanwhile. */
int workspace_begin_read_transaction(struct workspace *workspace, struct error *error);

/* On a workspace that is open for reading: temporary tables of this connection may be made and
 * written. The caller writes nothing else. */
int workspace_allow_temporary_tables(struct workspace *workspace, struct error *error);

/* True where another process had the workspace open for work when it was opened for reading. */
bool workspace_is_at_work(const struct workspace *workspace);

const char *workspace_path(const struct workspace *workspace);

/* The database of the workspace, for the parts in this folder and for reports that read it. */
sqlite3 *workspace_database(struct workspace *workspace);

/* A transaction. What it holds is durable when workspace_commit() has returned 0. Beginning one
 * that is open, and ending one that is not, does nothing. */
int workspace_begin(struct workspace *workspace, struct error *error);
int workspace_commit(struct workspace *workspace, struct error *error);
void workspace_roll_back(struct workspace *workspace);

/* The write-ahead log, for everything but a plan (planning.c). */
int workspace_use_wal(struct workspace *workspace, struct error *error);

/* A named value, such as "source" or "rules". Reading one that is not there gives an empty text. */
int workspace_put_setting(struct workspace *workspace, const char *name, struct span value,
                          struct error *error);
int workspace_get_setting(struct workspace *workspace, const char *name, struct text *value,
                          struct error *error);

#endif
