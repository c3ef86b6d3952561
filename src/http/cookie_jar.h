/* The cookies of a session: what its requests carry to the one host that it talks to, and what that
 * host's answers change (RFC 6265, sections 5.3 and 5.4).
 *
 * Cookies for other hosts may come from a file; they are kept for the file's sake and never sent.
 * A `struct cookie_jar` owns its texts and wipes them; the values are secrets. A target is that of
 * a request line: a path, perhaps with a query, which plays no part. Time is in seconds since 1970.
 */
#ifndef ROWPOST_HTTP_COOKIE_JAR_H
#define ROWPOST_HTTP_COOKIE_JAR_H

#include <stddef.h>
#include <stdint.h>

#include "base/span.h"
#include "base/text.h"
#include "http/cookie.h"

/* How the host is reached; cookies marked secure are only for the second. */
enum cookies_channel { COOKIES_PLAIN, COOKIES_SECURE };

/* Of the cookies that one request carries. With "Cookie: " that is a line of 8190 bytes, the usual
 * limit of servers, which refuse a longer one. */
enum { COOKIE_JAR_MOST_BYTES = 8182 };

struct cookie_jar;

/* For that host, which is copied; an IPv6 address has no brackets. NULL where memory ran out. */
struct cookie_jar *cookie_jar_create(const char *host, enum cookies_channel channel);

/* NULL is allowed. */
void cookie_jar_free(struct cookie_jar *jar);

/* Adds a copy of the cookie, or has it take the place of that with the same name, host and path.
 * One that does not keep its prefix is left out. 0, or -1 where memory ran out. */
int cookie_jar_put(struct cookie_jar *jar, const struct cookie *cookie);

/* Takes the value of a Set-Cookie header from the answer with that status to a request for that
 * target: it adds a cookie, replaces one or deletes it. 0, or -1 where memory ran out.
 *
 * Nothing is taken from an answer that does not accept the session, a redirect or a 401. A server
 * that redirects to its sign-in page may start a fresh session there and then, and give out its
 * cookie under the old one's name: that one signs nobody in, and the old one may still be good
 * elsewhere or later. An interim answer (1xx) is ignored as well, as such an answer may follow it.
 * A cookie for another host, one that the channel may not set, and one that is broken are also
 * ignored. */
int cookie_jar_take(struct cookie_jar *jar, int status, struct span set_cookie, struct span target,
                    int64_t now);

/* Appends the value of the Cookie header for a request, or nothing where there is no cookie for it:
 * those with longer paths first, then in the order in which they were set, and at most
 * COOKIE_JAR_MOST_BYTES. It costs little: it is asked for every request. */
void cookie_jar_append(const struct cookie_jar *jar, struct span target, int64_t now,
                       struct text *out);

/* The cookie with the same name, host and path, or NULL; good until the jar is changed. */
const struct cookie *cookie_jar_find(const struct cookie_jar *jar, const struct cookie *cookie);

/* All cookies, one by one, those that have ended among them; good until the jar is changed. */
size_t cookie_jar_count(const struct cookie_jar *jar);
const struct cookie *cookie_jar_at(const struct cookie_jar *jar, size_t index);

/* Puts asterisks over every value, wherever it is in the text (secret_mask_word()), and over those
 * that were replaced or deleted lately: an answer to a request that had left before may quote
 * them. */
void cookie_jar_mask(const struct cookie_jar *jar, struct text *text);

#endif
