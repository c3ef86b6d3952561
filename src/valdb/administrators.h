/* Administrators: users with ADMIN = 1 (notebook cells 24 to 30). Their bodies come from the
 * administrators' list where there is one, and then only for the logins that are administrators in
 * the database; without a list they come from the database and the people directory. */
#ifndef ROWPOST_VALDB_ADMINISTRATORS_H
#define ROWPOST_VALDB_ADMINISTRATORS_H

#include "valdb/rules.h"
#include "valdb/users.h"

/* Stages the list, where the options name one, as the TEMP table `administrators-list`, and says
 * how many lines it has. ERROR_INPUT names file and line. */
int administrators_stage_list(const struct rules *rules, int64_t *lines, struct error *error);

/* Adds the administrators to `users` and settles their rows of USERS and the lines of the list.
 * After logins_read(), before validators_read(). */
int administrators_read(struct rules *rules, struct users *users, struct error *error);

#endif
