/* The people directory: from a name or a login to an address and a full name.
 *
 * people_create() gives a directory that the caller frees; people_load() adds a list to it, and
 * what was added first wins where a login is there twice (a full name that comes later is one more
 * name of that person). Loading finishes before looking up starts.
 *
 * Lists are kept in a temporary file (store_private.h), so that their length is no matter. A person
 * who was found lives as long as the directory, with all its spans: memory grows with the persons
 * who are found, not with those who are listed. A look-up that fails finds nobody, and so do all
 * after it; people_check() reports it at the end.
 *
 * Logins and names are compared by their keys (fold_key() in base/fold.h): blanks, case, invisible
 * characters and the Unicode form do not count.
 *
 * A directory that is kept by a server (LDAP) is too large to be loaded: it is named by
 * people_load() and asked once, by people_ask(), for everybody that people_want() has named before.
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
    struct span login;    /* as fold_spelling() has it */
    struct span email;    /* without blanks around it and without `mailto:`; may be empty */
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

enum { PEOPLE_TIMEOUT = 30 };

/* How a directory on a server is asked. */
struct people_access {
    const char *attributes; /* as in directory_private.h; NULL: the defaults */
    const char *bind_dn;    /* NULL: anonymously */
    struct span password;
    const char *ca_file; /* NULL: the system's certificates */
    bool starttls;
    bool insecure; /* certificates are not verified */
    bool refresh;  /* the cache is not asked, and filled again */
    long patience; /* seconds for connecting, and for every silence of the server */
    struct people_cache cache;
};

/* How a server is asked where the caller sets nothing. */
extern const struct people_access people_anonymous;

struct people;

/* NULL where memory ran out. */
struct people *people_create(void);
void people_free(struct people *people);

/* Sets how servers are asked, before one is loaded; borrowed. Without it, anonymously. */
void people_set_access(struct people *people, const struct people_access *access);

/* `location` is a list (list.h): a CSV file. ERROR_INPUT names file and line, ERROR_DISK that there
 * is no room for the temporary file. Warnings are logged: characters that cannot be seen, a login
 * with another address (the first one counts), the column names once more. Or it is
 * `ldap://HOST[:PORT]/BASE` or `ldaps://...` (directory_private.h); one of those may be loaded, and
 * nothing is asked yet. After an error the directory can only be freed. */
int people_load(struct people *people, const char *location, struct error *error);

/* True where people_want() and people_ask() have a purpose: a server was loaded. */
bool people_is_asked(const struct people *people);

/* Notes a name or a login that will be looked up. */
int people_want(struct people *people, struct span name, struct error *error);

/* Asks the server for all of them. ERROR_SOURCE where it cannot be reached or does not answer. */
int people_ask(struct people *people, struct error *error);

/* The person with that login, or NULL. */
const struct person *people_find_login(struct people *people, struct span login);

/* The person whose full name or login is `name`. Entries with one address (case ignored) are one
 * person; an entry whose address `is_address` (given `context`) does not accept is left out.
 * `*person` is set only for PEOPLE_ONE. */
enum people_match people_find_name(struct people *people, struct span name,
                                   bool (*is_address)(void *context, struct span address),
                                   void *context, const struct person **person);

/* Calls `report` for each person that people_find_name() weighs under that name, those without an
 * accepted address included; in the order in which they were added. `report` must not look anybody
 * up. */
void people_each_namesake(struct people *people, struct span name,
                          void (*report)(void *context, const struct person *person),
                          void *context);

/* Describes what is unusual about a login of the database, for a warning: it has characters that
 * cannot be seen, or nobody has it and somebody's is nearly the same (fold_likeness()). Appends a
 * sentence that shows the characters, such as `nobody has the login "jsmith"; people.csv, line 7
 * has "j.smith"`, and returns true; false where nothing is unusual. */
bool people_explain_login(struct people *people, struct span login, struct text *out);

/* 0; or -1 with the error of the first look-up that failed. To be asked after the last one. */
int people_check(const struct people *people, struct error *error);

/* Where the person is found: `people.csv, line 2`, or `ldap://host:389, cn=jdoe,dc=example`;
 * appended to `out`. */
void people_append_origin(const struct person *person, struct text *out);

#endif
