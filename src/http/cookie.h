/* A cookie, and the two texts in which one comes: a line of a cookie file in Netscape format (seven
 * fields, separated by tabs), and the value of a Set-Cookie header (RFC 6265, 5.2).
 *
 * A `struct cookie` owns nothing: its texts point into the text that it was read from. */
#ifndef ROWPOST_HTTP_COOKIE_H
#define ROWPOST_HTTP_COOKIE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "base/span.h"
#include "base/text.h"

struct cookie {
    struct span host; /* without a leading dot */
    struct span path;
    struct span name;
    struct span value;
    int64_t expires; /* seconds since 1970; 0: with the browser's session */
    bool is_http_only;
    bool has_subdomains; /* it is for the host's subdomains too */
    bool is_secure;      /* only for https */
};

/* Reads a whole cookie file, of 4 MB at most, without leaving copies of it in memory; the caller
 * ends the text with text_wipe(). ERROR_INPUT or ERROR_MEMORY. */
int cookie_file_read(const char *path, struct text *content, struct error *error);

/* Its content after the byte order mark that some editors put in front of UTF-8. */
struct span cookie_file_start(const struct text *file);

/* Takes a line off the rest, without its end. False where there is none. */
bool cookie_file_next_line(struct span *rest, struct span *line);

/* True for a blank line and for a comment, which begins with # or $; "#HttpOnly_host" begins a
 * cookie. */
bool cookie_line_is_empty(struct span line);

/* Takes what exporters write: 1 and 0 for TRUE and FALSE, a port after the host, "Session" for the
 * end, an empty value without its tab. ERROR_INPUT describes the fault of the line and repeats
 * nothing of it. */
int cookie_line_parse(struct span line, struct cookie *cookie, struct error *error);

/* The line in the strict form, whatever form the exporter used. */
void cookie_line_write(const struct cookie *cookie, struct text *out);

/* True where a request to that host carries the cookie, path and https apart (RFC 6265, 5.1.3: an
 * IP address has no subdomains). */
bool cookie_is_for_host(const struct cookie *cookie, struct span host);

/* True where it has an end that has passed. `now` is in seconds since 1970. */
bool cookie_has_ended(const struct cookie *cookie, int64_t now);

/* True where one takes the place of the other: the same name, host and path. */
bool cookie_is_same(const struct cookie *cookie, const struct cookie *other);

/* False for a name that begins with __Secure- or __Host- while the cookie is not what that
 * promises: only for https, and for the second bound to this very host and every path. */
bool cookie_keeps_prefix(const struct cookie *cookie);

/* True for a text that cannot be part of a cookie: one with a control character. */
bool cookie_text_has_control(struct span text);

/* Fills in the cookie that a Set-Cookie header sets; `now` is in seconds since 1970. Of each of its
 * attributes the last one counts. `expires` is never 0 for a cookie that comes with an end: one
 * that has passed deletes.
 *
 * The host is null where none was named (the cookie is for the very host that sets it), and so is
 * the path (RFC 6265, 5.1.4, has the default). Whether the named host may be set is the caller's to
 * find out. False for a header that is to be ignored: without a name, longer than 4096 bytes, or
 * with control characters, which no cookie file could hold. */
bool set_cookie_parse(struct span header, int64_t now, struct cookie *cookie);

#endif
