/* What is known of a connection, for the parts that speak on it. Private to src/oracle.
 *
 * A call on the server is begun with connection_begin_call(), filled in by message_put_...(), sent
 * with connection_send(), and answered by messages that the caller reads until reply.h reports that
 * the answer is over. */
#ifndef ROWPOST_ORACLE_CONNECTION_H
#define ROWPOST_ORACLE_CONNECTION_H

#include "oracle/message.h"
#include "oracle/oracle.h"
#include "oracle/reader.h"

/* Field versions: what the layout of messages depends on. */
enum {
    FIELDS_12_1 = 7,
    FIELDS_12_2 = 8,
    FIELDS_12_2_EXTENDED = 9,
    FIELDS_19 = 13,
    FIELDS_20 = 14,
    FIELDS_23 = 17,
    FIELDS_23_TOKENS = 18,
    FIELDS_23_ANNOTATIONS = 20,
    FIELDS_23_VECTORS = 24,
    FIELDS_NEWEST = 24
};

struct oracle_connection {
    struct oracle_options options; /* its texts are borrowed from the caller only while
                                      connecting */
    struct packets packets;
    struct reader reader;
    struct bytes message; /* being written */
    unsigned char sequence;
    int field_version;
    unsigned asides;       /* messages since the last row, or since the call */
    size_t longest_column; /* bytes; a longer one is followed by an indicator and a code */
    unsigned national_charset;
    bool is_signed_in;
    bool is_broken;         /* nothing can be sent any more */
    bool has_columns_of_go; /* describes columns as for Go's driver: for captures of it */
    struct bytes banner;
    struct bytes version;
    struct bytes warning;
    uint32_t unclosed_cursor; /* of the result before; closed along with the next call */
};

/* Fails with the reader's error, and the connection is of no use from then on. Returns -1. */
int connection_fail(struct oracle_connection *connection, struct oracle_error *error);

/* Begins a message that calls a function. */
struct bytes *connection_begin_call(struct oracle_connection *connection,
                                    enum message_function function);

/* Begins a message of another type. */
struct bytes *connection_begin_message(struct oracle_connection *connection,
                                       enum message_type type);

/* Sends what has been written. */
int connection_send(struct oracle_connection *connection, struct oracle_error *error);

/* Fills `bytes` by the caller's source of randomness, or by OpenSSL's. `context` is the
 * connection. */
int connection_make_random(void *context, unsigned char *bytes, size_t length);

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

/* The steps of connecting, in this order; 0, or -1 with the error. The first connects to an
 * endpoint of the address, and follows its listener to the database; where it fails, the connection
 * has no transport if one could not be made. */
int listener_reach(struct oracle_connection *connection, const struct address *address,
                   const struct endpoint *endpoint, struct oracle_error *error);
int negotiation_agree(struct oracle_connection *connection, struct oracle_error *error);
int sign_in_user(struct oracle_connection *connection, struct oracle_error *error);

#endif
