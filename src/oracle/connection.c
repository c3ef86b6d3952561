#include "oracle/connection.h"

#include <limits.h>
#include <openssl/rand.h>

int connection_fail(struct oracle_connection *connection, struct oracle_error *error) {
    connection->is_broken = true;
    if (connection->reader.state == READER_FAILED) {
        *error = connection->reader.error;
    } else {
        failure_set(error, ORACLE_PROTOCOL, "the server broke off its answer");
    }
    return -1;
}

struct bytes *connection_begin_message(struct oracle_connection *connection,
                                       enum message_type type) {
    bytes_clear(&connection->message);
    message_put_byte(&connection->message, type);
    return &connection->message;
}

static void put_call(struct oracle_connection *connection, enum message_type type,
                     enum message_function function) {
    message_put_byte(&connection->message, type);
    message_put_byte(&connection->message, function);
    connection->sequence++;
    message_put_byte(&connection->message, connection->sequence);
    if (connection->field_version >= FIELDS_23_TOKENS) {
        message_put_number(&connection->message, 0); /* no pipelining: no token */
    }
}

/* A cursor that is not needed any more is closed along with the next call, as a call of its own
 * would cost a round trip. */
static void close_cursor(struct oracle_connection *connection) {
    if (connection->unclosed_cursor == 0) {
        return;
    }
    put_call(connection, MESSAGE_PIGGYBACK, FUNCTION_CLOSE_CURSORS);
    message_put_byte(&connection->message, 1);
    message_put_number(&connection->message, 1);
    message_put_number(&connection->message, connection->unclosed_cursor);
    connection->unclosed_cursor = 0;
}

struct bytes *connection_begin_call(struct oracle_connection *connection,
                                    enum message_function function) {
    bytes_clear(&connection->message);
    close_cursor(connection);
    put_call(connection, MESSAGE_FUNCTION, function);
    return &connection->message;
}

int connection_send(struct oracle_connection *connection, struct oracle_error *error) {
    connection->asides = 0;
    if (packet_write_message(&connection->packets, &connection->message, error) != 0) {
        connection->is_broken = true;
        return -1;
    }
    return 0;
}

int connection_make_random(void *context, unsigned char *bytes, size_t length) {
    const struct oracle_connection *connection = context;
    if (connection->options.make_random != NULL) {
        return connection->options.make_random(connection->options.random_context, bytes, length);
    }
    return length <= INT_MAX && RAND_bytes(bytes, (int)length) == 1 ? 0 : -1;
}
