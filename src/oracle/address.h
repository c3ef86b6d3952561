/* Where a database is: HOST[:PORT]/SERVICE, or a connect descriptor.
 *
 * Private to src/oracle. address_parse_text() fills a struct that address_release() releases. What
 * the server is sent (the connect data) is a descriptor in any case. */
#ifndef ROWPOST_ORACLE_ADDRESS_H
#define ROWPOST_ORACLE_ADDRESS_H

#include <stdbool.h>

#include "oracle/bytes.h"
#include "oracle/failure.h"

enum { ADDRESS_MOST_ENDPOINTS = 16 };

/* A listener. */
struct endpoint {
    bool is_encrypted; /* TCPS */
    char host[256];
    char port[8];
};

struct address {
    struct endpoint endpoints[ADDRESS_MOST_ENDPOINTS]; /* tried in this order */
    size_t endpoint_count;
    struct bytes connect_data;
};

/* Reads what the user wrote: `HOST[:PORT]/SERVICE[:SERVER][/INSTANCE]` with `tcp://` or `tcps://`
 * before it or not, an IPv6 address in brackets, port 1521 (2484 for tcps) where none stands; or
 * `(DESCRIPTION=...)` with one or more addresses. `program` is told to the server. */
int address_parse_text(const char *text, const char *program, struct address *address,
                       struct oracle_error *error);
void address_release(struct address *address);

/* Reads the addresses alone, out of any descriptor: what a listener redirects to. */
int address_parse_endpoints(const char *descriptor, struct address *address,
                            struct oracle_error *error);

#endif
