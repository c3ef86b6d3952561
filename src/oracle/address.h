/* Where a database is: HOST[:PORT]/SERVICE, a connect descriptor, or a name in tnsnames.ora.
 *
 * Private to src/oracle. address_parse_text() fills a struct that address_release() releases. What
 * the server is sent (the connect data) is a descriptor in any case. */
#ifndef ROWPOST_ORACLE_ADDRESS_H
#define ROWPOST_ORACLE_ADDRESS_H

#include <stdbool.h>
#include <stdint.h>

#include "oracle/bytes.h"
#include "oracle/failure.h"

enum { ADDRESS_MOST_ENDPOINTS = 16, ADDRESS_MOST_DESCRIPTIONS = 8 };

/* A listener. */
struct endpoint {
    bool is_encrypted; /* TCPS */
    char host[256];
    char port[8];
    int transport_limit; /* milliseconds for TCP to connect to one IP: TRANSPORT_CONNECT_TIMEOUT */
    int connect_limit;   /* and from there until the user is signed in: CONNECT_TIMEOUT; 0: unset */
    size_t description;  /* which of the connect data is sent to it */
};

struct address {
    struct endpoint endpoints[ADDRESS_MOST_ENDPOINTS]; /* tried in this order */
    size_t endpoint_count;
    struct bytes connect_data[ADDRESS_MOST_DESCRIPTIONS];
    size_t description_count;
};

struct address_settings {
    const char *program;   /* sent to the server */
    const char *tns_admin; /* the folder of tnsnames.ora; NULL: the environment's TNS_ADMIN */
    uint32_t choice;       /* any number: with which address LOAD_BALANCE begins */
};

/* Reads what the user wrote; easy_connect.h has the short form. A descriptor is
 * `(DESCRIPTION=...)`, `(DESCRIPTION_LIST=...)`, `(ADDRESS=...)` with or without
 * `(CONNECT_DATA=...)` after it, and may have `NAME =` before it as in tnsnames.ora. LOAD_BALANCE,
 * FAILOVER and SOURCE_ROUTE decide which addresses are tried and in which order (Oracle Net
 * Services Reference, "Local Naming Parameters"). */
int address_parse_text(const char *text, const struct address_settings *settings,
                       struct address *address, struct oracle_error *error);
void address_release(struct address *address);

/* Reads what a listener redirects to: the first address of a descriptor. */
int address_parse_redirect(const char *descriptor, struct endpoint *endpoint,
                           struct oracle_error *error);

#endif
