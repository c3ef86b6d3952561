/* A session with the target: the signed-in HTTP connection pool over which requests leave.
 *
 * session_open() gives a session that the caller closes; it keeps connections alive, has one
 * cookie jar for them (a cookie that an answer renews is sent from then on) and never follows
 * a redirect. The caller owns every `struct exchange`, and it must stay where it is from
 * session_send() until session_wait() has handed it back. One thread uses a session.
 *
 * No cookie, token or password is ever part of an error, an answer's fields or the process title.
 */
#ifndef ROWPOST_HTTP_SESSION_H
#define ROWPOST_HTTP_SESSION_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "http/exchange.h"

/* How an OAuth2 client shows its id and secret to the token endpoint. */
enum oauth2_client_way {
    OAUTH2_CLIENT_IN_HEADER, /* HTTP Basic, which every server has to know (RFC 6749, 2.3.1) */
    OAUTH2_CLIENT_IN_FORM    /* client_id and client_secret as fields, as CERN's asks for */
};

/* How a token, a key or a password is sent with each request. */
enum auth_scheme {
    AUTH_UNSAID,  /* AUTH_BEARER; the bare token where it has a header of its own */
    AUTH_BEARER,  /* "Bearer TOKEN" (RFC 6750) */
    AUTH_BASIC,   /* "Basic ...": the token is "user:password" (RFC 7617) */
    AUTH_TOKEN,   /* "token TOKEN", as Request Tracker and GitHub have it */
    AUTH_COOKIES, /* nothing but the cookies */
    AUTH_SCHEMES
};

/* Only session_open() reads these; they may be wiped and freed after it. */
struct session_settings {
    const char *url;         /* "https://host[:port][/prefix]", no credentials in it */
    const char *cookie_file; /* Netscape format, or NULL */
    const char *token;       /* or NULL */
    enum auth_scheme auth_scheme;
    const char *auth_header; /* the header that has the token; NULL: "Authorization" */
    const char *ca_file;     /* PEM, or NULL for the system's; for the token URL too */
    bool insecure;           /* do not verify TLS; the token URL's neither */
    long connect_timeout_ms; /* 0: 10 s */
    long answer_timeout_ms;  /* 0: 120 s for the whole exchange; a token's 30 s at most */

    /* HTTP Basic from a netrc file, or NULL; not looked at where a cookie file, a token or OAuth2
     * is given. A host that is not in it gets no password. */
    const char *netrc_file;

    /* PEM, or NULL. The certificate is sent only to the target; without a key of its own, the key
     * is in the certificate's file. A key with a pass phrase is not taken. */
    const char *client_cert;
    const char *client_key;

    /* OAuth2 client credentials, or NULL: the session fetches its bearer token itself, and a new
     * one before it ends. The token URL is https (http only on loopback), without a query. */
    const char *oauth2_token_url;
    const char *oauth2_client_id;
    const char *oauth2_client_secret;
    const char *oauth2_audience; /* whom the token is for; or NULL: not sent */
    enum oauth2_client_way oauth2_client_way;
};

struct session;

/* ERROR_USAGE for a URL that is none, and for settings that do not go together (a token and OAuth2,
 * OAuth2 without its URL, id or secret, a key without a certificate, a way to sign in without what
 * it needs, a header that is none or has another purpose); ERROR_INPUT for a cookie file
 * that cannot be read, is not in Netscape format or holds no live cookie for the URL's host, for a
 * token that is none, for a CA file, a client certificate or a key that is none, and for a netrc
 * file that cannot be read or is open to others: with the way out in the message.
 *
 * With OAuth2 the first token is fetched here: ERROR_SESSION where the client is refused,
 * ERROR_TARGET where the token endpoint cannot be reached or gives none, ERROR_INTERRUPTED where
 * the user has asked to stop (base/interrupt.h) before it came. */
struct session *session_open(const struct session_settings *settings, struct error *error);
void session_close(struct session *session);

/* The URL, for messages and the workspace. */
const char *session_url(const struct session *session);

/* When the bearer token ends, in microseconds since 1970: by the answer that it came with (OAuth2),
 * or by its own claim `exp`, which is not verified. 1, or 0 where it is not known. */
int session_token_expires(const struct session *session, int64_t *moment);

/* Starts an exchange; at most 64 may be under way. 0, or -1 with ERROR_MEMORY or ERROR_INTERNAL.
 *
 * With OAuth2 a new token is requested at the same time where the last one ends within 30 s (or
 * within the second half of its life, where that is shorter). Where there is none that is good any
 * more, it first waits for one, and fails as session_open() does; those under way are not touched
 * by that, and the exchange may be sent again. An exchange that is answered by 401 is sent once
 * more with a new token: it was turned away, not carried out.
 *
 * Whatever happens to the connection, a request other than GET leaves at most once; a GET may be
 * repeated where a kept connection breaks before an answer. An answer larger than 64 MB is lost. */
int session_send(struct session *session, struct exchange *exchange, struct error *error);

/* The next exchange that has ended, or NULL once `timeout_ms` have passed (0: do not wait) or
 * nothing is under way. -1 is never an answer: what fails, fails as an exchange. */
struct exchange *session_wait(struct session *session, int timeout_ms);

/* A further one that has ended, as far as the last wait has seen, or NULL; it does not wait, and
 * does not look for what has come since. */
struct exchange *session_take(struct session *session);

/* Sends and waits for this exchange; no other may be under way. ERROR_INTERRUPTED where the user
 * has asked to stop before the answer came, which is given up. */
int session_perform(struct session *session, struct exchange *exchange, struct error *error);

/* Gives up every exchange under way; each counts as EXCHANGE_LOST and is not handed back. */
void session_abandon(struct session *session);

/* Writes the cookies as they are now, renewals included, to a file in Netscape format; the rest of
 * the file is kept (cookies_save()). ERROR_DISK, ERROR_INPUT or ERROR_MEMORY. */
int session_save_cookies(struct session *session, const char *path, struct error *error);

#endif
