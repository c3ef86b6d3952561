/* Agreeing on the protocol: what each side can do, and how types travel. */
#include "oracle/data_types.h"
#include "oracle/reply.h"

enum {
    PROTOCOL_VERSION = 6, /* since 8.1 */
    CHARSET_UTF8 = 873,
    CHARSET_FLAGS = 3, /* several bytes a character, lengths converted */
    ELEMENT_SIZE = 5,
    LONGEST_BANNER = 256
};

/* What this reader can do, by position: the compile-time capabilities. What it does not want (the
 * end of a request told apart, pipelining, vectors) is 0. */
enum { CAPABILITY_FIELD_VERSION = 7, CAPABILITIES = 53, RUNTIME_CAPABILITIES = 7 };

static const unsigned char capabilities[CAPABILITIES] = {
    [0] = 6,     /* SQL version */
    [4] = 0xea,  /* sign-in by session key, long names, long passwords */
    [8] = 1,     /* the server converts what is defined */
    [9] = 1,     /* queues: dequeue by selector */
    [15] = 0x29, /* bit vectors, status at a call's end, indicators */
    [16] = 0x90, /* fast session propagation, application context */
    [17] = 3,    /* version of type descriptions */
    [18] = 7,    /* version of remote calls */
    [19] = 3,    /* their signature */
    [21] = 1,    /* version of files */
    [23] = 0xcf, /* large objects: long sizes, prefetch */
    [26] = 4,    /* numbers of length zero */
    [27] = 1,    /* numbers of types in two bytes */
    [31] = 0x10, /* resident connection pool */
    [34] = 12,   /* functions of the client */
    [35] = 0x20, /* settings told as they change */
    [37] = 0xb8, /* implicit results, large pieces, keeping out of order, transaction ids */
    [39] = FIELDS_12_2,
    [40] = 4, /* notes in band */
    [42] = 5, /* large objects: quasi locators, prefetch of 2 GB */
};

/* Compatible with 8.1; texts of 32 KB. */
static const unsigned char runtime_capabilities[RUNTIME_CAPABILITIES] = {[0] = 2, [6] = 5};

enum { RUNTIME_TEXTS = 6, HAS_LONG_TEXTS = 4, SHORT_TEXT = 4000, LONG_TEXT = 32767 };

static void take_banner(struct oracle_connection *connection) {
    struct reader *reader = &connection->reader;
    bytes_clear(&connection->banner);
    for (unsigned byte; (byte = reader_byte(reader)) != 0;) {
        if (connection->banner.length == LONGEST_BANNER) {
            reader_fail(reader, "the server's name for itself does not end");
            return;
        }
        message_put_byte(&connection->banner, byte);
    }
}

/* The national character set stands behind two lists whose lengths precede them. */
static void take_charsets(struct oracle_connection *connection) {
    struct reader *reader = &connection->reader;
    size_t length = reader_u16(reader);
    const unsigned char *fields = reader_take(reader, length);
    if (fields == NULL || length < 6) {
        reader_fail(reader, "the server's character sets are cut short");
        return;
    }
    size_t at = 6U + fields[5];
    at += length > 6 ? fields[6] : 0;
    if (at + 5 > length) {
        reader_fail(reader, "the server's character sets are cut short");
        return;
    }
    connection->national_charset = (unsigned)fields[at + 3] << 8 | fields[at + 4];
}

static void take_capabilities(struct oracle_connection *connection) {
    struct reader *reader = &connection->reader;
    size_t length;
    const unsigned char *theirs = reader_text(reader, &length);
    /* An instance that is down tells none, and says so when the user signs in. */
    if (length > 0) {
        int version = length > CAPABILITY_FIELD_VERSION ? theirs[CAPABILITY_FIELD_VERSION] : 0;
        if (version < connection->field_version) {
            connection->field_version = version;
        }
    }
    theirs = reader_text(reader, &length);
    bool has_long_texts = length > RUNTIME_TEXTS && (theirs[RUNTIME_TEXTS] & HAS_LONG_TEXTS) != 0;
    connection->longest_column = has_long_texts ? LONG_TEXT : SHORT_TEXT;
}

static void take_protocol(struct oracle_connection *connection) {
    struct reader *reader = &connection->reader;
    reader_skip(reader, 2); /* version, end of a list */
    take_banner(connection);
    reader_skip(reader, 3); /* character set, flags */
    reader_skip(reader, (size_t)reader_u16_little(reader) * ELEMENT_SIZE);
    take_charsets(connection);
    take_capabilities(connection);
}

/* Reads up to the message of this type. The server may say its own error instead. */
static int await_message(struct oracle_connection *connection, enum message_type wanted,
                         struct oracle_error *error) {
    struct reply reply = {0};
    unsigned type = 0;
    int rc = 0;
    while (!reply.is_over && reply_next(connection, &type) && type != wanted) {
        reply_take(connection, type, &reply);
    }
    if (!reader_is_fine(&connection->reader)) {
        rc = connection_fail(connection, error);
    } else if (reply.code != 0) {
        rc = reply_fail_sign_in(&reply, error);
    } else if (type != wanted) {
        rc = failure_set(error, ORACLE_PROTOCOL, "the server does not agree on protocol and types");
    }
    reply_free(&reply);
    return rc;
}

/* Reads a message of this type, again where the server has broken it off. */
static int receive(struct oracle_connection *connection, enum message_type wanted,
                   void (*take)(struct oracle_connection *connection), struct oracle_error *error) {
    do {
        if (await_message(connection, wanted, error) != 0) {
            return -1;
        }
        take(connection);
    } while (connection->reader.state == READER_INTERRUPTED);
    return reader_is_fine(&connection->reader) ? 0 : connection_fail(connection, error);
}

static int agree_on_protocol(struct oracle_connection *connection, struct oracle_error *error) {
    static const char name[] = "rowpost"; /* with its NUL */
    struct bytes *message = connection_begin_message(connection, MESSAGE_PROTOCOL);
    message_put_byte(message, PROTOCOL_VERSION);
    message_put_byte(message, 0);
    bytes_append(message, name, sizeof name);
    if (connection_send(connection, error) != 0 ||
        receive(connection, MESSAGE_PROTOCOL, take_protocol, error) != 0) {
        return -1;
    }
    if (connection->field_version < FIELDS_12_1) {
        return failure_set(error, ORACLE_UNSUPPORTED,
                           "the server is older than Oracle 12.1 (%s), whose protocol is not "
                           "spoken here; use Oracle's ODBC driver",
                           bytes_text(&connection->banner));
    }
    return 0;
}

static void take_types(struct oracle_connection *connection) {
    struct reader *reader = &connection->reader;
    while (reader_u16(reader) != 0 && reader_is_fine(reader)) {
        if (reader_u16(reader) != 0) {
            reader_skip(reader, 4);
        }
    }
}

static int agree_on_types(struct oracle_connection *connection, struct oracle_error *error) {
    unsigned char ours[CAPABILITIES];
    for (int i = 0; i < CAPABILITIES; i++) {
        ours[i] = capabilities[i];
    }
    ours[CAPABILITY_FIELD_VERSION] = (unsigned char)connection->field_version;
    struct bytes *message = connection_begin_message(connection, MESSAGE_DATA_TYPES);
    message_put_u16_little(message, CHARSET_UTF8);
    message_put_u16_little(message, CHARSET_UTF8);
    message_put_byte(message, CHARSET_FLAGS);
    message_put_text(message, ours, sizeof ours);
    message_put_text(message, runtime_capabilities, sizeof runtime_capabilities);
    data_types_put(message);
    return connection_send(connection, error) == 0
               ? receive(connection, MESSAGE_DATA_TYPES, take_types, error)
               : -1;
}

int negotiation_agree(struct oracle_connection *connection, struct oracle_error *error) {
    connection->field_version = connection->options.field_version;
    if (agree_on_protocol(connection, error) != 0) {
        return -1;
    }
    trace_note(&connection->packets.trace, "field version %d", connection->field_version);
    return agree_on_types(connection, error);
}
