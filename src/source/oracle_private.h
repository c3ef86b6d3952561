/* The address of an Oracle database that is read by its own protocol.
 *
 * Private to src/source. `struct oracle_url` owns its texts; oracle_url_free() releases them.
 *
 *   oracle://USER@HOST:PORT/SERVICE        over TCP
 *   oracle+tcps://USER@HOST:PORT/SERVICE   over TLS
 *   oracle://USER@HOST:PORT:SID            the same by the SID
 *   oracle:USER@(DESCRIPTION=...)          as in the descriptor; the user may be left out
 *   oracle://USER@NAME                     a name in tnsnames.ora
 *   oracle+cx_oracle://USER:PASSWORD@HOST:PORT/?service_name=SERVICE
 *   oracle+oracledb://...                  the same, as SQLAlchemy has it: after the slash is a
 * SID; with neither the host is a name in tnsnames.ora */
#ifndef ROWPOST_SOURCE_ORACLE_PRIVATE_H
#define ROWPOST_SOURCE_ORACLE_PRIVATE_H

#include "base/error.h"
#include "base/text.h"

struct oracle_url {
    struct text name;     /* for messages and the workspace; a password is masked */
    struct text address;  /* what src/oracle takes */
    struct text user;     /* or USER[TARGET], the proxy's form */
    struct text password; /* empty: to be asked for */
};

/* Reads `url`; `user` (may be NULL) counts where it names none. ERROR_USAGE for what names no user,
 * or has a password in it although it is not SQLAlchemy's; the error never repeats the password. */
int oracle_url_read(struct oracle_url *parts, const char *url, const char *user,
                    struct error *error);
void oracle_url_free(struct oracle_url *parts);

#endif
