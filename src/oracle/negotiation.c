/* Agreeing on the protocol: what each side can do, and how types travel. */
#include "oracle/reply.h"

enum {
    PROTOCOL_VERSION = 6, /* since 8.1 */
    CHARSET_UTF8 = 873,
    CHARSET_FLAGS = 3, /* several bytes a character, lengths converted */
    ELEMENT_SIZE = 5,
    LONGEST_BANNER = 256
};

/* What this reader can do, by position: the compile-time capabilities. What it does not want (a
 * mark for the end of a request, pipelining, vectors) is 0. */
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
    [35] = 0x20, /* settings reported as they change */
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

/* The national character set follows two lists, each after its length. */
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
    /* An instance that is down sends none, and reports that it is down when the user signs in. */
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

/* Reads up to the message of this type. The server may send its own error instead. */
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
                           "supported here; use Oracle's ODBC driver",
                           bytes_text(&connection->banner));
    }
    return 0;
}

/* The form of a value's bytes: the protocol's own, or the same on every machine. */
enum { TYPE_UNIVERSAL = 1, TYPE_ORACLE = 10 };

/* Types that go as they are, in universal form. A run is from its first number to its last. The
 * order is the one in which they are sent to the server; holes are numbers that it does not know
 * (oracledb's lib/thin/protocol/messages/dataType.js has the same list). */
static const struct run {
    unsigned short first, last;
} runs[] = {
    {1, 1},     {8, 8},     {23, 26},   {28, 33},   {10, 11},   {40, 41},   {117, 117}, {120, 120},
    {290, 294}, {298, 313}, {315, 323}, {327, 329}, {331, 331}, {333, 346}, {348, 349}, {354, 355},
    {359, 359}, {363, 363}, {380, 391}, {393, 401}, {404, 407}, {413, 427}, {429, 433}, {449, 450},
    {454, 463}, {466, 486}, {490, 496}, {498, 502}, {509, 510}, {513, 514}, {516, 543}, {560, 560},
    {565, 565}, {572, 576}, {578, 578}, {563, 564}, {579, 585}, {39, 39},   {96, 96},   {100, 102},
    {106, 106}, {109, 109}, {111, 115}, {119, 119}, {198, 198}, {146, 146}, {178, 183}, {185, 190},
    {208, 208}, {231, 231}, {233, 233}, {252, 252}, {590, 605}, {613, 616}, {611, 612}, {622, 632},
    {637, 638}, {636, 636}, {639, 639}, {663, 663}, {640, 640}, {652, 652}, {646, 647}, {127, 127},
    {660, 661}, {665, 665}, {668, 670},
};

/* Types that go as others, or in another form. */
static const struct conversion {
    unsigned short type, sent_as, form;
} conversions[] = {
    {2, 2, TYPE_ORACLE},        {12, 12, TYPE_ORACLE},      {27, 27, TYPE_ORACLE},
    {3, 2, TYPE_ORACLE},        {4, 2, TYPE_ORACLE},        {5, 1, TYPE_UNIVERSAL},
    {6, 2, TYPE_ORACLE},        {7, 2, TYPE_ORACLE},        {9, 1, TYPE_UNIVERSAL},
    {15, 1, TYPE_UNIVERSAL},    {68, 2, TYPE_ORACLE},       {91, 2, TYPE_ORACLE},
    {94, 1, TYPE_UNIVERSAL},    {95, 23, TYPE_UNIVERSAL},   {97, 96, TYPE_UNIVERSAL},
    {104, 11, TYPE_UNIVERSAL},  {108, 109, TYPE_UNIVERSAL}, {110, 111, TYPE_UNIVERSAL},
    {116, 102, TYPE_UNIVERSAL}, {152, 2, TYPE_ORACLE},      {153, 2, TYPE_ORACLE},
    {154, 2, TYPE_ORACLE},      {155, 1, TYPE_UNIVERSAL},   {156, 12, TYPE_ORACLE},
    {172, 2, TYPE_ORACLE},      {184, 12, TYPE_ORACLE},     {195, 112, TYPE_UNIVERSAL},
    {196, 113, TYPE_UNIVERSAL}, {197, 114, TYPE_UNIVERSAL}, {232, 231, TYPE_UNIVERSAL},
    {241, 109, TYPE_UNIVERSAL},
};

static void put_type(struct bytes *message, unsigned type, unsigned sent_as, unsigned form) {
    message_put_u16(message, type);
    message_put_u16(message, sent_as);
    message_put_u16(message, form);
    message_put_u16(message, 0);
}

static void put_types(struct bytes *message) {
    for (size_t i = 0; i < sizeof runs / sizeof *runs; i++) {
        for (unsigned type = runs[i].first; type <= runs[i].last; type++) {
            put_type(message, type, type, TYPE_UNIVERSAL);
        }
    }
    for (size_t i = 0; i < sizeof conversions / sizeof *conversions; i++) {
        put_type(message, conversions[i].type, conversions[i].sent_as, conversions[i].form);
    }
    message_put_u16(message, 0);
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
    put_types(message);
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
