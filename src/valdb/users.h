/* The users that a plan makes: each login once, each address once.
 *
 * Users are kept while a plan is made, as a few dozen bytes each: a login met later may turn out to
 * be somebody who is there already (correction twins-merged). `struct users` owns everything in
 * it; start from `{0}`, end with users_free(). Spans that are handed in are copied. */
#ifndef ROWPOST_VALDB_USERS_H
#define ROWPOST_VALDB_USERS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/map.h"
#include "base/span.h"
#include "migration/ledger.h"
#include "valdb/rules.h"

enum user_role { ROLE_ADMINISTRATOR = 1, ROLE_VALIDATOR = 2, ROLE_AUTHOR = 3 };

struct user_group {
    struct group_id id;
    struct user_group *next;
};

struct user {
    enum user_role role;
    struct span login;
    struct span email;
    struct span fullname; /* null where it is not known */
    struct span origin;   /* null where source rows became it */
    struct user_group *groups;
    struct user_group *last_group;
    struct ledger_uses uses; /* the source rows that became part of it, in the users' arena */
    struct user *next;       /* of the same role, in order of appearance */
};

struct users {
    struct arena arena;
    struct map by_email;                 /* of every user */
    struct user *first[ROLE_AUTHOR + 1]; /* by role */
    struct user *last[ROLE_AUTHOR + 1];
};

void users_free(struct users *users);

/* Adds a user; one address may be added twice (the notebook's rules), the first is then found. */
struct user *users_add(struct users *users, enum user_role role, struct span login,
                       struct span email, struct span fullname, struct error *error);

/* The user who has the address, or NULL. */
struct user *users_find_email(const struct users *users, struct span email);

/* For somebody who is added later: the user that already has that address (correction twins-merged,
 * counted for `kind`); NULL where there is none, and under the notebook's rules. */
struct user *users_find_twin(const struct users *users, struct rules *rules, enum valdb_kind kind,
                             struct span email);

/* Gives the user a group, after those that are there. */
int users_add_group(struct users *users, struct user *user, struct group_id id,
                    struct error *error);
bool users_has_group(const struct user *user, struct group_id id);

/* Puts all users of a role as documents of the kind, with their rows. */
int users_put(const struct users *users, enum user_role role, enum valdb_kind kind,
              const struct rules *rules, struct error *error);

/* The address of somebody whose field in the database holds `field`, by the e-mail rules; counts
 * the corrections for the kind. `out` is cleared first. */
void users_append_email(struct rules *rules, enum valdb_kind kind, struct span login,
                        struct span field, struct text *out);

/* Why ValDB2 would not take a user with that address, in its own words, or NULL. */
const char *users_refusal(struct rules *rules, struct span email);

#endif
