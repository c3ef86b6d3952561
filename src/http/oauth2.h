/* A client that signs itself in: OAuth 2.0 client credentials (RFC 6749, 4.4).
 *
 * oauth2_open() gives a client that the caller closes. It asks by a transfer that the caller
 * drives; its connection is not kept open between two tokens. The settings that are passed are read
 * while it opens only. An error never contains the client's secret or a token. */
#ifndef ROWPOST_HTTP_OAUTH2_H
#define ROWPOST_HTTP_OAUTH2_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "base/text.h"
#include "http/session.h"
#include "http/transfer.h"

/* Owns its text; start from `{0}`, end with oauth2_token_free(), which wipes it. */
struct oauth2_token {
    struct text value;
    bool ends;        /* whether it is known when; the moments are microseconds since 1970 */
    int64_t end;      /* counted from when the request began, or from the token's own claim */
    int64_t renew_at; /* 30 s earlier, or after half of the lifetime where that is shorter */
};

struct oauth2;

/* Takes the fields of the settings that begin with `oauth2_`, and those for TLS and the time
 * limits. No request is sent. ERROR_USAGE for a token URL that is none or would carry the secret in
 * the clear, and for an id or a secret that is missing. */
struct oauth2 *oauth2_open(const struct session_settings *settings, struct error *error);
void oauth2_close(struct oauth2 *client);

/* True where the last token is about to end, and it is time to ask for another: not while one is
 * being asked for, nor for a while after that has failed. */
bool oauth2_is_due(const struct oauth2 *client);

/* True where there is no token that is good: none yet, or the last one has ended or was rejected.
 */
bool oauth2_has_ended(const struct oauth2 *client);

/* The target has turned the last token away: it is good no more, whatever its end. */
void oauth2_reject(struct oauth2 *client);

/* Gets ready to ask for a token. The transfer, to be driven until it ends and then to be handed to
 * transfer_end(); or NULL with ERROR_MEMORY. */
struct transfer *oauth2_begin(struct oauth2 *client, struct error *error);

/* The exchange by which a token is being asked for, or NULL. */
const struct exchange *oauth2_asking(const struct oauth2 *client);

/* The exchange has ended: reads the answer. 0 with a new token; -1 with an error as
 * oauth2_read_answer() has it, the token URL in front, and the last token stays. */
int oauth2_end(struct oauth2 *client, struct error *error);

/* The last token that was fetched; valid until the next. */
const struct oauth2_token *oauth2_last_token(const struct oauth2 *client);

/* Reads what a token endpoint answers (RFC 6749, 5.1 and 5.2). Of the answer nothing but its
 * status, and an error code that the standards know, is ever part of an error. ERROR_SESSION where
 * the client is refused (400, 401, 403, or 200 with an `error`); ERROR_TARGET where no answer came,
 * or none that gives a bearer token. The token is only changed where it returns 0. */
int oauth2_read_answer(const struct exchange *exchange, struct oauth2_token *token,
                       struct error *error);

void oauth2_token_free(struct oauth2_token *token);

#endif
