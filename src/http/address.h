/* Where the target is: the URL that the user gave, taken apart once.
 *
 * `struct address` owns its texts; start from `{0}`, end with address_free(). */
#ifndef ROWPOST_HTTP_ADDRESS_H
#define ROWPOST_HTTP_ADDRESS_H

#include <stdbool.h>

#include "base/error.h"
#include "base/text.h"

struct address {
    struct text base;       /* "https://host:8443/prefix", without a slash at its end; a host name
                             * in other letters is in its ASCII form (RFC 5891) */
    struct text host;       /* as it is in cookies and certificates; IPv6 without brackets */
    bool is_tls;            /* https */
    bool is_loopback;       /* localhost, 127.0.0.1 or ::1 */
    bool is_secure_context; /* https or loopback: where cookies marked secure are sent */
};

/* http or https, a host, optionally a port and a path. ERROR_USAGE for everything else; the
 * message calls the URL by `name` ("the target's URL") and never repeats it, for it may hold a
 * password. */
int address_parse(const char *url, const char *name, struct address *address, struct error *error);

void address_free(struct address *address);

#endif
