/* Administrators: users with ADMIN = 1 (notebook cells 24 to 30). Their bodies come from the
 * administrators' list where there is one, and then only for the logins that are administrators in
 * the database; without a list they come from the database and the people directory. */
#ifndef ROWPOST_VALDB_ADMINISTRATORS_H
#define ROWPOST_VALDB_ADMINISTRATORS_H

#include "valdb/rules.h"
#include "valdb/users.h"

/* Adds the administrators to `users`; call it before validators_read(). */
int administrators_read(struct rules *rules, struct users *users, struct error *error);

#endif
