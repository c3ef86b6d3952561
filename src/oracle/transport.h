/* A connection to a listener: bytes over TCP or TLS, and no wait without a limit.
 *
 * Private to src/oracle. transport_connect() gives a transport that transport_close() closes and
 * frees. Each IP of a host has the endpoint's `transport_limit` to answer. TLS verifies the
 * certificate and the host's name; there is no way around it. */
#ifndef ROWPOST_ORACLE_TRANSPORT_H
#define ROWPOST_ORACLE_TRANSPORT_H

#include <stdint.h>

#include "oracle/address.h"
#include "oracle/failure.h"

struct transport;

struct transport_settings {
    const char *ca_file; /* PEM; NULL: the system's */
    int64_t deadline;    /* by transport_clock(), when the user has to be signed in; 0: not set */
    int connect_limit;   /* milliseconds after which that is, where it begins with the connection */
    int silence_limit;   /* milliseconds without a byte, once that is over */
};

/* Milliseconds of a monotonic clock. */
int64_t transport_clock(void);

/* Connects and, where the endpoint wants it, shakes hands over TLS. NULL with the error. */
struct transport *transport_connect(const struct endpoint *endpoint,
                                    const struct transport_settings *settings,
                                    struct oracle_error *error);

/* Takes over a connected socket, without TLS. NULL: no memory, and the socket stays the caller's.
 */
struct transport *transport_adopt(int descriptor, const struct transport_settings *settings);
void transport_close(struct transport *transport);

/* Begins TLS again on the same connection, as a listener that hands it over asks for. */
int transport_renew(struct transport *transport, struct oracle_error *error);

/* When the user has to be signed in, by transport_clock(). */
int64_t transport_deadline(const struct transport *transport);

/* From here on the deadline does not count any more. */
void transport_end_deadline(struct transport *transport);

/* Everything from here on has to be over in so many milliseconds. */
void transport_begin_deadline(struct transport *transport, int limit);

/* Sends all of it. */
int transport_send(struct transport *transport, const unsigned char *data, size_t length,
                   struct oracle_error *error);

/* Receives at least one byte and at most `size`. Their number, or -1: a connection that has ended
 * is an error, too. */
long transport_receive(struct transport *transport, unsigned char *data, size_t size,
                       struct oracle_error *error);

#endif
