/* A snapshot: tables of a source, copied into a SQLite file in the layout of the legacy site's own
 * backup, and checked.
 *
 * The source is held still where it can be, its rows are counted by the database, copied one at a
 * time, and what was written is read back by the reader that a plan would use. Each table has to
 * have as many rows as the database counted, and the same checksum on the way in and on the way
 * back. Memory does not grow with the rows. */
#ifndef ROWPOST_SNAPSHOT_SNAPSHOT_H
#define ROWPOST_SNAPSHOT_SNAPSHOT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/date.h"
#include "base/error.h"
#include "base/text.h"
#include "snapshot/copy_file.h"
#include "snapshot/table_copy.h"
#include "source/source.h"

enum { SNAPSHOT_MOST_TABLES = 64 };

struct snapshot_order {
    const char *path;
    enum copy_existing existing;

    /* The tables as the source knows them, with a schema or without; none: the six of the legacy
     * site, of which those of earlier versions may be missing. */
    const char *const *tables;
    size_t table_count;

    /* Told what a person should know and what stops nothing; `context` is handed through. */
    void (*warn)(void *context, const char *text);
    void *context;
};

struct snapshot_table {
    struct text name; /* in the snapshot */
    struct table_sum sum;
};

struct snapshot {
    struct snapshot_table tables[SNAPSHOT_MOST_TABLES];
    size_t table_count;
    int64_t rows;
    bool is_still; /* all tables are of one moment */
    char taken[DATE_MOMENT_SIZE];
};

/* Takes the snapshot and fills `snapshot`, which the caller frees either way. Where it fails, or
 * where the user asks to stop, nothing stands under the path that did not before. ERROR_USAGE: the
 * file is there, or the order cannot be; ERROR_SOURCE: a table is missing, a row cannot be held, or
 * the source changed meanwhile; ERROR_DISK: it cannot be written, or is not read back as it was. */
int snapshot_take(const struct snapshot_order *order, struct source *source,
                  struct snapshot *snapshot, struct error *error);
void snapshot_free(struct snapshot *snapshot);

#endif
