/* Packets: how the protocol cuts messages into pieces. An 8-byte header holds the length (two
 * bytes, or four once the server has accepted version 315 or newer), the type and flags.
 *
 * Private to src/oracle. A struct packets is the one stream of a connection; the transport stays
 * the caller's. The body of a packet lives until the next packet_read(). */
#ifndef ROWPOST_ORACLE_PACKET_H
#define ROWPOST_ORACLE_PACKET_H

#include "oracle/bytes.h"
#include "oracle/transport.h"

enum packet_type {
    PACKET_CONNECT = 1,
    PACKET_ACCEPT = 2,
    PACKET_REFUSE = 4,
    PACKET_REDIRECT = 5,
    PACKET_DATA = 6,
    PACKET_NULL = 7,
    PACKET_RESEND = 11,
    PACKET_MARKER = 12,
    PACKET_ATTENTION = 13,
    PACKET_CONTROL = 14
};

/* Flags in the header. */
enum { PACKET_REDIRECT_SEPARATES = 0x02, PACKET_IS_REDIRECTED = 0x04, PACKET_RENEW_TLS = 0x08 };

enum {
    PACKET_HEADER_SIZE = 8,
    PACKET_DATA_FLAGS_SIZE = 2,
    PACKET_DATA_END = 0x40, /* data flag: the other side takes its leave */
    PACKET_MOST = 2097152,  /* the largest packet that can be agreed on */
    PACKET_LEAST = 512      /* and the smallest */
};

struct packet {
    int type;
    int flags;
    const unsigned char *body; /* after the header */
    size_t length;
};

/* Reports what is sent and received to the observer, if there is one. While the user signs in, the
 * content of packets is masked: it holds what a password could be guessed from. */
struct trace {
    void (*report)(void *context, const char *line); /* NULL: nobody */
    void *context;
    bool is_masked;
};

struct packets {
    struct transport *transport;
    struct trace trace;
    bool has_long_lengths;
    size_t size; /* the largest packet that may be sent, header included */
    struct bytes outgoing;
    unsigned char *buffer; /* what was received: from `start` to `end` is still to be read */
    size_t capacity, start, end;
};

/* The stream of a new connection. */
void packets_start(struct packets *packets, struct transport *transport);
void packets_free(struct packets *packets);

/* Reads the next packet, whatever its type. */
int packet_read(struct packets *packets, struct packet *packet, struct oracle_error *error);

/* Sends one packet. */
int packet_write(struct packets *packets, int type, int flags, const void *body, size_t length,
                 struct oracle_error *error);

/* Sends a message as so many data packets as it takes. */
int packet_write_message(struct packets *packets, const struct bytes *message,
                         struct oracle_error *error);

/* Reports something else that is worth a line. */
__attribute__((format(printf, 2, 3))) void trace_note(const struct trace *trace, const char *format,
                                                      ...);

#endif
