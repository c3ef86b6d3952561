/* A staging that is open, and the part of it that reads a SQLite file where it is. */
#ifndef ROWPOST_STAGING_STAGING_PRIVATE_H
#define ROWPOST_STAGING_STAGING_PRIVATE_H

#include "base/date.h"
#include "staging/staging.h"
#include "staging/table_set_private.h"
#include "staging/typed_view_private.h"

struct staged_table {
    struct view_source view;
    struct text place; /* holds what the view's source borrows */
    int64_t padded;    /* rows with a word or a key that ends in blanks */
};

struct staging {
    struct table_set set;
    struct staged_table *tables; /* one for each entry of the set */
    struct staged_file *file;    /* NULL: the source is read in place */
    sqlite3 *database;
    bool is_kept; /* the file becomes a snapshot */
    char taken[DATE_MOMENT_SIZE];
    struct statement_explainer explainer;
    struct typed_functions functions;
    bool (*is_over)(void *context);
    void *watch_context;
};

/* Calls `visit` for each table that the source has, until it fails. */
int staging_each_table(struct staging *staging,
                       int (*visit)(struct staging *, struct table_entry *, struct staged_table *,
                                    struct error *),
                       struct error *error);

/* ---- in_place.c: the connection is that of the source ---- */

/* Finds where the view of each table reads its rows. */
int in_place_open(struct staging *staging, struct error *error);

/* The rows of a table that its condition leaves there. */
int in_place_count_left(const struct staging *staging, struct table_entry *entry,
                        struct error *error);

/* The connection is as it was. */
void in_place_close(struct staging *staging);

#endif
