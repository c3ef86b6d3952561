/* What two workspaces have under one name, compared side by side.
 *
 * A list of each workspace is read in the order of its names, and the two are merged as they are
 * read, so that memory does not grow with the plans. Both workspaces are open for reading; the
 * caller calls workspace_begin_read_transaction() for both, or the lists may be of different
 * moments.
 *
 *     struct pairing *pairing = pairing_open(sides, PAIRING_ROWS, error);
 *     while ((rc = pairing_next(pairing, error)) == 1) {
 *         ... pairing_result(pairing), pairing_text(pairing, side, column) ...
 *     }
 *     pairing_close(pairing); */
#ifndef ROWPOST_WORKSPACE_PAIRING_H
#define ROWPOST_WORKSPACE_PAIRING_H

#include "base/error.h"
#include "base/span.h"
#include "workspace/workspace.h"

enum pairing_side { PAIRING_FIRST, PAIRING_SECOND, PAIRING_SIDES };

/* The columns are in `enum pairing_column`. The names of an entry are its first two columns, or
 * its first one. */
enum pairing_of {
    PAIRING_SETTINGS,    /* name; value. Without what depends only on the moment */
    PAIRING_TABLES,      /* table; rows, used, skipped, rejected */
    PAIRING_DOCUMENTS,   /* kind, key; body, as the last plan has it */
    PAIRING_ROWS,        /* table, row; outcome, reason or rule, kind and key of its document */
    PAIRING_CORRECTIONS, /* kind, id; times */
    PAIRING_SKIPS,       /* table, rule; rows */
    PAIRING_COUNT
};

/* The column of the first value: of settings and tables, and of the others. */
enum { PAIRING_NAME, PAIRING_SECOND_NAME };
enum { SETTING_VALUE = 1, TABLE_ROWS = 1 };
enum { ENTRY_VALUE = 2 };
enum compared_row { COMPARED_OUTCOME = 2, COMPARED_BECAUSE, COMPARED_KIND, COMPARED_KEY };

enum pairing_result {
    PAIRING_EQUAL,
    PAIRING_DIFFERENT, /* both have the name, with other values */
    PAIRING_ONLY_FIRST,
    PAIRING_ONLY_SECOND,
    PAIRING_RESULTS
};

struct pairing;

/* NULL with the error. The workspaces are borrowed. */
struct pairing *pairing_open(struct workspace *const sides[PAIRING_SIDES], enum pairing_of which,
                             struct error *error);
void pairing_close(struct pairing *pairing); /* NULL is allowed */

/* 1: there is an entry, which may be equal on both sides; 0: the end; -1: the error,
 * ERROR_WORKSPACE where a file gives its rows in an order that no workspace has. */
int pairing_next(struct pairing *pairing, struct error *error);

enum pairing_result pairing_result(const struct pairing *pairing);

/* A value of the entry, until the next one; null for null, and where that side has no entry. */
struct span pairing_text(const struct pairing *pairing, enum pairing_side side, int column);

/* A name of the entry, from a side that has it. */
struct span pairing_name(const struct pairing *pairing, int column);

#endif
