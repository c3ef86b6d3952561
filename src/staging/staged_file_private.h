/* The SQLite file that tables are copied into.
 *
 * A snapshot is written under a temporary name, `PATH.partial`, and gets its own name when it is
 * whole; a file for one plan has no name at all, so that nothing is left of it however the program
 * ends. Both have mode 0600.
 *
 * staged_file_create() and staged_file_create_nameless() give a file that the caller closes with
 * staged_file_close(), which removes what was not published. Between them: tables and rows, then
 * staged_file_commit(); a snapshot then staged_file_note(), staged_file_seal() and
 * staged_file_publish(). What a run that was killed has left under the temporary name is
 * overwritten; two runs at a time are kept apart by a lock. Errors of the disk are ERROR_DISK and
 * name the file. */
#ifndef ROWPOST_STAGING_STAGED_FILE_PRIVATE_H
#define ROWPOST_STAGING_STAGED_FILE_PRIVATE_H

#include <sqlite3.h>
#include <stdbool.h>

#include "base/error.h"
#include "source/source.h"
#include "staging/shape_private.h"
#include "staging/snapshot.h"

struct staged_file;

/* A file of that name is ERROR_USAGE, unless it is to be replaced. */
struct staged_file *staged_file_create(const char *path, enum snapshot_existing existing,
                                       struct error *error);

/* In the folder of `neighbor`; NULL: in SQLite's folder for temporary files. */
struct staged_file *staged_file_create_nameless(const char *neighbor, struct error *error);

/* The connection, open as long as the file. */
sqlite3 *staged_file_database(const struct staged_file *file);

/* The temporary name, for reading back. */
const char *staged_file_partial_path(const struct staged_file *file);

/* Makes the table; the rows that follow go into it. */
int staged_file_begin_table(struct staged_file *file, const struct shape *shape,
                            struct error *error);

/* Adds a row of as many values as the shape has columns. */
int staged_file_add_row(struct staged_file *file, const struct value *values, size_t count,
                        struct error *error);

/* Ends the writing of tables: they can be queried. */
int staged_file_commit(struct staged_file *file, struct error *error);

/* One line of the table `snapshot`, which records what the file holds and where it is from. */
struct staged_note {
    const char *table;
    int64_t rows;
    const char *checksum;
    const char *source;
    const char *taken;  /* UTC */
    bool is_one_moment; /* all tables are of one moment */
};

int staged_file_note(struct staged_file *file, const struct staged_note *note, struct error *error);

/* All of it is on the disk. */
int staged_file_seal(struct staged_file *file, struct error *error);

/* Gives the sealed file its name, durably. */
int staged_file_publish(struct staged_file *file, struct error *error);

void staged_file_close(struct staged_file *file); /* NULL is allowed */

#endif
