/*
 * /api/users/: the people.
 *
 * A post for an address that exists answers with the old record and changes nothing, even if the
 * body is invalid otherwise. A new one with role 1 gets every group, with role 3 none; with a role
 * that is no 1, 2 or 3 it is stored and the answer is 500, as is every later answer that shows it.
 */
#ifndef STANDIN_USERS_H
#define STANDIN_USERS_H

#include "route.h"

enum outcome users_post(struct standin *standin, struct request *request);
enum outcome users_list(struct standin *standin, struct request *request);
enum outcome users_get(struct standin *standin, struct request *request);
enum outcome users_put(struct standin *standin, struct request *request);
enum outcome users_delete(struct standin *standin, struct request *request);

/* Stores a user as given: no rule is applied, nothing is filled in but id and times. 0 or -1. */
int users_seed(struct standin *standin, const json_t *user);

/* The record of a user as others show it, the caller's. One who is gone has nothing but nulls. */
json_t *users_load(struct standin *standin, long long n);

#endif
