/* Reaching the database behind a listener: CONNECT, and what may be said to it. */
#include <stdlib.h>
#include <string.h>

#include "oracle/address.h"
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
    MOST_REDIRECTS = 2,
    MOST_RESENDS = 4,
    LARGEST_SHORT_SIZE = 65535
};

/* Offsets in the body of an ACCEPT. */
enum { ACCEPT_FLAGS = 14, ACCEPT_LEAST = 16, ACCEPT_LONG_SIZE = 24, ACCEPT_LONG_LEAST = 33 };

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
    {12526, "the database takes privileged users alone at the moment"},
    {12528, "the database does not take new connections at the moment"},
    {12660, "the database requires native encryption, which is not spoken here; connect to its "
            "TCPS port (tcps://HOST:PORT/SERVICE), or use Oracle's ODBC driver"},
};

static int fail_refused(const struct endpoint *endpoint, const char *text, size_t length,
                        struct oracle_error *error) {
    struct parameter part;
    char digits[16] = "";
    if (descriptor_find(text, text + length, "ERR", &part)) {
        descriptor_copy(&part, digits, sizeof digits);
    }
    int code = (int)strtol(digits, NULL, 10);
    for (size_t i = 0; i < sizeof refusals / sizeof *refusals; i++) {
        if (refusals[i].code == code) {
            failure_set(error, code == 12660 ? ORACLE_UNSUPPORTED : ORACLE_UNREACHABLE,
                        "%s:%s: %s (TNS-%05d)", endpoint->host, endpoint->port,
                        refusals[i].sentence, code);
            error->code = code;
            return -1;
        }
    }
    failure_set(error, ORACLE_UNREACHABLE, "%s:%s: the listener refused the connection (TNS-%05d)",
                endpoint->host, endpoint->port, code);
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

/* The text of a REFUSE or REDIRECT, which may stand in a data packet of its own. */
static int read_text(struct packets *packets, const struct packet *packet, size_t offset,
                     struct bytes *text, struct oracle_error *error) {
    struct packet more = *packet;
    if (packet->length <= offset) {
        if (packet_read(packets, &more, error) != 0) {
            return -1;
        }
        offset = PACKET_DATA_FLAGS_SIZE;
        if (more.type != PACKET_DATA) {
            return failure_set(error, ORACLE_PROTOCOL, "the listener sent a packet of type %d",
                               more.type);
        }
    }
    bytes_append(text, more.body + offset, more.length - offset);
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
        return failure_set(error, ORACLE_UNSUPPORTED,
                           "the database requires native encryption, which is not spoken here; "
                           "connect to its TCPS port (tcps://HOST:PORT/SERVICE), or use Oracle's "
                           "ODBC driver");
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
static int take_redirect(struct packets *packets, const struct packet *packet,
                         struct address *address, struct oracle_error *error) {
    struct bytes text = {0};
    bool was_encrypted = address->endpoints[0].is_encrypted;
    int flags = packet->flags;
    int rc = read_text(packets, packet, 2, &text, error);
    if (rc == 0) {
        size_t first = strlen(bytes_text(&text));
        rc = address_parse_endpoints(bytes_text(&text), address, error);
        if (rc == 0 && (flags & PACKET_REDIRECT_SEPARATES) != 0 && first < text.length) {
            bytes_clear(&address->connect_data);
            bytes_append(&address->connect_data, text.data + first + 1, text.length - first - 1);
        }
        /* A listener over TLS must not lead to where anybody may listen. */
        if (rc == 0 && was_encrypted && !address->endpoints[0].is_encrypted) {
            rc = failure_set(error, ORACLE_PROTOCOL,
                             "the listener redirects from TCPS to TCP; that is not followed");
        }
    }
    bytes_free(&text);
    return rc;
}

enum outcome { OUTCOME_FAILED = -1, OUTCOME_ACCEPTED, OUTCOME_REDIRECTED };

/* Speaks with one listener until it has decided. */
static enum outcome ask(struct oracle_connection *connection, struct address *address, int flags,
                        struct oracle_error *error) {
    struct packets *packets = &connection->packets;
    struct packet packet = {0};
    for (int resends = 0; resends <= MOST_RESENDS; resends++) {
        if (send_connect(packets, &address->connect_data, flags, connection->options.packet_size,
                         error) != 0 ||
            packet_read(packets, &packet, error) != 0) {
            return OUTCOME_FAILED;
        }
        struct bytes text = {0};
        switch (packet.type) {
        case PACKET_ACCEPT:
            return take_accept(packets, &packet, error) == 0 ? OUTCOME_ACCEPTED : OUTCOME_FAILED;
        case PACKET_REDIRECT:
            return take_redirect(packets, &packet, address, error) == 0 ? OUTCOME_REDIRECTED
                                                                        : OUTCOME_FAILED;
        case PACKET_REFUSE:
            if (read_text(packets, &packet, 4, &text, error) == 0) {
                fail_refused(&address->endpoints[0], bytes_text(&text), text.length, error);
            }
            bytes_free(&text);
            return OUTCOME_FAILED;
        case PACKET_RESEND:
            if ((packet.flags & PACKET_RENEW_TLS) != 0 &&
                transport_renew(packets->transport, error) != 0) {
                return OUTCOME_FAILED;
            }
            break;
        default:
            failure_set(error, ORACLE_PROTOCOL,
                        "%s:%s: answered with a packet of type %d; is it Oracle's listener?",
                        address->endpoints[0].host, address->endpoints[0].port, packet.type);
            return OUTCOME_FAILED;
        }
    }
    failure_set(error, ORACLE_PROTOCOL, "the listener asks again and again for the same");
    return OUTCOME_FAILED;
}

/* Connects to the endpoint and follows where its listener leads. */
static int follow(struct oracle_connection *connection, struct address *address,
                  const struct transport_settings *settings, struct oracle_error *error) {
    struct packets *packets = &connection->packets;
    for (int redirects = 0; redirects <= MOST_REDIRECTS; redirects++) {
        transport_close(packets->transport);
        packets_start(packets, NULL);
        const struct endpoint *endpoint = &address->endpoints[0];
        trace_note(&packets->trace, "connecting to %s:%s%s", endpoint->host, endpoint->port,
                   endpoint->is_encrypted ? " over TLS" : "");
        packets->transport = transport_connect(endpoint, settings, error);
        if (packets->transport == NULL) {
            return -1;
        }
        packets->size = PACKET_LEAST;
        enum outcome outcome =
            ask(connection, address, redirects > 0 ? PACKET_IS_REDIRECTED : 0, error);
        if (outcome != OUTCOME_REDIRECTED) {
            return outcome == OUTCOME_ACCEPTED ? 0 : -1;
        }
    }
    return failure_set(error, ORACLE_PROTOCOL, "the listener redirects more than %d times",
                       MOST_REDIRECTS);
}

int listener_reach(struct oracle_connection *connection, struct oracle_error *error) {
    const struct oracle_options *options = &connection->options;
    const struct transport_settings settings = {
        options->ca_file, transport_clock() + options->connect_limit, options->silence_limit};
    struct address address;
    int rc = address_parse_text(options->address, options->program, &address, error);
    for (size_t i = 0; rc == 0 && i < address.endpoint_count; i++) {
        struct address one = address;
        one.endpoints[0] = address.endpoints[i];
        one.connect_data = (struct bytes){0};
        bytes_append(&one.connect_data, address.connect_data.data, address.connect_data.length);
        int reached = follow(connection, &one, &settings, error);
        address_release(&one);
        if (reached == 0) {
            break;
        }
        /* The next address is for where this one cannot be reached; an answer is an answer. */
        if (error->failure != ORACLE_UNREACHABLE || i + 1 == address.endpoint_count) {
            rc = -1;
        }
    }
    address_release(&address);
    return rc;
}
