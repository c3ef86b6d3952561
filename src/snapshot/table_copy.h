/* One table on its way: from the source into the file, and back for the check. */
#ifndef ROWPOST_SNAPSHOT_TABLE_COPY_H
#define ROWPOST_SNAPSHOT_TABLE_COPY_H

#include <stdint.h>

#include "base/error.h"
#include "snapshot/copy_file.h"
#include "snapshot/row_digest.h"
#include "source/source.h"

/* Whom a table's copying tells, and who may stop it. */
struct table_watch {
    void *context;
    /* Called for each row; -1 with the error ends the work. */
    int (*see_row)(void *context, struct error *error);
    /* What a person should know and what stops nothing. */
    void (*warn)(void *context, const char *text);
};

struct table_sum {
    int64_t rows;
    char checksum[ROW_DIGEST_TEXT_SIZE];
};

/* Copies the source's table of that name into a new one of the file. A value that its column cannot
 * hold, and a key that stands twice, are ERROR_SOURCE with the row's name. */
int table_copy(struct source *source, const char *table, struct copy_file *file,
               const struct table_watch *watch, struct table_sum *sum, struct error *error);

/* Reads the rows of a table as a source gives them. */
int table_read_back(struct source *copy, const char *table, const struct table_watch *watch,
                    struct table_sum *sum, struct error *error);

/* `SELECT COUNT(*)`, of the rows that meet the condition (" WHERE ...", or ""). */
int table_count(struct source *source, const char *table, const char *condition, int64_t *count,
                struct error *error);

#endif
