/* The people directory: from a name or a login to an address and a full name.
 *
 * people_create() gives a directory that the caller frees; people_load() adds a list to it, and
 * what was added first wins where a login stands twice (a full name that comes later is one more
 * name of that person). Persons live as long as the directory.
 * Full names have their blanks folded (runs of white space become one blank, none at the ends).
 * Loading finishes before looking up starts. A directory kept elsewhere (LDAP) is another scheme
 * in people_load()'s table. */
#ifndef ROWPOST_PEOPLE_PEOPLE_H
#define ROWPOST_PEOPLE_PEOPLE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/span.h"
#include "base/text.h"

struct person {
    struct span login;
    struct span email;    /* as the list has it; may be empty */
    struct span fullname; /* blanks folded; null where the list has none */
    const char *list;     /* the file it came from */
    size_t line;          /* and its first line there, from 1 */
};

enum people_match { PEOPLE_NOBODY, PEOPLE_ONE, PEOPLE_SEVERAL };

struct people;

/* NULL where memory ran out. */
struct people *people_create(void);
void people_free(struct people *people);

/* `location` is a CSV file: header `user_name,email,fullname` (any order, case ignored, further
 * columns ignored), RFC 4180, UTF-8 with or without BOM. ERROR_INPUT names file and line. */
int people_load(struct people *people, const char *location, struct error *error);

/* The person with that login (case and surrounding blanks ignored), or NULL. */
const struct person *people_find_login(const struct people *people, struct span login);

/* The person whose full name or login equals `name`, blanks folded and case ignored (Unicode
 * simple lower case). Entries with one address (case ignored) are one person; an entry whose
 * address `is_address` (given `context`) does not accept is nobody. `*person` is set only for
 * PEOPLE_ONE. */
enum people_match people_find_name(const struct people *people, struct span name,
                                   bool (*is_address)(void *context, struct span address),
                                   void *context, const struct person **person);

/* Runs of white space become one blank, none at the ends; appended to `out`. */
void people_fold_blanks(struct span name, struct text *out);

#endif
