/* Who is looked up in the people directory: named to it beforehand, so that a directory on a server
 * is asked for many at once; and told afterwards, name by name, to whoever keeps the account. */
#ifndef ROWPOST_VALDB_LOOKUPS_H
#define ROWPOST_VALDB_LOOKUPS_H

#include "valdb/rules.h"

/* Asks a directory on a server for every login and every author that the plan can come to look up.
 * Does nothing where the people directory is made of lists, or under the notebook's rules, which
 * look nobody up. */
int lookups_ask(struct rules *rules, struct error *error);

/* The directory's full name for a login, or null: nobody has the login, their entry has no name, or
 * two entries differ. Tells the sink which. The name lives as long as the directory. */
int lookups_find_fullname(struct rules *rules, enum valdb_kind kind, struct span login,
                          struct span *fullname, struct error *error);

/* The one person of that name or login whose address ValDB2 would take, or NULL. */
const struct person *lookups_find_author(struct rules *rules, struct span name);

/* Tells the sink what came of an author's name that stood under `reports` reports. */
int lookups_tell_author(struct rules *rules, struct span name, int64_t reports,
                        struct error *error);

/* True for what the legacy site writes where it does not know the person: nobody, whoever the
 * directory may have under that name. */
bool lookups_is_nobody(struct span name);

#endif
