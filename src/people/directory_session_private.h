/* A session with an LDAP server (RFC 4511): connect, secure, bind, search; by OpenLDAP's libldap.
 *
 * The connection speaks version 3. A referral is never followed: the answer would come from a
 * server that nobody named. TLS certificates are verified against --cacert or the system's, host
 * name included (RFC 4513, section 3.1.3). Every wait ends: connecting, the TLS handshake, and the
 * silence before the next message of an answer each take `timeout` seconds at most, and SIGINT ends
 * them sooner. Errors are ERROR_SOURCE (the directory), ERROR_USAGE (what was asked of it) or
 * ERROR_INTERRUPTED, and name the server.
 *
 * The other settings of ldap.conf(5) (a client certificate, a cipher list) hold. */
#ifndef ROWPOST_PEOPLE_DIRECTORY_SESSION_PRIVATE_H
#define ROWPOST_PEOPLE_DIRECTORY_SESSION_PRIVATE_H

#include <ldap.h>
#include <stdbool.h>

#include "people/directory_private.h"

struct directory_session;

/* Both are borrowed until directory_session_close(). NULL with the error. */
struct directory_session *directory_session_open(const struct directory_place *place,
                                                 const struct people_access *access,
                                                 struct error *error);
void directory_session_close(struct directory_session *session);

enum directory_search {
    SEARCH_COMPLETE,
    SEARCH_TOO_MANY, /* the server's size limit was met; what was handed on is not all */
    SEARCH_FAILED
};

/* Searches within the place and hands every entry on, for the call only. Values that are not UTF-8
 * are left out. Large answers come in pages where the server can (RFC 2696). */
enum directory_search directory_session_search(
    struct directory_session *session, const char *filter,
    int (*take)(void *context, const struct directory_entry *entry, struct error *error),
    void *context, struct error *error);

/* The wire to a directory: a TCP connection on which no wait is longer than it may be.
 *
 * libldap's own time limit does not hold where GnuTLS shakes hands or waits for the rest of a
 * record (OpenLDAP 2.5: libraries/libldap/tls_g.c asks again and again); so the connection is made
 * here, and a layer below TLS waits for the server's bytes, `timeout` seconds at a time. SIGINT
 * ends every wait. Start from `{.descriptor = -1}`; the wire is borrowed by the connection it was
 * attached to, which also closes it. */

struct directory_wire {
    int descriptor; /* -1: none */
    long timeout;   /* seconds */
    bool has_timed_out;
};

/* Connects to the first of the host's addresses that answers. ERROR_SOURCE, or ERROR_INTERRUPTED.
 */
int directory_wire_connect(struct directory_wire *wire, const struct directory_place *place,
                           long timeout, struct error *error);

/* Puts the layer into a connection that was made of the descriptor. 0, or -1 where memory ran out.
 */
int directory_wire_attach(struct directory_wire *wire, LDAP *ldap);

/* Fills the error: the user stopped the program; returns -1. */
int directory_wire_set_interrupted(struct error *error);

/* Fills the error from a result code (RFC 4511, appendix A, or libldap's own, which are negative)
 * and what the connection reports in addition; `ldap` may be NULL. `doing` is what was under way,
 * such as "the search". Returns -1. */
int directory_error_set(const struct directory_place *place, const struct people_access *access,
                        LDAP *ldap, int code, const char *doing, struct error *error);

#endif
