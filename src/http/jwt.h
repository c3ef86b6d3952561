/* What a JSON Web Token (RFC 7519) states about itself. Its signature is the server's business:
 * nothing here is believed further than for a hint to the user. Nothing is owned. */
#ifndef ROWPOST_HTTP_JWT_H
#define ROWPOST_HTTP_JWT_H

#include <stdint.h>

#include "base/span.h"

/* When the token ends by its claim `exp`, in microseconds since 1970. 0, or -1 where the token is
 * none of the signed form (header.payload.signature, base64url), or has no such claim, or one that
 * is no number or beyond the years 0001 to 9999. */
int jwt_read_expiry(struct span token, int64_t *moment);

#endif
