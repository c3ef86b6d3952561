/* The file that a snapshot is written into: a SQLite database under a temporary name,
 * `PATH.partial`, that gets its own name when it is whole. Half a copy never stands under that
 * name.
 *
 * copy_file_create() gives a file that the caller ends with copy_file_publish() or
 * copy_file_discard(), which free it. Between them: tables and rows, then copy_file_seal(), after
 * which it is complete on the disk and can be read back. What a run that was killed has left under
 * the temporary name is overwritten; two runs at a time are kept apart by a lock. Files have mode
 * 0600. Errors of the disk are ERROR_DISK and name the file. */
#ifndef ROWPOST_SNAPSHOT_COPY_FILE_H
#define ROWPOST_SNAPSHOT_COPY_FILE_H

#include <stdbool.h>

#include "base/error.h"
#include "snapshot/shape.h"
#include "source/source.h"

struct copy_file;

enum copy_existing { COPY_REFUSE_EXISTING, COPY_REPLACE_EXISTING };

/* A file of that name is ERROR_USAGE, unless it is to be replaced. */
struct copy_file *copy_file_create(const char *path, enum copy_existing existing,
                                   struct error *error);

/* The temporary name, for reading back. */
const char *copy_file_partial_path(const struct copy_file *file);

/* Makes the table; the rows that follow go into it. */
int copy_file_begin_table(struct copy_file *file, const struct shape *shape, struct error *error);

/* Adds a row of as many values as the shape has columns. 1: it is there; 0: the table has a row
 * with this key already; -1: the error. */
int copy_file_add_row(struct copy_file *file, const struct value *values, size_t count,
                      struct error *error);

/* One line of the table `snapshot`, which says what the file holds and where it is from. */
struct copy_note {
    const char *table;
    int64_t rows;
    const char *checksum;
    const char *source;
    const char *taken; /* UTC */
    bool is_still;     /* all tables are of one moment */
};

int copy_file_note(struct copy_file *file, const struct copy_note *note, struct error *error);

int copy_file_seal(struct copy_file *file, struct error *error);

/* Gives the sealed file its name, durably. */
int copy_file_publish(struct copy_file *file, struct error *error);

/* Removes what was written. NULL is allowed. */
void copy_file_discard(struct copy_file *file);

#endif
