/* What a directory's failure means, in a sentence that says what to do. */
#ifndef ROWPOST_PEOPLE_DIRECTORY_ERROR_H
#define ROWPOST_PEOPLE_DIRECTORY_ERROR_H

#include <ldap.h>

#include "base/error.h"
#include "people/directory_place.h"
#include "people/people.h"

/* Fills the error from a result code (RFC 4511, appendix A, or libldap's own, which are negative)
 * and what the connection says beside it; `ldap` may be NULL. `doing` is what was under way, such
 * as "the search". Returns -1. */
int directory_error_set(const struct directory_place *place, const struct people_access *access,
                        LDAP *ldap, int code, const char *doing, struct error *error);

#endif
