/* Validators: users with ADMIN = 0 and VALIDATOR = 1, each with the groups of their rights
 * (notebook cells 15 to 21). Administrators have to be in `users` already: a validator with an
 * administrator's address is that administrator (correction twins-merged). */
#ifndef ROWPOST_VALDB_VALIDATORS_H
#define ROWPOST_VALDB_VALIDATORS_H

#include "valdb/rules.h"
#include "valdb/users.h"

/* Reads the rights in order of USER_RIGHTS.ID and adds the validators to `users`. */
int validators_read(struct rules *rules, struct users *users, struct error *error);

#endif
