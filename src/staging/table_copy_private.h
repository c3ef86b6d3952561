/* One table on its way: from the source into a staged file, and back for the check. */
#ifndef ROWPOST_STAGING_TABLE_COPY_PRIVATE_H
#define ROWPOST_STAGING_TABLE_COPY_PRIVATE_H

#include <stdint.h>

#include "base/error.h"
#include "source/source.h"
#include "staging/shape_private.h"
#include "staging/snapshot.h"
#include "staging/staged_file_private.h"

/* The observer of the rows of a table, which may stop the work. */
struct table_watch {
    void *context;
    /* Called for each row; -1 with the error ends the work. */
    int (*see_row)(void *context, struct error *error);
    /* What a person should know and what stops nothing; NULL: nobody asks. */
    void (*warn)(void *context, const char *text);
};

/* What the source itself counts of a table. */
struct table_measure {
    int64_t rows;   /* that are read */
    int64_t left;   /* that the declaration's condition leaves at the source */
    int64_t *bytes; /* of the texts of each column of the shape, or -1 */
};

/* What a person can compare: the checksum does not depend on the order of the rows. */
struct table_sum {
    int64_t rows;
    char checksum[SNAPSHOT_CHECKSUM_SIZE];
};

/* Copies the table into a new one of the file. A value that is not of its column's type is copied
 * unchanged, and reported. ERROR_SOURCE where what arrives is not what the source counts. `sum` may
 * be NULL, which saves the checksum. */
int table_copy(struct source *source, const struct shape *shape,
               const struct table_measure *measure, struct staged_file *file,
               const struct table_watch *watch, struct table_sum *sum, struct error *error);

/* Reads the rows of a table of a snapshot as a source gives them. */
int table_read_back(struct source *copy, const char *table, const struct table_watch *watch,
                    struct table_sum *sum, struct error *error);

#endif
