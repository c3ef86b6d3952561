/* The value of a Set-Cookie header, as RFC 6265, section 5.2, reads it: a name and a value, and
 * attributes; of each attribute the last one counts. */
#ifndef ROWPOST_HTTP_SET_COOKIE_H
#define ROWPOST_HTTP_SET_COOKIE_H

#include "http/cookie_line.h"

/* Fills in the cookie, whose texts point into the header; `now` is in seconds since 1970, and so is
 * `expires`, which is never 0 for a cookie that comes with an end: one that has passed deletes.
 *
 * The host is null where none was named (the cookie is for the very host that sets it), and so is
 * the path (RFC 6265, 5.1.4, has the default). Whether the named host may be set is the caller's to
 * find out. False for a header that is to be ignored: without a name, longer than 4096 bytes, or
 * with control characters, which no cookie file could hold. */
bool set_cookie_parse(struct span header, int64_t now, struct cookie *cookie);

#endif
