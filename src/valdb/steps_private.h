/* The steps of the ValDB plan that read tables, in the order in which valdb.c takes them. Each
 * settles the rows that it reads. */
#ifndef ROWPOST_VALDB_STEPS_PRIVATE_H
#define ROWPOST_VALDB_STEPS_PRIVATE_H

#include "valdb/rules.h"
#include "valdb/users.h"

/* Logins: the rows of USERS, for the queries that join with them. Each row is checked once, before
 * it selects anything: one with a value that is not of its column's type is rejected, one without a
 * role is skipped. What the others are is then in the TEMP table `valdb_login`: row, user_name,
 * key, email, role, reason; with an index on user_name. `key` is the login as fold_key() has it,
 * `reason` is why the row is rejected. The values of `role` are in the order in which a login's
 * rows count. */
enum login_role { LOGIN_ADMINISTRATOR, LOGIN_VALIDATOR, LOGIN_REJECTED };
int logins_read(struct rules *rules, struct error *error);

/* Administrators: users with ADMIN = 1 (notebook cells 24 to 30). Their bodies come from the
 * administrators' list where there is one, and then only for the logins that are administrators in
 * the database; without a list they come from the database and the people directory.
 *
 * The first stages the list, where the options name one, as the TEMP table `administrators-list`,
 * and reports how many lines it has; ERROR_INPUT names file and line. The second settles the
 * administrators' rows of USERS and the lines of the list. */
int administrators_stage_list(const struct rules *rules, int64_t *lines, struct error *error);
int administrators_read(struct rules *rules, struct users *users, struct error *error);

/* Validators: users with ADMIN = 0 and VALIDATOR = 1, each with the groups of their rights, which
 * are read in the rule set's order (notebook cells 15 to 21). A validator with an administrator's
 * address is that administrator (correction twins-merged). Settles every row of USER_RIGHTS and
 * what is left of USERS. */
int validators_read(struct rules *rules, struct users *users, struct error *error);

/* Campaigns: one document for each RELEASE_NAME (notebook cells 33 to 37), for
 * POST /api/campaigns/migrate/. Reads the rows campaign by campaign, puts the documents and settles
 * every row of RELEASES and STATUS. Authors who are not users yet are added to `users`. */
int campaigns_plan(struct rules *rules, struct users *users, struct error *error);

#endif
