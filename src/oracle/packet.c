#include "oracle/packet.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TYPE = 4, FLAGS = 5, FIRST_CAPACITY = 131072 };

/* Of a packet that is traced: bytes that are shown, and in each line. */
enum { SHOWN = 4096, A_LINE = 32, LINE_SIZE = 256 };

void trace_note(const struct trace *trace, const char *format, ...) {
    char line[LINE_SIZE];
    va_list arguments;
    if (trace->report == NULL) {
        return;
    }
    va_start(arguments, format);
    vsnprintf(line, sizeof line, format, arguments);
    va_end(arguments);
    trace->report(trace->context, line);
}

static void report_bytes(const struct trace *trace, const unsigned char *bytes, size_t length) {
    char line[LINE_SIZE];
    size_t used = (size_t)snprintf(line, sizeof line, "   ");
    for (size_t i = 0; i < length; i++) {
        used += (size_t)snprintf(line + used, sizeof line - used, " %02x", bytes[i]);
    }
    trace->report(trace->context, line);
}

/* A packet, header included. `direction`: "sent" or "received". */
static void trace_packet(const struct trace *trace, const char *direction,
                         const unsigned char *packet, size_t length) {
    if (trace->report == NULL) {
        return;
    }
    trace_note(trace, "%s type %d, %zu bytes%s", direction, packet[TYPE], length,
               trace->is_masked ? ", masked" : "");
    if (trace->is_masked) {
        report_bytes(trace, packet, PACKET_HEADER_SIZE);
        return;
    }
    size_t shown = length > SHOWN ? SHOWN : length;
    for (size_t at = 0; at < shown; at += A_LINE) {
        report_bytes(trace, packet + at, shown - at > A_LINE ? A_LINE : shown - at);
    }
    if (shown < length) {
        trace_note(trace, "    ... %zu bytes more", length - shown);
    }
}

void packets_start(struct packets *packets, struct transport *transport) {
    packets->transport = transport;
    packets->has_long_lengths = false;
    packets->size = PACKET_LEAST;
    packets->start = 0;
    packets->end = 0;
}

void packets_free(struct packets *packets) {
    free(packets->buffer);
    packets->buffer = NULL;
    packets->capacity = 0;
    bytes_wipe(&packets->outgoing);
}

/* Makes room for a packet of so many bytes at `start`. */
static int make_room(struct packets *packets, size_t length, struct oracle_error *error) {
    if (packets->start > 0 && packets->start + length > packets->capacity) {
        memmove(packets->buffer, packets->buffer + packets->start, packets->end - packets->start);
        packets->end -= packets->start;
        packets->start = 0;
    }
    if (length <= packets->capacity) {
        return 0;
    }
    size_t capacity = packets->capacity == 0 ? FIRST_CAPACITY : packets->capacity;
    while (capacity < length) {
        capacity *= 2;
    }
    unsigned char *buffer = realloc(packets->buffer, capacity);
    if (buffer == NULL) {
        return failure_set_no_memory(error);
    }
    packets->buffer = buffer;
    packets->capacity = capacity;
    return 0;
}

/* Receives until so many bytes are there. */
static int fill(struct packets *packets, size_t length, struct oracle_error *error) {
    if (packets->end - packets->start >= length) {
        return 0;
    }
    if (make_room(packets, length, error) != 0) {
        return -1;
    }
    while (packets->end - packets->start < length) {
        long received = transport_receive(packets->transport, packets->buffer + packets->end,
                                          packets->capacity - packets->end, error);
        if (received < 0) {
            return -1;
        }
        packets->end += (size_t)received;
    }
    return 0;
}

static size_t read_length(const struct packets *packets, const unsigned char *header) {
    size_t high = (size_t)header[0] << 8 | header[1];
    if (!packets->has_long_lengths) {
        return high;
    }
    return high << 16 | (size_t)header[2] << 8 | header[3];
}

int packet_read(struct packets *packets, struct packet *packet, struct oracle_error *error) {
    if (fill(packets, PACKET_HEADER_SIZE, error) != 0) {
        return -1;
    }
    size_t length = read_length(packets, packets->buffer + packets->start);
    if (length < PACKET_HEADER_SIZE || length > PACKET_MOST) {
        return failure_set(error, ORACLE_PROTOCOL,
                           "the server sent a packet of %zu bytes; is it Oracle's listener?",
                           length);
    }
    if (fill(packets, length, error) != 0) {
        return -1;
    }
    const unsigned char *header = packets->buffer + packets->start;
    *packet = (struct packet){header[TYPE], header[FLAGS], header + PACKET_HEADER_SIZE,
                              length - PACKET_HEADER_SIZE};
    packets->start += length;
    trace_packet(&packets->trace, "received", header, length);
    if (packet->type == PACKET_DATA && packet->length < PACKET_DATA_FLAGS_SIZE) {
        return failure_set(error, ORACLE_PROTOCOL, "the server sent a data packet without flags");
    }
    return 0;
}

static void append_header(const struct packets *packets, struct bytes *out, int type, int flags,
                          size_t length) {
    unsigned char header[PACKET_HEADER_SIZE] = {0};
    if (packets->has_long_lengths) {
        header[0] = (unsigned char)(length >> 24);
        header[1] = (unsigned char)(length >> 16);
        header[2] = (unsigned char)(length >> 8);
        header[3] = (unsigned char)length;
    } else {
        header[0] = (unsigned char)(length >> 8);
        header[1] = (unsigned char)length;
    }
    header[TYPE] = (unsigned char)type;
    header[FLAGS] = (unsigned char)flags;
    bytes_append(out, header, sizeof header);
}

static int send_outgoing(struct packets *packets, struct oracle_error *error) {
    const struct bytes *out = &packets->outgoing;
    if (out->failed) {
        return failure_set_no_memory(error);
    }
    trace_packet(&packets->trace, "sent", out->data, out->length);
    return transport_send(packets->transport, out->data, out->length, error);
}

int packet_write(struct packets *packets, int type, int flags, const void *body, size_t length,
                 struct oracle_error *error) {
    bytes_clear(&packets->outgoing);
    append_header(packets, &packets->outgoing, type, flags, PACKET_HEADER_SIZE + length);
    bytes_append(&packets->outgoing, body, length);
    return send_outgoing(packets, error);
}

int packet_write_message(struct packets *packets, const struct bytes *message,
                         struct oracle_error *error) {
    static const unsigned char no_flags[PACKET_DATA_FLAGS_SIZE] = {0};
    const size_t overhead = PACKET_HEADER_SIZE + PACKET_DATA_FLAGS_SIZE;
    if (message->failed) {
        return failure_set_no_memory(error);
    }
    for (size_t at = 0, part = 0; at < message->length; at += part) {
        part = message->length - at;
        if (part > packets->size - overhead) {
            part = packets->size - overhead;
        }
        bytes_clear(&packets->outgoing);
        append_header(packets, &packets->outgoing, PACKET_DATA, 0, overhead + part);
        bytes_append(&packets->outgoing, no_flags, sizeof no_flags);
        bytes_append(&packets->outgoing, message->data + at, part);
        if (send_outgoing(packets, error) != 0) {
            return -1;
        }
    }
    return 0;
}
