/* The rows of campaigns: RELEASES joined with STATUS, all rows of one name behind each other, and
 * what each column says.
 *
 * A release_row's fields are copies in the arena of the campaign that they belong to. */
#ifndef ROWPOST_VALDB_RELEASES_H
#define ROWPOST_VALDB_RELEASES_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/span.h"
#include "base/text.h"
#include "source/source.h"
#include "valdb/rules.h"

enum release_field {
    FIELD_ID,
    FIELD_CATEGORY,
    FIELD_SUBCATEGORY,
    FIELD_RELEASE_NAME,
    FIELD_VERSION,
    FIELD_DATE,
    FIELD_STATUS_KIND,
    FIELD_VALIDATION_STATUS,
    FIELD_COMMENTS,
    FIELD_LINKS,
    FIELD_USER_NAME,
    FIELD_RELMON_URL,
    FIELD_COUNT
};

enum release_table {
    TABLE_CURRENT, /* RELEASES and STATUS */
    TABLE_EARLIER, /* RELEASES_LV and STATUS_LV */
    TABLE_COUNT
};

struct release_row {
    enum release_table table;
    struct span fields[FIELD_COUNT]; /* as text; null for null */
    unsigned numbers;                /* bit n: field n was a number in the source */
    enum { DATE_MISSING, DATE_GIVEN, DATE_UNREADABLE } date;
    int64_t moment; /* for DATE_GIVEN */
};

struct releases;

/* Starts the query; with the settings' `history` the earlier versions of each campaign follow its
 * rows. The caller closes it. */
struct releases *releases_open(struct rules *rules, struct error *error);
void releases_close(struct releases *releases);

/* 1: a row was read and `*name` is its campaign; 0: the end; -1: the error. The row stays where it
 * is until releases_take() or the next releases_next(). */
int releases_next(struct releases *releases, struct span *name, struct error *error);

/* Copies the current row into the arena. */
int releases_take(struct releases *releases, struct arena *arena, struct release_row *row,
                  struct error *error);

/* How many rows of a table have been read so far, and the query's number in the sink. */
int64_t releases_rows_read(const struct releases *releases, enum release_table table);
int releases_query(const struct releases *releases, enum release_table table);

/* The row as a JSON object, as it stood in the source. */
void releases_append_json(const struct release_row *row, struct text *out);

const char *releases_field_name(enum release_field field);

#endif
