#include "oracle/reader.h"

#include <stdarg.h>
#include <stdio.h>

enum { NULL_LENGTH = 255, IN_PIECES = 254, SIGN = 0x80 };

/* The limit of packets in a row without content, or after a break: more is a server that never
 * answers. */
enum { MOST_IDLE_PACKETS = 1000 };

/* A marker's body: its type, an unused byte, and what it means: break, reset or interrupt. */
enum { MARKER_SIZE = 3, MARKER_KIND = 2, MARKER_RESET = 2 };

/* A control packet's body: the command, and for an error three numbers. */
enum { CONTROL_ERROR = 8, CONTROL_SIZE = 14, CONTROL_NUMBER = 6 };

void reader_start(struct reader *reader, struct packets *packets) {
    reader->packets = packets;
    reader->at = NULL;
    reader->end = NULL;
    reader->state = READER_FINE;
    reader->is_reset = false;
    reader->idle = 0;
}

void reader_free(struct reader *reader) {
    bytes_wipe(&reader->piece);
    bytes_wipe(&reader->value);
}

void reader_fail(struct reader *reader, const char *format, ...) {
    char sentence[ORACLE_MESSAGE_SIZE];
    if (reader->state == READER_FAILED) {
        return;
    }
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(sentence, sizeof sentence, format, arguments);
    va_end(arguments);
    failure_set(&reader->error, ORACLE_PROTOCOL, "%s", sentence);
    reader->state = READER_FAILED;
    reader->at = reader->end;
}

void reader_fail_no_memory(struct reader *reader) {
    if (reader->state != READER_FAILED) {
        failure_set_no_memory(&reader->error);
        reader->state = READER_FAILED;
        reader->at = reader->end;
    }
}

bool reader_resume(struct reader *reader) {
    if (reader->state != READER_INTERRUPTED) {
        return false;
    }
    reader->state = READER_FINE;
    return true;
}

/* Reads a packet, unless too many have come that brought nothing. */
static int read_packet(struct reader *reader, struct packet *packet, struct oracle_error *error) {
    if (reader->idle == MOST_IDLE_PACKETS) {
        return failure_set(error, ORACLE_PROTOCOL,
                           "the server sent %d packets in a row without content",
                           MOST_IDLE_PACKETS);
    }
    reader->idle++;
    return packet_read(reader->packets, packet, error);
}

static bool is_reset(const struct packet *packet) {
    return packet->type == PACKET_MARKER && packet->length >= MARKER_SIZE &&
           packet->body[MARKER_KIND] == MARKER_RESET;
}

/* The server breaks its answer off by a marker, and continues with an error. It is sent a reset;
 * what comes before its own reset belongs to the answer and is void. A reset that comes first is
 * that one. Further markers bring nothing new: servers since 21c send one reset for each of their
 * own and one for the client's, in any order. */
static int answer_marker(struct reader *reader, struct packet packet, struct oracle_error *error) {
    static const unsigned char reset[MARKER_SIZE] = {1, 0, MARKER_RESET};
    if (reader->is_reset) {
        return 0;
    }
    if (packet_write(reader->packets, PACKET_MARKER, 0, reset, sizeof reset, error) != 0) {
        return -1;
    }
    while (!is_reset(&packet)) {
        if (read_packet(reader, &packet, error) != 0) {
            return -1;
        }
    }
    reader->is_reset = true;
    reader->state = READER_INTERRUPTED;
    return 0;
}

/* What the listener or the server sends outside of the conversation. */
static int take_control(const struct packet *packet, struct oracle_error *error) {
    const unsigned char *body = packet->body;
    if (packet->length < CONTROL_SIZE || (body[0] << 8 | body[1]) != CONTROL_ERROR) {
        return 0;
    }
    const unsigned char *number = body + CONTROL_NUMBER;
    unsigned code = (unsigned)number[0] << 24 | (unsigned)number[1] << 16 |
                    (unsigned)number[2] << 8 | number[3];
    failure_set(error, ORACLE_UNREACHABLE, "the server ends the connection: error %u", code);
    error->code = (int)(code & INT32_MAX);
    return -1;
}

static int take_data(struct reader *reader, const struct packet *packet,
                     struct oracle_error *error) {
    reader->at = packet->body + PACKET_DATA_FLAGS_SIZE;
    reader->end = packet->body + packet->length;
    if (reader->at == reader->end && (packet->body[1] & PACKET_DATA_END) != 0) {
        return failure_set(error, ORACLE_UNREACHABLE, "the server has ended the session");
    }
    return 0;
}

static int take_packet(struct reader *reader, const struct packet *packet,
                       struct oracle_error *error) {
    switch (packet->type) {
    case PACKET_DATA:
        return take_data(reader, packet, error);
    case PACKET_MARKER:
        return answer_marker(reader, *packet, error);
    case PACKET_CONTROL:
        return take_control(packet, error);
    case PACKET_NULL:
    case PACKET_ATTENTION:
        return 0;
    default:
        return failure_set(error, ORACLE_PROTOCOL, "the server sent a packet of type %d",
                           packet->type);
    }
}

/* Continues with the next packet with data. */
static bool next_packet(struct reader *reader) {
    struct packet packet = {0};
    struct oracle_error *error = &reader->error;
    do {
        reader->at = reader->end = NULL; /* the packet before is gone */
        if (read_packet(reader, &packet, error) != 0 || take_packet(reader, &packet, error) != 0) {
            reader->state = READER_FAILED;
        }
        if (!reader_is_fine(reader)) {
            reader->at = reader->end;
            return false;
        }
    } while (reader->at == reader->end);
    reader->is_reset = false;
    reader->idle = 0;
    return true;
}

/* Appends so many bytes, from as many packets as it takes. */
static void copy_bytes(struct reader *reader, size_t length, struct bytes *out) {
    while (length > 0 && reader_is_fine(reader)) {
        size_t here = (size_t)(reader->end - reader->at);
        if (here == 0) {
            if (!next_packet(reader)) {
                return;
            }
            continue;
        }
        here = here > length ? length : here;
        bytes_append(out, reader->at, here);
        reader->at += here;
        length -= here;
    }
    if (out->failed) {
        reader_fail_no_memory(reader);
    }
}

const unsigned char *reader_take_slowly(struct reader *reader, size_t length) {
    if (length > READER_LONGEST_VALUE) {
        reader_fail(reader, "the server announces a value of %zu bytes", length);
    }
    bytes_clear(&reader->piece);
    copy_bytes(reader, length, &reader->piece);
    return reader_is_fine(reader) && reader->piece.length == length ? reader->piece.data : NULL;
}

unsigned reader_u16(struct reader *reader) {
    const unsigned char *bytes = reader_take(reader, 2);
    return bytes == NULL ? 0 : (unsigned)bytes[0] << 8 | bytes[1];
}

unsigned reader_u16_little(struct reader *reader) {
    const unsigned char *bytes = reader_take(reader, 2);
    return bytes == NULL ? 0 : (unsigned)bytes[1] << 8 | bytes[0];
}

static uint64_t take_number(struct reader *reader, unsigned length, unsigned most) {
    if (length > most) {
        reader_fail(reader, "the server sent a number of %u bytes where %u are the most", length,
                    most);
    }
    const unsigned char *bytes = length == 0 ? NULL : reader_take(reader, length);
    uint64_t value = 0;
    for (unsigned i = 0; bytes != NULL && i < length; i++) {
        value = value << 8 | bytes[i];
    }
    return value;
}

uint64_t reader_number_of(struct reader *reader, unsigned most) {
    return take_number(reader, reader_byte(reader), most);
}

int64_t reader_signed_number(struct reader *reader) {
    unsigned length = reader_byte(reader);
    int64_t value = (int64_t)take_number(reader, length & (SIGN - 1), 4);
    return (length & SIGN) != 0 ? -value : value;
}

static void fail_too_long(struct reader *reader) {
    reader_fail(reader, "the server sent a value of more than %zu bytes", READER_LONGEST_VALUE);
}

static const unsigned char *take_pieces(struct reader *reader, size_t *length) {
    bytes_clear(&reader->value);
    for (size_t piece; (piece = reader_number(reader)) > 0 && reader_is_fine(reader);) {
        if (piece > READER_LONGEST_VALUE - reader->value.length) {
            fail_too_long(reader);
            break;
        }
        copy_bytes(reader, piece, &reader->value);
    }
    *length = reader->value.length;
    return reader_is_fine(reader) ? (const unsigned char *)bytes_text(&reader->value) : NULL;
}

const unsigned char *reader_text(struct reader *reader, size_t *length) {
    *length = reader_byte(reader);
    if (*length == 0 || *length == NULL_LENGTH) {
        *length = 0;
        return NULL;
    }
    const unsigned char *text =
        *length == IN_PIECES ? take_pieces(reader, length) : reader_take(reader, *length);
    if (text == NULL) {
        *length = 0;
    }
    return text;
}

const unsigned char *reader_counted_text(struct reader *reader, size_t *length) {
    *length = 0;
    return reader_number(reader) > 0 ? reader_text(reader, length) : NULL;
}

void reader_skip(struct reader *reader, size_t length) {
    while (length > 0 && reader_is_fine(reader)) {
        size_t here = (size_t)(reader->end - reader->at);
        here = here > length ? length : here;
        reader->at += here;
        length -= here;
        if (length > 0 && !next_packet(reader)) {
            return;
        }
    }
}

void reader_skip_text(struct reader *reader) {
    size_t length = reader_byte(reader);
    if (length != IN_PIECES) {
        reader_skip(reader, length == NULL_LENGTH ? 0 : length);
        return;
    }
    for (size_t all = 0; reader_is_fine(reader) && (length = reader_number(reader)) > 0;) {
        all += length;
        if (all > READER_LONGEST_VALUE) {
            fail_too_long(reader);
        }
        reader_skip(reader, length);
    }
}

void reader_skip_counted_text(struct reader *reader) {
    if (reader_number(reader) > 0) {
        reader_skip_text(reader);
    }
}

void reader_skip_numbers(struct reader *reader, size_t count) {
    for (; count > 0 && reader_is_fine(reader); count--) {
        unsigned length = reader_byte(reader);
        take_number(reader, length & (SIGN - 1), 8);
    }
}

void reader_skip_pairs(struct reader *reader, size_t count) {
    for (; count > 0 && reader_is_fine(reader); count--) {
        reader_skip_counted_text(reader);
        reader_skip_counted_text(reader);
        reader_skip_numbers(reader, 1);
    }
}
