/* Where the people of the lists are: a private temporary SQLite database, so that a list may be
 * longer than memory.
 *
 * SQLite makes the file (in TMPDIR, else /var/tmp) without a name and with mode 0600 once the cache
 * is full; it is gone when the store is closed, or the program ends in any way. Each person is an
 * entry, found by the keys (fold_key()) of its login and its full name. Further entries give a
 * person more logins and names. Errors are ERROR_DISK. */
#ifndef ROWPOST_PEOPLE_STORE_PRIVATE_H
#define ROWPOST_PEOPLE_STORE_PRIVATE_H

#include <stdint.h>

#include "base/error.h"
#include "base/span.h"
#include "people/people.h"

struct store;

struct store_entry {
    int64_t person; /* the person that it is a further login or name of; 0: its own */
    struct span login;
    struct span fullname;
    struct span email;
    int64_t list; /* a number that the caller gives its lists */
    int64_t line;
    struct span dn; /* null in a list */
    int64_t addresses;
};

/* An address that does not count, and the one that counts. */
struct store_second_address {
    struct span login;
    struct span email, first_email;
    int64_t list, first_list;
    int64_t line, first_line;
};

struct store *store_open(struct error *error);
void store_close(struct store *store);

/* Entries are added between these two while a list is loaded. The end makes the indexes again, and
 * makes an entry whose login is there already a further entry of that person; each of them that has
 * another address is shown. */
int store_begin_list(struct store *store, struct error *error);
int store_end_list(struct store *store,
                   void (*show)(void *context, const struct store_second_address *second),
                   void *context, struct error *error);

/* `*id` is the new entry's, from 1, and, unless it is a further entry, that of its person. */
int store_add(struct store *store, const struct store_entry *entry, int64_t *id,
              struct error *error);

/* The person who has the login's key first; 0: nobody. -1 with the error. */
int64_t store_find_login(struct store *store, struct span login, struct error *error);

/* An entry whose login is nearly this one (fold_likeness()) and has another key; 0: none. */
int64_t store_find_near(struct store *store, struct span login, struct error *error);

/* Hands on every person who has the name as login or full name, once each, in the order in which
 * they came to it, until `take` answers something other than 0. Returns that, or 0, or -1. */
int store_each_namesake(struct store *store, struct span name,
                        int (*take)(void *context, int64_t person, struct error *error),
                        void *context, struct error *error);

/* Reads an entry; its spans live until the next call that reads one. */
int store_read(struct store *store, int64_t id, struct store_entry *entry, struct error *error);

#endif
