/* One line of a cookie file in Netscape format: seven fields, separated by tabs.
 *
 * A `struct cookie` owns nothing: its texts point into the line. */
#ifndef ROWPOST_TARGET_COOKIE_LINE_H
#define ROWPOST_TARGET_COOKIE_LINE_H

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

/* True for a blank line and for a comment, which begins with # or $; "#HttpOnly_host" begins a
 * cookie. */
bool cookie_line_is_empty(struct span line);

/* Takes what exporters write: 1 and 0 for TRUE and FALSE, a port after the host, "Session" for the
 * end, an empty value without its tab. ERROR_INPUT describes the fault of the line and repeats
 * nothing of it. */
int cookie_line_parse(struct span line, struct cookie *cookie, struct error *error);

/* The line in the strict form, whatever liberties the exporter took. */
void cookie_line_write(const struct cookie *cookie, struct text *out);

/* True where a request to that host carries the cookie, path and https apart (RFC 6265, 5.1.3: an
 * IP address has no subdomains). */
bool cookie_is_for_host(const struct cookie *cookie, struct span host);

/* False for a name that begins with __Secure- or __Host- while the cookie is not what that
 * promises: only for https, and for the second bound to this very host and every path. */
bool cookie_keeps_prefix(const struct cookie *cookie);

/* True for a text that cannot be part of a cookie: one with a control character. */
bool cookie_text_has_control(struct span text);

#endif
