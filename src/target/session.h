/* A session with the target: the signed-in HTTP connection pool over which requests leave.
 *
 * session_open() gives a session that the caller closes; it keeps connections alive, shares one
 * cookie store among them (a cookie that an answer renews is sent from then on) and never follows
 * a redirect. The caller owns every `struct exchange`, and it must stay where it is from
 * session_send() until session_wait() has handed it back. One thread uses a session.
 *
 * No cookie, token or password is ever part of an error, an answer's fields or the process title.
 */
#ifndef ROWPOST_TARGET_SESSION_H
#define ROWPOST_TARGET_SESSION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/span.h"
#include "base/text.h"

struct session_settings {
    const char *url;         /* "https://host[:port][/prefix]", no credentials in it */
    const char *cookie_file; /* Netscape format, or NULL */
    const char *token;       /* bearer token, or NULL */
    const char *ca_file;     /* PEM, or NULL for the system's */
    bool insecure;           /* do not verify TLS */
    long connect_timeout_ms; /* 0: 10 s */
    long answer_timeout_ms;  /* 0: 120 s for the whole exchange */
};

/* How far an exchange got. */
enum exchange_end {
    EXCHANGE_ANSWERED, /* a whole answer was read */
    EXCHANGE_NOT_SENT, /* no byte of the request can have reached the server */
    EXCHANGE_LOST      /* it may have been carried out; no whole answer came back */
};

struct exchange {
    /* filled by the caller */
    const char *method; /* "GET", "POST", "PUT", "DELETE" */
    struct text path;   /* "/api/users/", percent-encoded; the caller frees it */
    struct span body;   /* JSON, or null; borrowed until the exchange is handed back */
    void *owner;        /* the caller's own */

    /* filled when it is handed back */
    enum exchange_end end;
    int status;            /* HTTP status, 0 unless answered */
    bool is_json;          /* the content type is application/json */
    char content_type[48]; /* lower case, without parameters; empty if there is none */
    struct text answer;    /* the body as far as it was read; the caller frees it */
    struct text location;  /* of a redirect, without its query */
    long retry_after_ms;   /* from Retry-After (seconds or HTTP date, at most an hour), or -1 */
    int64_t server_date;   /* the answer's Date, microseconds since 1970, or -1 */
    int64_t started;       /* microseconds since 1970 */
    int64_t duration;      /* microseconds */
    char failure[160];     /* why it was not sent or lost, in words; empty if answered */
    void *handle;          /* the session's own; not null while it is under way */
};

struct session;

/* ERROR_USAGE for a URL that is none; ERROR_INPUT for a cookie file that cannot be read, is not in
 * Netscape format or holds no live cookie for the URL's host, for a token that is none, and for a
 * CA file that cannot be read: with the way out in the message. */
struct session *session_open(const struct session_settings *settings, struct error *error);
void session_close(struct session *session);

/* The URL, for messages and the workspace. */
const char *session_url(const struct session *session);

/* Starts an exchange. 0, or -1 with ERROR_MEMORY or ERROR_INTERNAL.
 *
 * Whatever happens to the connection, a request other than GET leaves at most once; a GET may be
 * repeated where a kept connection breaks before an answer. An answer larger than 64 MB is lost. */
int session_send(struct session *session, struct exchange *exchange, struct error *error);

/* The next exchange that has ended, or NULL once `timeout_ms` have passed (0: do not wait) or
 * nothing is under way. -1 is never an answer: what fails, fails as an exchange. */
struct exchange *session_wait(struct session *session, int timeout_ms);

/* Sends and waits for this one alone; nothing else may be under way. */
int session_perform(struct session *session, struct exchange *exchange, struct error *error);

/* Gives up every exchange under way; each counts as EXCHANGE_LOST and is not handed back. */
void session_abandon(struct session *session);

/* Writes the cookies as they are now, renewals included, to a file in Netscape format (mode 0600;
 * it takes the place of an old one at once). ERROR_DISK or ERROR_MEMORY. */
int session_save_cookies(struct session *session, const char *path, struct error *error);

/* Frees the texts of an exchange and clears it, so that it can be used again. */
void exchange_clear(struct exchange *exchange);

#endif
