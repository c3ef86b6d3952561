/* A people directory that is asked by name: an LDAP server behind a cache.
 *
 * First every name that will matter is told to directory_want(), then directory_ask() finds them
 * all: from the cache what was asked before, the rest by filters for many names at once, never a
 * request for each. A name stands for whoever has it as login or as full name. Names are compared
 * here, too, by fold_key(): a server may be looser than that. Who was asked for and
 * is not there is remembered as well.
 *
 * directory_create() gives a directory that the caller frees; `access` and what it points to are
 * borrowed. Entries live as long as the directory. */
#ifndef ROWPOST_PEOPLE_DIRECTORY_H
#define ROWPOST_PEOPLE_DIRECTORY_H

#include "people/directory_entry.h"
#include "people/directory_place.h"
#include "people/people.h"

struct directory;

/* Looks at the location alone; nothing is asked yet. NULL with the error. */
struct directory *directory_create(const char *location, const struct people_access *access,
                                   struct error *error);
void directory_free(struct directory *directory);

/* Notes a name or a login; an empty one is nobody's. */
int directory_want(struct directory *directory, struct span name, struct error *error);

/* Finds everybody, then hands each entry on once, in the order of logins, so that it does not
 * matter what the cache had. */
int directory_ask(struct directory *directory,
                  int (*take)(void *context, const struct directory_entry *entry,
                              struct error *error),
                  void *context, struct error *error);

/* "ldap://host:389/dc=example": for people. */
const struct directory_place *directory_get_place(const struct directory *directory);

#endif
