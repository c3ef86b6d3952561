/*
 * A list as the query asks for it: ?search=&sort=&skip=&limit=
 *
 * `sort` has to be there, though it may be empty: `field:asc,field:desc`. `search` is a regular
 * expression that ignores case. A listing is opened, given rows, written and closed; after a failed
 * listing_open() it is only closed, and the answer is 500.
 */
#ifndef STANDIN_LISTING_H
#define STANDIN_LISTING_H

#include "request.h"

/* How texts are ordered: by their bytes, or ignoring case and with runs of digits as numbers. */
enum listing_order { LISTING_BY_BYTES, LISTING_BY_NUMBERS };

enum { LISTING_SORTS = 4 };

struct listing_sort {
    char field[32];
    int direction; /* 1 ascending, -1 descending */
};

struct listing_row;

struct listing {
    enum listing_order order;
    void *expression; /* NULL: everything is wanted */
    void *match;
    struct listing_sort sorts[LISTING_SORTS];
    int sort_count;
    size_t skip;
    size_t limit;
    struct text records;
    struct listing_row *rows;
    size_t row_count;
    size_t row_room;
};

/* 0, or -1 where the real server stops on such a query. */
int listing_open(struct listing *listing, const struct request *request, enum listing_order order);

/* Whether the search finds either text; a text may have no value. */
bool listing_wants(const struct listing *listing, struct slice one, struct slice other);

/* Takes a record, JSON text. 1: the list is full, no more is needed. */
int listing_add(struct listing *listing, struct slice record);

/* Writes the list as a JSON array. */
void listing_write(struct listing *listing, struct text *out);

void listing_close(struct listing *listing);

#endif
