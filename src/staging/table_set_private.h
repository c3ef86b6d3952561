/* The tables of a source that are staged together: chosen, counted by the source, copied and
 * checked, with a progress line, and stopped where the user asks. The one path of `plan` and of
 * `snapshot`.
 *
 * `struct table_set` starts from `{.source, .warn, .warn_context}`; after table_set_open(), whether
 * or not it succeeded, it ends with table_set_close(). */
#ifndef ROWPOST_STAGING_TABLE_SET_PRIVATE_H
#define ROWPOST_STAGING_TABLE_SET_PRIVATE_H

#include "base/progress.h"
#include "staging/shape_private.h"
#include "staging/staged_file_private.h"

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

struct table_entry {
    struct shape shape; /* `table` is NULL for an optional table that is not there */
    struct table_measure measure;
    struct table_sum sum;
};

struct table_set {
    struct source *source;
    struct table_entry *entries; /* one for each table that was asked for */
    size_t count;
    bool is_reading; /* inside the source's read transaction */
    bool is_one_moment;
    void (*warn)(void *context, const char *text); /* of what stops nothing; NULL: nobody asks */
    void *warn_context;
    struct progress progress;
    uint64_t rows; /* seen so far, of those that the progress line counts */
};

struct table_choice {
    const struct table *tables; /* declared */
    size_t table_count;
    const char *const *names; /* which, as the source knows them; NULL: those that are declared */
    size_t name_count;
    const char *schema; /* before the names; NULL: the source's own */
    enum shape_extent extent;
};

/* Finds the tables of the set's source and begins to read them as of one moment. A declared table
 * that is optional may be missing. */
int table_set_open(struct table_set *set, const struct table_choice *choice, struct error *error);

/* What the source counts, to be compared with a copy: the rows, and the bytes of texts. */
int table_set_measure(struct table_set *set, struct error *error);

/* Copies all of them into the file, with their sums where it is a snapshot. */
enum table_sums { TABLE_SUMS_MADE, TABLE_SUMS_SPARED };
int table_set_copy(struct table_set *set, struct staged_file *file, enum table_sums sums,
                   struct error *error);

/* Counts a row for the progress line; ERROR_INTERRUPTED where the user asks to stop. */
int table_set_see_row(struct table_set *set, struct error *error);

/* One table on its way (table_copy.c): into a new one of the file, with its sum. A value that is
 * not of its column's type is copied unchanged, and reported. ERROR_SOURCE where what arrives is
 * not what the source counts. */
int table_copy(struct table_set *set, struct table_entry *entry, struct staged_file *file,
               enum table_sums sums, struct error *error);

/* And back for the check: the rows of a table of a snapshot as a source gives them. */
int table_read_back(struct table_set *set, struct source *copy, const char *table,
                    struct table_sum *sum, struct error *error);

/* Makes a snapshot of the file: notes the sums, seals it and reads it back by the way of a source.
 */
int table_set_seal(struct table_set *set, struct staged_file *file, const char *taken,
                   struct error *error);

/* Ends the reading: fails where a source that was read without locks has changed. */
int table_set_finish(struct table_set *set, struct error *error);

void table_set_close(struct table_set *set);

#endif
