/* Validators: users with ADMIN = 0 and VALIDATOR = 1, each with the groups of their rights
 * (notebook cells 15 to 21). Administrators have to be in `users` already: a validator with an
 * administrator's address is that administrator (correction twins-merged). */
#ifndef ROWPOST_VALDB_VALIDATORS_H
#define ROWPOST_VALDB_VALIDATORS_H

#include "valdb/rules.h"
#include "valdb/users.h"

/* Reads the rights in the rule set's order, adds the validators to `users`, and settles every row
 * of USER_RIGHTS and what is left of USERS. After logins_read(). */
int validators_read(struct rules *rules, struct users *users, struct error *error);

#endif
