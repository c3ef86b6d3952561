/* Reaching the database behind a listener. Private to src/oracle. */
#ifndef ROWPOST_ORACLE_LISTENER_H
#define ROWPOST_ORACLE_LISTENER_H

#include "oracle/connection.h"

/* A listener on the way to the database, and what is sent to it. */
struct stop {
    struct endpoint endpoint;
    struct bytes connect_data;
};

enum outcome { OUTCOME_FAILED = -1, OUTCOME_ACCEPTED, OUTCOME_REDIRECTED };

/* Speaks with one listener, over the connection's transport, until it has decided. `flags`:
 * PACKET_IS_REDIRECTED after a redirect. A redirect is put into `stop`. */
enum outcome listener_ask(struct oracle_connection *connection, struct stop *stop, int flags,
                          struct oracle_error *error);

/* Connects to an endpoint of the address, and follows its listener to the database. 0, or -1 with
 * the error; the connection has no transport then where one could not be made. */
int listener_reach(struct oracle_connection *connection, const struct address *address,
                   const struct endpoint *endpoint, struct oracle_error *error);

#endif
