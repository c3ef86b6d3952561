/* Where a database is: HOST[:PORT]/SERVICE, a connect descriptor, or a name in tnsnames.ora.
 *
 * Private to src/oracle, for address.c and the files of two forms. address_parse_text() fills a
 * struct that address_release() releases. What the server is sent (the connect data) is a
 * descriptor in any case. */
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
    const char *tns_admin; /* the folder of tnsnames.ora; NULL: the environment's TNS_ADMIN */
    uint32_t choice;       /* any number: with which address LOAD_BALANCE begins */
};

/* Reads what the user wrote: one of the two forms below, or a descriptor. That is
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

/* ---- the short form (easy_connect.c) ----
 *
 * Easy Connect Plus (Oracle Net Services Administrator's Guide, "Easy Connect Plus"), which becomes
 * a descriptor:
 *
 *   [tcp://|tcps://|//]HOST[,HOST...][:PORT][,HOST:PORT...]/SERVICE[:SERVER][/INSTANCE][?KEY=VALUE&...]
 *   HOST:PORT:SID
 *
 * A port holds for the hosts before it that have none; 1521 (2484 for tcps) where none is given. An
 * IPv6 address is in brackets. Groups of hosts with `;` between are address lists. Among several
 * hosts LOAD_BALANCE is on. */

/* "expected HOST[:PORT]/SERVICE, ...": what an address may be, for messages. */
extern const char easy_connect_form[];

/* Whether the text is a port's number. */
bool easy_connect_is_port(const char *text);

/* Appends the descriptor. 0, or -1 with ORACLE_USAGE. */
int easy_connect_translate(const char *text, struct bytes *descriptor, struct oracle_error *error);

/* ---- a name in tnsnames.ora (tns_names.c) ---- */

/* Appends the descriptor of the alias in the folder's tnsnames.ora or a file that it includes
 * (IFILE). `folder` may be NULL: the environment's TNS_ADMIN. Case does not count, and the alias
 * may lack the domain of the entry. 0, or -1 with ORACLE_USAGE, which lists the names that are
 * there. */
int tns_names_find(const char *folder, const char *alias, struct bytes *found,
                   struct oracle_error *error);

#endif
