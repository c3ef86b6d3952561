/*
 * Who is signed in: derived from the credential itself.
 *
 * A credential is the value of the cookie `session` or the word after `Authorization: Bearer`. The
 * header is looked at first, and where it does not sign in, the cookie decides. The beginning of
 * the credential decides what it is:
 *
 *   good        signed in, with the management role, a ValDB2 administrator
 *   norole      signed in, nothing more
 *   audience    a token of another application: the answer is 500
 *   renew-N     as good; the answer sets the cookie session=good-renewed-N, and renew-N is spent
 *   expired     not signed in, like anything else and nothing at all
 *
 * A bearer token with the shape of a JWT is read instead: `exp` in the past is expired, an `aud`
 * that is not and does not hold `valdb2` is of another application, a `cern_roles` array without
 * `management` is no role, everything else is good. */
#ifndef STANDIN_SIGNIN_H
#define STANDIN_SIGNIN_H

#include "request.h"

enum signin_state { SIGNIN_ABSENT, SIGNIN_AUDIENCE, SIGNIN_PLAIN, SIGNIN_FULL };

struct signin;

/* NULL if memory runs out. The caller frees it. */
struct signin *signin_new(void);
void signin_free(struct signin *signin);

/* Judges the request, and sets the renewed cookie on its answer. */
enum signin_state signin_check(struct signin *signin, struct request *request);

/* Lets a credential sign in `after` times more and then expire. */
void signin_expire(struct signin *signin, const char *credential, long long after);

/* Forgets what has expired. */
void signin_reset(struct signin *signin);

#endif
