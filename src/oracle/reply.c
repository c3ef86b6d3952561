#include "oracle/reply.h"

#include <string.h>

/* Marks a list whose members come each with a length of its own. */
enum { IN_PIECES = 254 };

/* What the server may send in addition to an answer: the second byte of such a message. */
enum piggyback {
    PIGGYBACK_CACHE_INVALIDATION = 1,
    PIGGYBACK_PROCESS = 2,
    PIGGYBACK_TRACE = 3,
    PIGGYBACK_SESSION = 4,
    PIGGYBACK_SETTINGS = 5,
    PIGGYBACK_TRANSACTION = 7,
    PIGGYBACK_REPLAY = 8,
    PIGGYBACK_SETTINGS_MORE = 9,
    PIGGYBACK_SIGNATURE = 10
};

void reply_free(struct reply *reply) {
    bytes_free(&reply->text);
}

/* A real answer has a handful of messages in addition to its rows. */
enum { MOST_ASIDES = 4096 };

bool reply_next(struct oracle_connection *connection, unsigned *type) {
    struct reader *reader = &connection->reader;
    reader_resume(reader);
    *type = reader_byte(reader);
    while (reader_resume(reader)) {
        *type = reader_byte(reader);
    }
    connection->asides = *type == MESSAGE_ROW ? 0 : connection->asides + 1;
    if (connection->asides > MOST_ASIDES) {
        reader_fail(reader, "the server talks on and on without an answer");
    }
    return reader_is_fine(reader);
}

/* The list of codes or of places of the errors of an array; a query has none. */
static void skip_list(struct reader *reader, size_t count) {
    if (count == 0) {
        return;
    }
    bool is_in_pieces = reader_byte(reader) == IN_PIECES;
    for (; count > 0 && reader_is_fine(reader); count--) {
        reader_skip_numbers(reader, is_in_pieces ? 2 : 1);
    }
    if (is_in_pieces) {
        reader_skip(reader, 1);
    }
}

static void skip_messages(struct reader *reader, size_t count) {
    if (count > 0) {
        reader_skip(reader, 1);
    }
    for (; count > 0 && reader_is_fine(reader); count--) {
        reader_skip_numbers(reader, 1);
        reader_skip_text(reader);
        reader_skip(reader, 2);
    }
}

static void skip_row_address(struct reader *reader) {
    reader_skip_numbers(reader, 2); /* object, file */
    reader_skip(reader, 1);
    reader_skip_numbers(reader, 2); /* block, slot */
}

/* The server's words, without the line feed at their end. */
static void take_words(struct reader *reader, struct bytes *words) {
    size_t length;
    const unsigned char *text = reader_text(reader, &length);
    while (length > 0 && (text[length - 1] == '\n' || text[length - 1] == ' ')) {
        length--;
    }
    bytes_clear(words);
    bytes_append(words, text, length);
}

static void take_error(struct oracle_connection *connection, struct reply *reply) {
    struct reader *reader = &connection->reader;
    reader_skip_numbers(reader, 6); /* call status, sequence, row, error, two of arrays */
    uint32_t cursor = reader_number(reader);
    int64_t position = reader_signed_number(reader);
    reader_skip(reader, 6); /* SQL type, fatal, flags, cursor options, parameter, warning */
    skip_row_address(reader);
    reader_skip_numbers(reader, 1);   /* the system's error */
    reader_skip(reader, 2);           /* statement, call */
    reader_skip_numbers(reader, 2);   /* padding, iterations */
    reader_skip_counted_text(reader); /* a logical row address */
    skip_list(reader, reader_number(reader));
    skip_list(reader, reader_number(reader));
    skip_messages(reader, reader_number(reader));
    uint32_t code = reader_number(reader);
    reader_skip_numbers(reader, 1); /* rows */
    if (connection->field_version >= FIELDS_20) {
        reader_skip_numbers(reader, 2); /* SQL type, checksum */
    }
    if (code != 0) {
        take_words(reader, &reply->text);
    }
    reply->code = (int)(code & INT32_MAX);
    reply->position = position > 0 ? (int)position : -1; /* 0 comes with errors of no place */
    reply->cursor = cursor;
    reply->is_over = true;
}

static void take_warning(struct oracle_connection *connection) {
    struct reader *reader = &connection->reader;
    uint32_t code = reader_number(reader);
    uint32_t length = reader_number(reader);
    reader_skip_numbers(reader, 1); /* flags */
    if (code != 0 && length > 0) {
        take_words(reader, &connection->warning);
    }
}

/* The number and the length of types, which are at the head of most. */
static void skip_types(struct reader *reader) {
    reader_skip_numbers(reader, 1);
    reader_skip(reader, 1);
}

static void skip_session(struct reader *reader) {
    skip_types(reader);
    size_t count = reader_number(reader);
    if (count > 0) {
        reader_skip(reader, 1);
    }
    reader_skip_pairs(reader, count);
    reader_skip_numbers(reader, 3); /* flags, session, serial */
}

static void skip_settings(struct reader *reader) {
    skip_types(reader);
    size_t count = reader_number(reader);
    reader_skip(reader, 1);
    reader_skip_pairs(reader, count);
    reader_skip_numbers(reader, 1);
}

/* None of it matters to a reader, but each has to be skipped to the byte. */
static void take_piggyback(struct reader *reader) {
    unsigned kind = reader_byte(reader);
    size_t count;
    switch (kind) {
    case PIGGYBACK_CACHE_INVALIDATION:
    case PIGGYBACK_TRACE:
        break;
    case PIGGYBACK_PROCESS:
        count = reader_number(reader);
        reader_skip(reader, count + 1);
        break;
    case PIGGYBACK_SESSION:
        skip_session(reader);
        break;
    case PIGGYBACK_SETTINGS:
        skip_settings(reader);
        break;
    case PIGGYBACK_TRANSACTION:
        reader_skip_counted_text(reader);
        break;
    case PIGGYBACK_REPLAY:
        skip_types(reader);
        reader_skip_numbers(reader, 2);
        reader_skip(reader, 1);
        reader_skip_counted_text(reader);
        break;
    case PIGGYBACK_SETTINGS_MORE:
        skip_types(reader);
        break;
    case PIGGYBACK_SIGNATURE:
        skip_types(reader);
        reader_skip_numbers(reader, 3);
        break;
    default:
        reader_fail(reader,
                    "the server sends something with its answer that is not known here "
                    "(%u)",
                    kind);
    }
}

void reply_take(struct oracle_connection *connection, unsigned type, struct reply *reply) {
    struct reader *reader = &connection->reader;
    switch (type) {
    case MESSAGE_ERROR:
        take_error(connection, reply);
        break;
    case MESSAGE_STATUS:
        reader_skip_numbers(reader, 2);
        reply->is_over = true;
        break;
    case MESSAGE_WARNING:
        take_warning(connection);
        break;
    case MESSAGE_SERVER_PIGGYBACK:
        take_piggyback(reader);
        break;
    case MESSAGE_TOKEN:
        reader_skip_numbers(reader, 1);
        break;
    case MESSAGE_END:
        reply->is_over = true;
        break;
    default:
        reader_fail(reader, "the server sent a message of type %u, which does not belong here",
                    type);
    }
    /* What was broken off in its middle has not ended the answer. */
    reply->is_over = reply->is_over && reader_is_fine(reader);
}

int reply_fail(const struct reply *reply, enum oracle_failure failure, struct oracle_error *error) {
    const char *words = bytes_text(&reply->text);
    if (*words != '\0') {
        failure_set(error, failure, "%s", words);
    } else {
        failure_set(error, failure, "ORA-%05d", reply->code);
    }
    error->code = reply->code;
    error->position = reply->position;
    return -1;
}

/* The database does not let anybody in: it is down, starting, stopping, or full. */
static const int unavailable[] = {
    18,   /* sessions */
    20,   /* processes */
    1033, /* starting or stopping */
    1034, /* down */
    1035, /* privileged users only */
    1089, /* stopping */
    1090, /* the same */
    1109, /* not open */
    2391, /* sessions of this user */
};

int reply_fail_sign_in(const struct reply *reply, struct oracle_error *error) {
    enum oracle_failure failure = ORACLE_SIGN_IN;
    for (size_t i = 0; i < sizeof unavailable / sizeof *unavailable; i++) {
        if (unavailable[i] == reply->code) {
            failure = ORACLE_UNREACHABLE;
        }
    }
    return reply_fail(reply, failure, error);
}
