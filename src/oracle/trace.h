/* Tells whoever wants to know what goes over the wire, packet by packet.
 *
 * Private to src/oracle. Nothing is owned. While the user signs in, the content of packets is
 * masked: it holds what a password could be guessed from. */
#ifndef ROWPOST_ORACLE_TRACE_H
#define ROWPOST_ORACLE_TRACE_H

#include <stdbool.h>
#include <stddef.h>

struct trace {
    void (*tell)(void *context, const char *line); /* NULL: nobody */
    void *context;
    bool is_masked;
};

/* A packet, header included. `direction`: "sent" or "received". */
void trace_packet(const struct trace *trace, const char *direction, const unsigned char *packet,
                  size_t length);

/* Something else that is worth a line. */
__attribute__((format(printf, 2, 3))) void trace_note(const struct trace *trace, const char *format,
                                                      ...);

#endif
