#include "oracle/result.h"

#include <stdlib.h>
#include <string.h>

enum {
    OPTION_PARSE = 0x01,
    OPTION_DEFINE = 0x10,
    OPTION_EXECUTE = 0x20,
    OPTION_NOT_PLSQL = 0x8000,
    IMPLICIT_RESULTS = 0x8000, /* in another field of the call */
    ARRAY_LENGTH = 13,         /* of the numbers at its end */
    ROWS_A_CALL = 1000,
    MOST_ROWS_SKIPPED = 100000, /* to keep a connection in use */
    DEFINE_ITERATIONS = 2,      /* what Oracle's own driver sends there */
    UNLIMITED = 0x7fffffff
};

/* A call that runs a statement, or that sets the types of its columns. */
struct execution {
    uint32_t options;
    uint32_t cursor; /* 0: a new one, for the statement */
    const char *sql; /* NULL with a cursor */
    bool is_query;
    uint32_t iterations;           /* how often to run it; of a query: no row is sent along */
    struct oracle_result *defines; /* whose columns are defined; NULL: none */
};

/* Places in a call that this reader leaves empty: a pointer that is not there. */
static void put_nothing(struct bytes *message, int count) {
    for (int i = 0; i < count; i++) {
        message_put_byte(message, 0);
    }
}

static void put_execution(struct oracle_connection *connection, const struct execution *execution) {
    struct bytes *message = connection_begin_call(connection, FUNCTION_EXECUTE);
    size_t length = execution->sql == NULL ? 0 : strlen(execution->sql);
    message_put_number(message, execution->options);
    message_put_number(message, execution->cursor);
    message_put_byte(message, execution->sql != NULL);
    message_put_number(message, (uint32_t)length);
    message_put_byte(message, 1);
    message_put_number(message, ARRAY_LENGTH);
    put_nothing(message, 3);
    message_put_number(message, execution->iterations);
    message_put_number(message, UNLIMITED); /* the longest LONG */
    put_nothing(message, 2);                /* binds */
    put_nothing(message, 5);
    message_put_byte(message, execution->defines != NULL);
    message_put_number(message,
                       execution->defines == NULL ? 0 : (uint32_t)execution->defines->column_count);
    put_nothing(message, 2);
    message_put_byte(message, 1);
    put_nothing(message, 8); /* the last three: counts of rows */
    if (connection->field_version >= FIELDS_12_2) {
        put_nothing(message, 5);
    }
    if (connection->field_version >= FIELDS_12_2_EXTENDED) {
        put_nothing(message, 2);
    }
    if (execution->sql != NULL) {
        message_put_text(message, execution->sql, length);
    }
    message_put_number(message, execution->sql != NULL);
    message_put_number(message, execution->iterations);
    put_nothing(message, 5);
    message_put_number(message, execution->is_query);
    put_nothing(message, 1);
    message_put_number(message, execution->defines == NULL ? IMPLICIT_RESULTS : 0);
    put_nothing(message, 3);
    if (execution->defines != NULL) {
        describe_put_define(execution->defines, message);
    }
}

/* Which columns the next row repeats: those whose bit is clear. One that is not there counts as
 * clear. */
static void set_repeated(struct oracle_result *result, const unsigned char *bits, size_t length) {
    bytes_clear(&result->repeated);
    bytes_append(&result->repeated, bits, length);
    result->has_repeated = true;
}

static void take_row_header(struct oracle_result *result) {
    struct reader *reader = &result->connection->reader;
    size_t length;
    reader_skip(reader, 1);         /* flags */
    reader_skip_numbers(reader, 4); /* requests, iteration, iterations, length */
    if (reader_number(reader) > 0) {
        const unsigned char *bits = reader_text(reader, &length);
        set_repeated(result, bits, length);
    }
    reader_skip_counted_text(reader);
}

static void take_bit_vector(struct oracle_result *result) {
    struct reader *reader = &result->connection->reader;
    size_t length = (result->column_count + 7) / 8;
    reader_skip_numbers(reader, 1); /* columns that are sent */
    const unsigned char *bits = reader_take(reader, length);
    set_repeated(result, bits, bits == NULL ? 0 : length);
}

/* What a statement gives back in addition to rows. */
static void take_parameters(struct reader *reader) {
    reader_skip_numbers(reader, reader_number(reader));
    reader_skip(reader, reader_number(reader));
    reader_skip_pairs(reader, reader_number(reader));
    reader_skip(reader, reader_number(reader));
}

static int conclude(struct oracle_result *result, struct oracle_error *error) {
    const struct reply *reply = &result->reply;
    result->is_in_answer = false;
    if (reply->cursor != 0) {
        result->cursor = reply->cursor;
    }
    if (reply->code == REPLY_NO_MORE_ROWS) {
        result->is_over = true;
        return 0;
    }
    if (reply->code != 0) {
        result->is_over = true;
        return reply_fail(reply, ORACLE_SERVER, error);
    }
    return 0;
}

/* Continues with an answer: 1: a row is there; 0: the answer has ended; -1: the error. */
static int read_answer(struct oracle_result *result, struct oracle_error *error) {
    struct oracle_connection *connection = result->connection;
    struct reader *reader = &connection->reader;
    for (unsigned type; reply_next(connection, &type);) {
        switch (type) {
        case MESSAGE_ROW:
            row_take(result);
            if (reader_is_fine(reader)) {
                return 1;
            }
            break;
        case MESSAGE_ROW_HEADER:
            take_row_header(result);
            break;
        case MESSAGE_BIT_VECTOR:
            take_bit_vector(result);
            break;
        case MESSAGE_DESCRIBE:
            describe_take(result);
            break;
        case MESSAGE_PARAMETER:
            take_parameters(reader);
            break;
        default:
            reply_take(connection, type, &result->reply);
            break;
        }
        if (result->reply.is_over) {
            break;
        }
    }
    if (!reader_is_fine(reader)) {
        result->is_in_answer = false;
        result->is_over = true;
        return connection_fail(connection, error);
    }
    return conclude(result, error);
}

/* Sends what has been written; its answer is to be read. */
static int begin_answer(struct oracle_result *result, struct oracle_error *error) {
    reply_free(&result->reply);
    result->reply = (struct reply){0};
    if (connection_send(result->connection, error) != 0) {
        result->is_over = true;
        return -1;
    }
    result->is_in_answer = true;
    return 0;
}

static int fail_broken(struct oracle_error *error) {
    return failure_set(error, ORACLE_UNREACHABLE, "the connection was lost before");
}

int oracle_execute(struct oracle_connection *connection, const char *sql,
                   struct oracle_error *error) {
    struct oracle_result result = {.connection = connection};
    const struct execution execution = {
        .options = OPTION_PARSE | OPTION_EXECUTE | OPTION_NOT_PLSQL, .sql = sql, .iterations = 1};
    if (connection->is_broken) {
        return fail_broken(error);
    }
    put_execution(connection, &execution);
    int rc = begin_answer(&result, error) == 0 ? read_answer(&result, error) : -1;
    reply_free(&result.reply);
    bytes_free(&result.repeated);
    describe_free(&result);
    return rc == 0 ? 0 : -1;
}

/* Large objects come in the row where they are asked for as LONG: a second call on the cursor. */
static int define_columns(struct oracle_result *result, struct oracle_error *error) {
    const struct execution execution = {.options = OPTION_DEFINE | OPTION_NOT_PLSQL,
                                        .cursor = result->cursor,
                                        .is_query = true,
                                        .iterations = DEFINE_ITERATIONS,
                                        .defines = result};
    put_execution(result->connection, &execution);
    return begin_answer(result, error);
}

static int start_query(struct oracle_result *result, const char *sql, struct oracle_error *error) {
    const struct execution execution = {
        .options = OPTION_PARSE | OPTION_EXECUTE | OPTION_NOT_PLSQL, .sql = sql, .is_query = true};
    put_execution(result->connection, &execution);
    return begin_answer(result, error);
}

/* Reads the answer to the execution up to its end or its first row: a server may send rows that
 * were not asked for yet. */
static int read_description(struct oracle_result *result, struct oracle_error *error) {
    int rc = read_answer(result, error);
    result->has_row_ahead = rc == 1;
    if (rc < 0) {
        return -1;
    }
    if (result->column_count == 0) {
        return failure_set(error, ORACLE_USAGE, "the statement gives no rows");
    }
    return describe_check(result, error);
}

struct oracle_result *oracle_query(struct oracle_connection *connection, const char *sql,
                                   struct oracle_error *error) {
    if (connection->is_broken) {
        fail_broken(error);
        return NULL;
    }
    struct oracle_result *result = calloc(1, sizeof *result);
    if (result == NULL) {
        failure_set_no_memory(error);
        return NULL;
    }
    result->connection = connection;
    if (start_query(result, sql, error) != 0 || read_description(result, error) != 0) {
        oracle_result_close(result);
        return NULL;
    }
    if (!result->has_row_ahead && !result->is_over && describe_needs_define(result) &&
        define_columns(result, error) != 0) {
        oracle_result_close(result);
        return NULL;
    }
    return result;
}

static int ask_rows(struct oracle_result *result, struct oracle_error *error) {
    struct bytes *message = connection_begin_call(result->connection, FUNCTION_FETCH);
    message_put_number(message, result->cursor);
    message_put_number(message, ROWS_A_CALL);
    return begin_answer(result, error);
}

int oracle_next_row(struct oracle_result *result, struct oracle_error *error) {
    if (result->has_row_ahead) {
        result->has_row_ahead = false;
        return 1;
    }
    if (result->connection->is_broken && !result->is_over) {
        result->is_over = true;
        return fail_broken(error);
    }
    while (result->is_in_answer || !result->is_over) {
        if (!result->is_in_answer && ask_rows(result, error) != 0) {
            return -1;
        }
        int rc = read_answer(result, error);
        if (rc != 0) {
            return rc;
        }
    }
    return 0;
}

/* What is left of the answer has to be read before anything else can be asked. */
static void skip_answer(struct oracle_result *result) {
    struct oracle_error ignored;
    for (int rows = 0; result->is_in_answer && !result->connection->is_broken &&
                       read_answer(result, &ignored) == 1;
         rows++) {
        if (rows == MOST_ROWS_SKIPPED) {
            result->connection->is_broken = true;
        }
    }
}

void oracle_result_close(struct oracle_result *result) {
    if (result == NULL) {
        return;
    }
    skip_answer(result);
    if (result->cursor != 0) {
        result->connection->unclosed_cursor = result->cursor;
    }
    describe_free(result);
    reply_free(&result->reply);
    bytes_free(&result->repeated);
    free(result);
}

size_t oracle_column_count(const struct oracle_result *result) {
    return result->column_count;
}

const char *oracle_column_name(const struct oracle_result *result, size_t column) {
    return bytes_text(&result->columns[column].name);
}

enum oracle_kind oracle_column_kind(const struct oracle_result *result, size_t column) {
    static const enum oracle_kind kinds[] = {
        [FORM_TEXT] = ORACLE_TEXT,      [FORM_NATIONAL] = ORACLE_TEXT,
        [FORM_NUMBER] = ORACLE_NUMBER,  [FORM_MOMENT] = ORACLE_MOMENT,
        [FORM_FLOATING] = ORACLE_REAL,  [FORM_BYTES] = ORACLE_BYTES,
        [FORM_ROWID] = ORACLE_TEXT,     [FORM_UNIVERSAL_ROWID] = ORACLE_TEXT,
        [FORM_BOOLEAN] = ORACLE_NUMBER, [FORM_MONTHS] = ORACLE_TEXT,
        [FORM_SECONDS] = ORACLE_TEXT,
    };
    return kinds[result->columns[column].form];
}

struct oracle_value oracle_value(const struct oracle_result *result, size_t column) {
    const struct column *one = &result->columns[column];
    if (one->is_null) {
        return (struct oracle_value){NULL, 0};
    }
    return (struct oracle_value){bytes_text(&one->value), one->value.length};
}
