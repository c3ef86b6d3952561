/* The rows of USERS by login, for the queries that join with them.
 *
 * Each row of USERS is checked once, before it selects anything: one with a value that is not of
 * its column's type is rejected, one without a role is skipped. What the others are is then in the
 * TEMP table `valdb_login`: row, user_name, key, email, role, reason; with an index on user_name.
 * `key` is the login as fold_key() has it, `reason` is why the row is rejected. */
#ifndef ROWPOST_VALDB_LOGINS_H
#define ROWPOST_VALDB_LOGINS_H

#include "valdb/rules.h"

/* The values of `role`, in the order in which a login's rows count. */
enum login_role { LOGIN_ADMINISTRATOR, LOGIN_VALIDATOR, LOGIN_REJECTED };

int logins_read(struct rules *rules, struct error *error);

#endif
