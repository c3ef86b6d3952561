/* A client that signs itself in: OAuth 2.0 client credentials (RFC 6749, 4.4).
 *
 * oauth2_open() gives a client that the caller closes; it has a connection of its own, which is not
 * kept open between two tokens. The settings that are passed are read while it opens alone. Neither
 * the client's secret nor a token is ever part of an error. */
#ifndef ROWPOST_HTTP_OAUTH2_H
#define ROWPOST_HTTP_OAUTH2_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "http/oauth2_answer.h"
#include "http/session.h"

struct oauth2;

/* Takes the fields of the settings that begin with `oauth2_`, and those for TLS and the time
 * limits. No request is sent. ERROR_USAGE for a token URL that is none or would carry the secret in
 * the clear, and for an id or a secret that is missing. */
struct oauth2 *oauth2_open(const struct session_settings *settings, struct error *error);
void oauth2_close(struct oauth2 *client);

/* True where there is no token yet, or the last one is about to end. */
bool oauth2_is_due(const struct oauth2 *client);

/* Fetches a token; waits for it. Errors as oauth2_read_answer() has them, the token URL in front;
 * the last token then stays. */
int oauth2_fetch(struct oauth2 *client, struct error *error);

/* The last token that was fetched; valid until the next. */
const struct oauth2_token *oauth2_last_token(const struct oauth2 *client);

#endif
