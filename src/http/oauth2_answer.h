/* What a token endpoint answers (RFC 6749, 5.1 and 5.2).
 *
 * `struct oauth2_token` owns its text; start from `{0}`, end with oauth2_token_free(), which wipes
 * it. Of an answer nothing but its status, and an error code that the standards know, is ever part
 * of an error. */
#ifndef ROWPOST_HTTP_OAUTH2_ANSWER_H
#define ROWPOST_HTTP_OAUTH2_ANSWER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "base/text.h"
#include "http/session.h"

struct oauth2_token {
    struct text value;
    bool ends;        /* whether it is known when; the moments are microseconds since 1970 */
    int64_t end;      /* counted from when the request began, or from the token's own claim */
    int64_t renew_at; /* 30 s earlier, or after half of the lifetime where that is shorter */
};

/* Reads the answer to a request for a token. ERROR_SESSION where the client is refused (400, 401,
 * 403, or 200 with an `error`); ERROR_TARGET where no answer came, or none that gives a bearer
 * token. The token is changed where it returns 0 alone. */
int oauth2_read_answer(const struct exchange *exchange, struct oauth2_token *token,
                       struct error *error);

void oauth2_token_free(struct oauth2_token *token);

#endif
