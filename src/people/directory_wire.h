/* The wire to a directory: a TCP connection on which no wait is longer than it may be.
 *
 * libldap's own time limit does not hold where GnuTLS shakes hands or waits for the rest of a
 * record (OpenLDAP 2.5: libraries/libldap/tls_g.c asks again and again); so the connection is made
 * here, and a layer below TLS waits for the server's bytes, `patience` seconds at a time. SIGINT
 * ends every wait. Start from `{.descriptor = -1}`; the wire is borrowed by the connection it was
 * attached to, which also closes it. */
#ifndef ROWPOST_PEOPLE_DIRECTORY_WIRE_H
#define ROWPOST_PEOPLE_DIRECTORY_WIRE_H

#include <ldap.h>
#include <stdbool.h>

#include "base/error.h"
#include "people/directory_place.h"

struct directory_wire {
    int descriptor; /* -1: none */
    long patience;  /* seconds */
    bool has_timed_out;
};

/* Connects to the first of the host's addresses that answers. ERROR_SOURCE, or ERROR_INTERRUPTED.
 */
int directory_wire_connect(struct directory_wire *wire, const struct directory_place *place,
                           long patience, struct error *error);

/* Puts the layer into a connection that was made of the descriptor. 0, or -1 where memory ran out.
 */
int directory_wire_attach(struct directory_wire *wire, LDAP *ldap);

/* Says that the user stopped the program; returns -1. */
int directory_wire_set_interrupted(struct error *error);

#endif
