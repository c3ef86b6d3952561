/* The people directory: from a name or a login to an address and a full name.
 *
 * people_create() gives a directory that the caller frees; people_load() adds a list to it, and
 * what was added first wins where a login stands twice (a full name that comes later is one more
 * name of that person). Persons live as long as the directory.
 * Full names have their blanks folded (runs of white space become one blank, none at the ends).
 * Loading finishes before looking up starts.
 *
 * A directory that is kept by a server (LDAP) is too large to be loaded: it is named by
 * people_load() and asked once, by people_ask(), for everybody whom people_want() has named before.
 * Then it answers as a list of those people would. */
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
    const char *list;     /* the file or the server it came from */
    size_t line;          /* its first line in a file, from 1 */
    struct span entry;    /* its DN on a server; null in a list */
    size_t addresses;     /* how many the directory has; `email` is the first */
};

enum people_match { PEOPLE_NOBODY, PEOPLE_ONE, PEOPLE_SEVERAL };

/* Where the answers of a server are kept, so that it need not be asked again. `directory` and
 * `name` are the key, `answer` is a text that means nothing to the keeper. Spans live for the call
 * only. Both functions may be NULL: nothing is kept. */
struct people_cache {
    void *context;
    /* 1: appended to `answer`; 0: not kept; or -1 with the error. */
    int (*find)(void *context, struct span directory, struct span name, struct text *answer,
                struct error *error);
    /* Keeps the answer in place of an earlier one. */
    int (*keep)(void *context, struct span directory, struct span name, struct span answer,
                struct error *error);
};

enum { PEOPLE_PATIENCE = 30 };

/* How a directory on a server is asked. */
struct people_access {
    const char *attributes; /* as directory_place.h says; NULL: the defaults */
    const char *bind_dn;    /* NULL: anonymously */
    struct span password;
    const char *ca_file; /* NULL: the system's certificates */
    bool starttls;
    bool insecure; /* certificates are not verified */
    bool refresh;  /* the cache is not asked, and filled anew */
    long patience; /* seconds for connecting, and for every silence of the server */
    struct people_cache cache;
};

/* How a server is asked where nothing is said of it. */
extern const struct people_access people_anonymous;

struct people;

/* NULL where memory ran out. */
struct people *people_create(void);
void people_free(struct people *people);

/* Says how servers are asked, before one is loaded; borrowed. Without it, anonymously. */
void people_set_access(struct people *people, const struct people_access *access);

/* `location` is a CSV file: header `user_name,email,fullname` (any order, case ignored, further
 * columns ignored), RFC 4180, UTF-8 with or without BOM; ERROR_INPUT names file and line. Or it is
 * `ldap://HOST[:PORT]/BASE` or `ldaps://...` (directory_place.h), of which one may be loaded;
 * nothing is asked yet. */
int people_load(struct people *people, const char *location, struct error *error);

/* True where people_want() and people_ask() have a purpose: a server was loaded. */
bool people_is_asked(const struct people *people);

/* Notes a name or a login that will be looked up. */
int people_want(struct people *people, struct span name, struct error *error);

/* Asks the server for all of them. ERROR_SOURCE where it cannot be reached or does not answer. */
int people_ask(struct people *people, struct error *error);

/* The person with that login (case and surrounding blanks ignored), or NULL. */
const struct person *people_find_login(const struct people *people, struct span login);

/* The person whose full name or login equals `name`, blanks folded and case ignored (Unicode
 * simple lower case). Entries with one address (case ignored) are one person; an entry whose
 * address `is_address` (given `context`) does not accept is nobody. `*person` is set only for
 * PEOPLE_ONE. */
enum people_match people_find_name(const struct people *people, struct span name,
                                   bool (*is_address)(void *context, struct span address),
                                   void *context, const struct person **person);

/* Calls `tell` for each person whom people_find_name() weighs under that name, those without an
 * accepted address included; in the order in which they were added. */
void people_each_namesake(const struct people *people, struct span name,
                          void (*tell)(void *context, const struct person *person), void *context);

/* Where the person stands: `people.csv, line 2`, or `ldap://host:389, cn=jdoe,dc=example`; appended
 * to `out`. */
void people_append_origin(const struct person *person, struct text *out);

/* Runs of white space become one blank, none at the ends; appended to `out`. */
void people_fold_blanks(struct span name, struct text *out);

#endif
