/* The header lines that all requests of a session have in common, the one that signs in among them.
 *
 * `struct headers` owns its lists and texts; start from `{0}`, end with headers_free(), which wipes
 * them. The heads of the lists stay where they are once headers_open() is done, and libcurl reads a
 * line only while it puts a request together: a token may be replaced while requests are under way.
 */
#ifndef ROWPOST_HTTP_HEADERS_H
#define ROWPOST_HTTP_HEADERS_H

#include <curl/curl.h>
#include <stdbool.h>

#include "base/error.h"
#include "base/text.h"
#include "http/session.h"

/* What is masked wherever it turns up. */
enum headers_secret {
    SECRET_SENT,     /* what follows the scheme */
    SECRET_FORMER,   /* the same of the token before: a late answer may quote it */
    SECRET_GIVEN,    /* user and password, before they were encoded */
    SECRET_PASSWORD, /* of these, the password */
    HEADERS_SECRETS
};

struct headers {
    struct curl_slist *without_body;
    struct curl_slist *with_body;
    enum auth_scheme scheme;
    struct text start; /* of the line that signs in: "Authorization: Bearer " */
    struct text secrets[HEADERS_SECRETS];
};

/* Fills both lists; the body's type is that of `type`, such as "application/json". */
int headers_open(struct headers *headers, const char *type, struct error *error);

/* Sets how tokens are sent, before the first is; without it, as AUTH_BEARER. `name` is the
 * header's, or NULL. ERROR_USAGE for a name that is none, or is that of a header with another
 * purpose. */
int headers_set_form(struct headers *headers, enum auth_scheme scheme, const char *name,
                     struct error *error);

/* True for a line of one request, `Name: value`, without control characters: its name is a token
 * (RFC 9110, 5.6.2), and nobody else sends that header. */
bool headers_may_add_line(struct span line);

/* True for a token that cannot break out of its header: visible ASCII, and not empty. */
bool headers_can_carry(const char *token);

/* Sends the token with every request from now on, in the place of one given before. ERROR_INPUT for
 * one that cannot be carried; with AUTH_BASIC, for one that is not "user:password". */
int headers_set_token(struct headers *headers, const char *token, struct error *error);

/* Sends a client's name and secret (HTTP Basic) with every request; called once. Both are form
 * encoded first (RFC 6749, 2.3.1). */
int headers_add_client(struct headers *headers, const char *id, const char *secret,
                       struct error *error);

/* Puts asterisks over the secrets wherever they are in the text. */
void headers_mask(const struct headers *headers, struct text *text);

void headers_free(struct headers *headers);

/* Frees a list of lines and wipes them, as they may hold a secret. */
void headers_wipe_list(struct curl_slist *list);

#endif
