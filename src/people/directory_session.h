/* A session with an LDAP server (RFC 4511): connect, secure, bind, search; by OpenLDAP's libldap.
 *
 * The connection speaks version 3. A referral is never followed: the answer would come from a
 * server that nobody named. TLS certificates are verified against --cacert or the system's, host
 * name included (RFC 4513, section 3.1.3). Every wait ends: connecting, the TLS handshake, and
 * the silence before the next message of an answer each take `patience` seconds at most, and
 * SIGINT ends them sooner. Errors are ERROR_SOURCE (the directory), ERROR_USAGE (what was asked of
 * it) or ERROR_INTERRUPTED, and name the server.
 *
 * What else ldap.conf(5) says (a client certificate, a cipher list) holds. */
#ifndef ROWPOST_PEOPLE_DIRECTORY_SESSION_H
#define ROWPOST_PEOPLE_DIRECTORY_SESSION_H

#include "people/directory_entry.h"
#include "people/directory_place.h"
#include "people/people.h"

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

#endif
