/* The header lines that all requests of a session have in common, the bearer token among them.
 *
 * `struct headers` owns its lists; start from `{0}`, end with headers_free(), which wipes them.
 * The heads of the lists stay where they are once headers_open() is done, and libcurl reads a line
 * only while it puts a request together: a token may be replaced while requests are under way. */
#ifndef ROWPOST_TARGET_HEADERS_H
#define ROWPOST_TARGET_HEADERS_H

#include <curl/curl.h>
#include <stdbool.h>

#include "base/error.h"

struct headers {
    struct curl_slist *without_body;
    struct curl_slist *with_body;
};

/* Fills both lists; the body's type is that of `type`, such as "application/json". */
int headers_open(struct headers *headers, const char *type, struct error *error);

/* True for a token that cannot break out of its header: visible ASCII, and not empty. */
bool headers_can_carry(const char *token);

/* Sends the token with every request from now on, in the place of one given before. ERROR_INPUT for
 * one that cannot be carried. */
int headers_set_token(struct headers *headers, const char *token, struct error *error);

/* Sends a client's name and secret (HTTP Basic) with every request; called once. Both are form
 * encoded first (RFC 6749, 2.3.1). */
int headers_add_client(struct headers *headers, const char *id, const char *secret,
                       struct error *error);

void headers_free(struct headers *headers);

#endif
