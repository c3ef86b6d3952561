/* Where a directory of people is, and what is read there: an LDAP URL (RFC 4516) and the names of
 * three attributes.
 *
 * `ldap://HOST[:PORT]/BASE` or `ldaps://...`; the base DN is percent-encoded. Behind it, as in the
 * RFC, a scope (`one`; else the whole subtree is searched) and a filter that narrows down who is
 * looked at: `ldap://host/dc=example??one?(employeeType=Primary)`. Attributes in the URL and
 * extensions are refused. A place owns its texts: start from `{0}`, end with
 * directory_place_free(). */
#ifndef ROWPOST_PEOPLE_DIRECTORY_PLACE_H
#define ROWPOST_PEOPLE_DIRECTORY_PLACE_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/error.h"

enum directory_attribute {
    DIRECTORY_LOGIN,
    DIRECTORY_NAME,
    DIRECTORY_MAIL,
    DIRECTORY_ATTRIBUTE_COUNT
};

enum directory_scope { DIRECTORY_SUBTREE, DIRECTORY_ONE_LEVEL };

struct directory_place {
    bool is_tls;        /* ldaps */
    const char *server; /* "ldap://host:389": what is connected to */
    const char *host;
    const char *port;
    const char *base;   /* a DN, decoded; never empty */
    const char *filter; /* or NULL */
    enum directory_scope scope;
    const char *attributes[DIRECTORY_ATTRIBUTE_COUNT + 1]; /* ended by NULL */
    const char *name;                                      /* the URL without what is optional */
    struct arena arena;
};

/* True where the location is of one of the schemes, whatever its case. */
bool directory_place_is_one(const char *location);

/* `attributes` is `login=NAME,name=NAME,mail=NAME`, of which any may be left out, or NULL; the
 * defaults are those of CERN's directory: cn, displayName, mail. ERROR_USAGE says what was
 * expected.
 */
int directory_place_parse(struct directory_place *place, const char *location,
                          const char *attributes, struct error *error);
void directory_place_free(struct directory_place *place);

#endif
