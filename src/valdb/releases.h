/* The rows of campaigns: RELEASES joined with STATUS, all rows of one name in a row, and the
 * content of each column.
 *
 * A row of RELEASES comes with each row of STATUS that has its id, or without one. A release_row's
 * fields are copies in the arena of the campaign that they belong to. */
#ifndef ROWPOST_VALDB_RELEASES_H
#define ROWPOST_VALDB_RELEASES_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/span.h"
#include "base/text.h"
#include "valdb/rules.h"

struct release_row {
    bool is_earlier;                           /* of RELEASES_LV and STATUS_LV */
    struct span release[RELEASES_FIELD_COUNT]; /* as text; null for null */
    struct span status[STATUS_FIELD_COUNT];
    unsigned numbers; /* bit n: value n of both is a number in the source */
    bool has_moment;
    int64_t moment;         /* its date */
    int64_t release_number; /* staging's, of the rows */
    int64_t status_number;
    bool status_is_rejected;
    struct span reason; /* why it is */
};

struct releases;

/* Joins the tables and starts reading; with the option `history` the earlier versions of each
 * campaign follow its rows. The caller closes it. */
struct releases *releases_open(struct rules *rules, struct error *error);
void releases_close(struct releases *releases);

/* 1: a row was read and `*name` is its campaign (never null); 0: the end; -1: the error. Two sorts
 * of rows of RELEASES are left out. Those with a value that is not of its column's type are
 * rejected with their rows of STATUS; those without a row of STATUS are skipped. The row stays
 * where it is until the next releases_next(). */
int releases_next(struct releases *releases, struct span *name, struct error *error);

/* Copies the current row into the arena. A row of STATUS with a value that is not of its column's
 * type is rejected. */
int releases_take(struct releases *releases, struct arena *arena, struct release_row *row,
                  struct error *error);

/* Settles the rows of STATUS that no row of RELEASES refers to; at the end. */
int releases_settle_rest(struct rules *rules, struct error *error);

/* The two rows that a release_row is made of. */
enum release_side { SIDE_RELEASE, SIDE_STATUS };

struct ledger_row releases_row(const struct rules *rules, const struct release_row *row,
                               enum release_side side);
void releases_append_json(const struct release_row *row, enum release_side side, struct text *out);

/* "its row of RELEASES is rejected: ...": why the row on the one side is rejected where the fault
 * is on the other side; clears `out`. */
void releases_explain_partner(const struct release_row *row, enum release_side fault,
                              struct span reason, struct text *out);

#endif
