/* CONNECT, and the possible answers to it. */
#include <stdlib.h>
#include <string.h>

#include "oracle/connection.h"
#include "oracle/descriptor.h"

enum {
    WANTED_VERSION = 319,
    LEAST_VERSION = 300,
    LONG_LENGTHS_SINCE = 315,
    LONGEST_DATA_INSIDE = 230, /* longer connect data follows in a packet of its own */
    DATA_OFFSET = 74,
    /* What the transport can do: asynchronous, callbacks, more data, readiness, full duplex. */
    TRANSPORT_TRAITS = 0x130e,
    OPTIONS_ANY = 0x0001,
    NO_NATIVE_SERVICES = 0x08,
    NATIVE_SERVICES_REQUIRED = 0x10,
    MOST_REDIRECTS = 8,
    MOST_RESENDS = 4,
    MOST_IDLE_PACKETS = 100,
    LARGEST_SHORT_SIZE = 65535
};

/* Offsets in the body of an ACCEPT; of the length in a REFUSE and in a REDIRECT; the text begins
 * after it. */
enum { ACCEPT_FLAGS = 14, ACCEPT_LEAST = 16, ACCEPT_LONG_SIZE = 24, ACCEPT_LONG_LEAST = 33 };
enum { REFUSE_LENGTH = 2, REDIRECT_LENGTH = 0 };

static const char encryption_required[] = "the database requires native encryption, which is not "
                                          "supported here; connect to its TCPS port "
                                          "(tcps://HOST:PORT/SERVICE), or use Oracle's ODBC driver";

/* A listener's own errors, and what to do about them. */
static const struct refusal {
    int code;
    const char *sentence;
} refusals[] = {
    {12505, "the listener knows no such SID"},
    {12514, "the listener knows no such service; `lsnrctl services` lists those there are"},
    {12516, "no handler of the listener takes this protocol"},
    {12518, "the listener could not hand the connection over; try again later"},
    {12519, "the database has no room for another connection; try again later"},
    {12520, "the database has no room for another connection; try again later"},
    {12526, "the database takes only privileged users at the moment"},
    {12528, "the database does not take new connections at the moment"},
    {12660, encryption_required},
};

static int fail_refused(const struct endpoint *endpoint, const char *text, size_t length,
                        struct oracle_error *error) {
    struct parameter part;
    char digits[16] = "";
    const char *sentence = "the listener refused the connection";
    if (descriptor_find(text, text + length, "ERR", &part)) {
        descriptor_copy(&part, digits, sizeof digits);
    }
    int code = (int)strtol(digits, NULL, 10);
    for (size_t i = 0; i < sizeof refusals / sizeof *refusals; i++) {
        if (refusals[i].code == code) {
            sentence = refusals[i].sentence;
        }
    }
    if (code == 0) {
        return failure_set(error, ORACLE_UNREACHABLE,
                           "%s:%s: the listener refused the connection and gave no reason; its "
                           "listener.log has it",
                           endpoint->host, endpoint->port);
    }
    failure_set(error, sentence == encryption_required ? ORACLE_UNSUPPORTED : ORACLE_UNREACHABLE,
                "%s:%s: %s (TNS-%05d)", endpoint->host, endpoint->port, sentence, code);
    error->code = code;
    return -1;
}

static void put_connect(struct bytes *body, const struct bytes *data, int size) {
    message_put_u16(body, WANTED_VERSION);
    message_put_u16(body, LEAST_VERSION);
    message_put_u16(body, OPTIONS_ANY);
    message_put_u16(body, (unsigned)(size > LARGEST_SHORT_SIZE ? LARGEST_SHORT_SIZE : size));
    message_put_u16(body, LARGEST_SHORT_SIZE);
    message_put_u16(body, TRANSPORT_TRAITS);
    message_put_u16(body, 0); /* line turnaround */
    message_put_u16(body, 1); /* one, in the byte order of this machine: any will do */
    message_put_u16(body, (unsigned)data->length);
    message_put_u16(body, DATA_OFFSET);
    message_put_u32(body, 0); /* the most connect data that is wanted back */
    message_put_byte(body, NO_NATIVE_SERVICES);
    message_put_byte(body, NO_NATIVE_SERVICES);
    for (int i = 0; i < 6; i++) {
        message_put_u32(body, 0); /* tracing, time-outs, reconnecting */
    }
    message_put_u32(body, (uint32_t)size);
    message_put_u32(body, PACKET_MOST);
    message_put_u32(body, 0); /* no compression */
    message_put_u32(body, 0); /* no urgent data */
}

static int send_connect(struct packets *packets, const struct bytes *data, int flags, int size,
                        struct oracle_error *error) {
    struct bytes body = {0};
    put_connect(&body, data, size);
    bool is_inside = data->length <= LONGEST_DATA_INSIDE;
    if (is_inside) {
        bytes_append(&body, data->data, data->length);
    }
    int rc = body.failed
                 ? failure_set_no_memory(error)
                 : packet_write(packets, PACKET_CONNECT, flags, body.data, body.length, error);
    bytes_free(&body);
    return rc == 0 && !is_inside ? packet_write_message(packets, data, error) : rc;
}

/* Reads the next packet that matters for connecting. */
static int read_packet(struct packets *packets, struct packet *packet, struct oracle_error *error) {
    for (int idle = 0; idle <= MOST_IDLE_PACKETS; idle++) {
        if (packet_read(packets, packet, error) != 0) {
            return -1;
        }
        if (packet->type != PACKET_NULL && packet->type != PACKET_ATTENTION &&
            packet->type != PACKET_CONTROL) {
            return 0;
        }
    }
    return failure_set(error, ORACLE_PROTOCOL, "the listener sent %d packets without content",
                       MOST_IDLE_PACKETS);
}

/* The text of a REFUSE or REDIRECT. As much of it as is not in the packet follows in others. */
static int read_text(struct packets *packets, const struct packet *packet, size_t length_at,
                     struct bytes *text, struct oracle_error *error) {
    const unsigned char *body = packet->body;
    size_t start = length_at + 2;
    if (packet->length < start) {
        return 0;
    }
    size_t length = (size_t)body[length_at] << 8 | body[length_at + 1];
    bytes_append(text, body + start, packet->length - start);
    while (text->length < length && !text->failed) {
        struct packet more;
        if (read_packet(packets, &more, error) != 0) {
            return -1;
        }
        if (more.type != PACKET_DATA) {
            return failure_set(error, ORACLE_PROTOCOL, "the listener sent a packet of type %d",
                               more.type);
        }
        bytes_append(text, more.body + PACKET_DATA_FLAGS_SIZE,
                     more.length - PACKET_DATA_FLAGS_SIZE);
    }
    return text->failed ? failure_set_no_memory(error) : 0;
}

static int take_accept(struct packets *packets, const struct packet *packet,
                       struct oracle_error *error) {
    const unsigned char *body = packet->body;
    if (packet->length < ACCEPT_LEAST) {
        return failure_set(error, ORACLE_PROTOCOL, "the listener's acceptance is cut short");
    }
    int version = body[0] << 8 | body[1];
    size_t size = (size_t)body[4] << 8 | body[5];
    if (version >= LONG_LENGTHS_SINCE) {
        if (packet->length < ACCEPT_LONG_LEAST) {
            return failure_set(error, ORACLE_PROTOCOL, "the listener's acceptance is cut short");
        }
        const unsigned char *wide = body + ACCEPT_LONG_SIZE;
        size = (size_t)wide[0] << 24 | (size_t)wide[1] << 16 | (size_t)wide[2] << 8 | wide[3];
    }
    if (((body[ACCEPT_FLAGS] | body[ACCEPT_FLAGS + 1]) & NATIVE_SERVICES_REQUIRED) != 0) {
        return failure_set(error, ORACLE_UNSUPPORTED, "%s", encryption_required);
    }
    if (size < PACKET_HEADER_SIZE + PACKET_DATA_FLAGS_SIZE + 1 || size > PACKET_MOST) {
        return failure_set(error, ORACLE_PROTOCOL, "the listener asks for packets of %zu bytes",
                           size);
    }
    packets->has_long_lengths = version >= LONG_LENGTHS_SINCE;
    packets->size = size;
    return 0;
}

/* Where a redirect leads, and with which connect data: its own, or what was sent before. */
static int take_redirect(struct packets *packets, const struct packet *packet, struct stop *stop,
                         struct oracle_error *error) {
    struct bytes text = {0};
    struct endpoint next = {0};
    int flags = packet->flags;
    int rc = read_text(packets, packet, REDIRECT_LENGTH, &text, error);
    if (rc == 0) {
        rc = address_parse_redirect(bytes_text(&text), &next, error);
        if (rc != 0 && error->failure == ORACLE_USAGE) {
            failure_set(error, ORACLE_PROTOCOL,
                        "%s:%s: the listener redirects to no address that can be understood",
                        stop->endpoint.host, stop->endpoint.port);
        }
    }
    /* A listener over TLS must not lead to where anybody may listen. */
    if (rc == 0 && stop->endpoint.is_encrypted && !next.is_encrypted) {
        rc = failure_set(error, ORACLE_PROTOCOL,
                         "the listener redirects from TCPS to TCP; that is not followed");
    }
    if (rc == 0) {
        size_t first = strlen(bytes_text(&text));
        if ((flags & PACKET_REDIRECT_SEPARATES) != 0 && first < text.length) {
            bytes_clear(&stop->connect_data);
            bytes_append(&stop->connect_data, text.data + first + 1, text.length - first - 1);
        }
        next.transport_limit = stop->endpoint.transport_limit;
        stop->endpoint = next;
    }
    bytes_free(&text);
    return rc;
}

static int take_refusal(struct packets *packets, const struct packet *packet,
                        const struct endpoint *endpoint, struct oracle_error *error) {
    struct bytes text = {0};
    if (read_text(packets, packet, REFUSE_LENGTH, &text, error) == 0) {
        fail_refused(endpoint, bytes_text(&text), text.length, error);
    }
    bytes_free(&text);
    return -1;
}

enum outcome listener_ask(struct oracle_connection *connection, struct stop *stop, int flags,
                          struct oracle_error *error) {
    struct packets *packets = &connection->packets;
    struct packet packet = {0};
    for (int resends = 0; resends <= MOST_RESENDS; resends++) {
        if (send_connect(packets, &stop->connect_data, flags, connection->options.packet_size,
                         error) != 0 ||
            read_packet(packets, &packet, error) != 0) {
            return OUTCOME_FAILED;
        }
        switch (packet.type) {
        case PACKET_ACCEPT:
            return take_accept(packets, &packet, error) == 0 ? OUTCOME_ACCEPTED : OUTCOME_FAILED;
        case PACKET_REDIRECT:
            return take_redirect(packets, &packet, stop, error) == 0 ? OUTCOME_REDIRECTED
                                                                     : OUTCOME_FAILED;
        case PACKET_REFUSE:
            return take_refusal(packets, &packet, &stop->endpoint, error);
        case PACKET_RESEND:
            if ((packet.flags & PACKET_RENEW_TLS) != 0 &&
                transport_renew(packets->transport, error) != 0) {
                return OUTCOME_FAILED;
            }
            break;
        default:
            return failure_set(error, ORACLE_PROTOCOL,
                               "%s:%s: answered with a packet of type %d; is it Oracle's listener?",
                               stop->endpoint.host, stop->endpoint.port, packet.type);
        }
    }
    return failure_set(error, ORACLE_PROTOCOL, "the listener asks again and again for the same");
}

/* Connects and follows where the listener leads. */
static int follow(struct oracle_connection *connection, struct stop *stop,
                  struct transport_settings *settings, struct oracle_error *error) {
    struct packets *packets = &connection->packets;
    for (int redirects = 0; redirects <= MOST_REDIRECTS; redirects++) {
        const struct endpoint *endpoint = &stop->endpoint;
        transport_close(packets->transport);
        packets_start(packets, NULL);
        trace_note(&packets->trace, "connecting to %s:%s%s", endpoint->host, endpoint->port,
                   endpoint->is_encrypted ? " over TLS" : "");
        packets->transport = transport_connect(endpoint, settings, error);
        if (packets->transport == NULL) {
            return -1;
        }
        settings->deadline = transport_deadline(packets->transport);
        enum outcome outcome =
            listener_ask(connection, stop, redirects > 0 ? PACKET_IS_REDIRECTED : 0, error);
        if (outcome != OUTCOME_REDIRECTED) {
            return outcome == OUTCOME_ACCEPTED ? 0 : -1;
        }
    }
    return failure_set(error, ORACLE_PROTOCOL, "the listener redirects more than %d times",
                       MOST_REDIRECTS);
}

int listener_reach(struct oracle_connection *connection, const struct address *address,
                   const struct endpoint *endpoint, struct oracle_error *error) {
    const struct oracle_options *options = &connection->options;
    const struct bytes *data = &address->connect_data[endpoint->description];
    struct stop stop = {.endpoint = *endpoint};
    struct transport_settings settings = {
        .ca_file = options->ca_file,
        .connect_limit =
            endpoint->connect_limit > 0 ? endpoint->connect_limit : options->connect_limit,
        .silence_limit = options->silence_limit,
    };
    bytes_append(&stop.connect_data, data->data, data->length);
    int rc = stop.connect_data.failed ? failure_set_no_memory(error)
                                      : follow(connection, &stop, &settings, error);
    bytes_free(&stop.connect_data);
    return rc;
}
