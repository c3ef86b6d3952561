/* Authors: the people who wrote reports, found by name in the people directory.
 *
 * The legacy database knows a report's writer by full name (or login) alone; ValDB2 wants the
 * address of somebody who is registered, and drops who is not. `struct authors` owns its entries;
 * start from `{0}`, end with authors_free(). */
#ifndef ROWPOST_VALDB_AUTHORS_H
#define ROWPOST_VALDB_AUTHORS_H

#include "base/arena.h"
#include "base/map.h"
#include "valdb/rules.h"
#include "valdb/users.h"

struct author {
    const struct person *person; /* NULL: nobody, or several */
    struct span email;           /* lower case; null without a person */
    int64_t reports;             /* how many have asked for the name */
};

struct authors {
    struct arena arena;
    struct map by_name; /* of every name that was asked for */
};

void authors_free(struct authors *authors);

/* Who wrote a further report under that name (correction authors-resolved); the name must not be
 * empty. NULL with the error where memory ran out. */
const struct author *authors_find(struct authors *authors, struct rules *rules, struct span name,
                                  struct error *error);

/* Makes sure that the author is a user when the reports are posted (correction
 * authors-registered): adds them to `users` where no user has the address. */
int authors_register(const struct author *author, struct rules *rules, struct users *users,
                     struct error *error);

/* Tells the sink of every name that was asked for what came of it. */
int authors_tell(const struct authors *authors, struct rules *rules, struct error *error);

#endif
