/* Who is looked up in the people directory: the full name of a login, and the author of a report.
 *
 * The legacy database knows a report's author only by full name (or login); ValDB2 wants the
 * address of somebody who is registered, and drops who is not. */
#ifndef ROWPOST_VALDB_LOOKUPS_H
#define ROWPOST_VALDB_LOOKUPS_H

#include "base/arena.h"
#include "base/map.h"
#include "valdb/rules.h"
#include "valdb/users.h"

/* Asks a directory on a server for every login and every author that the plan can come to look up:
 * those of `valdb_login` (steps_private.h) and of STATUS. Does nothing where the people directory
 * is made of lists, or under the notebook's rules, which look nobody up. */
int lookups_ask(struct rules *rules, struct error *error);

/* The directory's full name for a login, or null: nobody has the login, their entry has no name, or
 * two entries differ. Puts which of these it is. The name lives as long as the directory. */
int lookups_find_fullname(struct rules *rules, enum valdb_kind kind, struct span login,
                          struct span *fullname, struct error *error);

/* Warns where the login is nearly one of the directory, or has characters that cannot be seen. */
int lookups_explain(struct rules *rules, enum valdb_kind kind, struct span login,
                    struct error *error);

struct author {
    const struct person *person; /* NULL: nobody, or several */
    struct span email;           /* lower case; null without a person */
    int64_t reports;             /* how many have asked for the name */
};

/* Owns its entries; start from `{0}`, end with authors_free(). */
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

/* Puts what came of every name that was asked for. */
int authors_report(const struct authors *authors, struct rules *rules, struct error *error);

#endif
