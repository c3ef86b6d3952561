/* A snapshot: tables of a source, copied into a SQLite file and checked.
 *
 * The source is read as of one moment where it can be; its rows and the bytes of its texts are
 * counted by the database, copied, and read back by the reader that a plan would use. Each table
 * has to have what the database counted, and the same checksum on the way in and on the way back.
 * Memory does not grow with the rows.
 *
 * Tables and columns have their declared names, or else those of the source in lower case. Columns
 * have no declared type and tables no key, so that every value and every row is held. */
#ifndef ROWPOST_STAGING_SNAPSHOT_H
#define ROWPOST_STAGING_SNAPSHOT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/date.h"
#include "base/error.h"
#include "base/text.h"
#include "source/source.h"
#include "staging/table.h"

enum { SNAPSHOT_MOST_TABLES = 64, SNAPSHOT_CHECKSUM_SIZE = 65 };

enum snapshot_existing { SNAPSHOT_REFUSE_EXISTING, SNAPSHOT_REPLACE_EXISTING };

struct snapshot_order {
    const char *path;
    enum snapshot_existing existing;

    /* What a migration declares; optional tables may be missing. */
    const struct table *declared;
    size_t declared_count;

    /* The tables that are copied, as the source knows them, with a schema or without; none: those
     * that are declared. One that is not declared is copied as it is. */
    const char *const *tables;
    size_t table_count;

    /* Called with warnings for people, which stop nothing; `context` is handed through. */
    void (*warn)(void *context, const char *text);
    void *context;
};

struct snapshot_table {
    struct text name; /* in the snapshot */
    int64_t rows;
    char checksum[SNAPSHOT_CHECKSUM_SIZE];
};

struct snapshot {
    struct snapshot_table tables[SNAPSHOT_MOST_TABLES];
    size_t table_count;
    int64_t rows;
    bool is_one_moment; /* all tables are of one moment */
    char taken[DATE_MOMENT_SIZE];
};

/* Takes the snapshot and fills `snapshot`, which the caller frees either way. Where it fails, or
 * where the user asks to stop, nothing is under the path that was not there before. ERROR_USAGE:
 * the file is there, the order cannot be, or a table is missing; ERROR_SOURCE: what arrives is not
 * what the source counts, or the source changed meanwhile; ERROR_DISK: it cannot be written, or is
 * not read back as it was. */
int snapshot_take(const struct snapshot_order *order, struct source *source,
                  struct snapshot *snapshot, struct error *error);
void snapshot_free(struct snapshot *snapshot);

#endif
