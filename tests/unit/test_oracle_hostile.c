/* Servers that lie, stall, flood and talk nonsense: each ends in an error that names the fault,
 * within the time limit, and nothing is read or written beyond its bounds. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "oracle_fixture.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

/* Milliseconds: of a wait that has to run out, and of one that only stops what hangs. */
enum { LIMIT = 500, PATIENCE = 300000 };

static int limit_of(const struct said *said) {
    return said->after == THEN_IS_SILENT ? LIMIT : PATIENCE;
}

/* A constant with its length; NULs count. */
#define BYTES(text) text, sizeof(text) - 1

static void assert_error(const char *what, const struct oracle_error *error,
                         enum oracle_failure failure, const char *words) {
    if (error->failure != failure || strstr(error->message, words) == NULL) {
        fail_msg("%s: failure %d, \"%s\"; expected %d, \"%s\"", what, (int)error->failure,
                 error->message, (int)failure, words);
    }
}

/* ---- before the user is signed in */

/* What connecting ends in. */
static void connect_to(const struct said *said, struct oracle_error *error) {
    struct said_server server;
    char address[64];

    said_listen(&server, said);
    snprintf(address, sizeof address, "127.0.0.1:%d/sales", server.port);
    const struct oracle_options options = {.address = address,
                                           .user = "scott",
                                           .password = "tiger",
                                           .connect_limit = limit_of(said),
                                           .silence_limit = limit_of(said)};
    assert_null(oracle_connect(&options, error));
    said_stop(&server);
    assert_null(strstr(error->message, "tiger"));
}

struct hostile_case {
    const char *what;
    const char *bytes;
    size_t length;
    enum said_after after;
    enum oracle_failure failure;
    const char *words;
};

/* Connects to a server that sends this, and releases it. */
static void assert_connecting_ends(struct said *said, const struct hostile_case *expected) {
    struct oracle_error error = {0};
    connect_to(said, &error);
    assert_error(expected->what, &error, expected->failure, expected->words);
    said_free(said);
}

#define HEADER(length, type) "\0" length "\0\0" type "\0\0\0"

/* Version, flags, packet size, and what else stands in an acceptance of version 314. */
#define ACCEPT_REST "\0\0\0\1\0\0\0\0\0\0"
#define ACCEPT(size) HEADER("\x18", "\2") "\x01\x3a\0\0" size ACCEPT_REST

static void a_server_that_is_no_listener_is_recognized(void **state) {
    static const struct hostile_case cases[] = {
        {"silence", BYTES(""), THEN_IS_SILENT, ORACLE_TIMEOUT, "within the time limit"},
        {"half a header", BYTES("\0\x20"), THEN_IS_SILENT, ORACLE_TIMEOUT, "within the time limit"},
        {"the end", BYTES(""), THEN_CLOSES, ORACLE_UNREACHABLE, "the connection was lost"},
        {"an end in mid-packet", BYTES(HEADER("\x20", "\2") "\1"), THEN_CLOSES, ORACLE_UNREACHABLE,
         "the connection was lost"},
        {"a length below the header's", BYTES("\0\7\0\0\2\0\0\0"), THEN_CLOSES, ORACLE_PROTOCOL,
         "a packet of 7 bytes; is it Oracle's listener?"},
        {"a web server", BYTES("HTTP/1.1 400 Bad Request\r\n\r\n"), THEN_CLOSES, ORACLE_UNREACHABLE,
         "the connection was lost"},
        {"an unknown packet", BYTES(HEADER("\x08", "\x63")), THEN_CLOSES, ORACLE_PROTOCOL,
         "answered with a packet of type 99"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct said said = {.after = cases[i].after};
        bytes_append(&said.first, cases[i].bytes, cases[i].length);
        assert_connecting_ends(&said, &cases[i]);
    }
}

static void an_acceptance_is_held_within_bounds(void **state) {
    static const struct hostile_case cases[] = {
        {"nothing in it", BYTES(HEADER("\x08", "\2")), THEN_CLOSES, ORACLE_PROTOCOL,
         "the listener's acceptance is cut short"},
        {"the long form cut short", BYTES(HEADER("\x18", "\2") "\x01\x3f\0\0\x20\0" ACCEPT_REST),
         THEN_CLOSES, ORACLE_PROTOCOL, "the listener's acceptance is cut short"},
        {"packets of no byte", BYTES(ACCEPT("\0\0")), THEN_CLOSES, ORACLE_PROTOCOL,
         "asks for packets of 0 bytes"},
        {"packets without room for a byte", BYTES(ACCEPT("\0\x0a")), THEN_CLOSES, ORACLE_PROTOCOL,
         "asks for packets of 10 bytes"},
        {"native encryption",
         BYTES(HEADER("\x18", "\2") "\x01\x3a\0\0\x20\0\0\0\0\1\0\0\0\0\x10\0"), THEN_CLOSES,
         ORACLE_UNSUPPORTED, "tcps://HOST:PORT/SERVICE"},
        {"silence behind it", BYTES(ACCEPT("\x20\0")), THEN_IS_SILENT, ORACLE_TIMEOUT,
         "within the time limit"},
        {"the end behind it", BYTES(ACCEPT("\x20\0")), THEN_CLOSES, ORACLE_UNREACHABLE,
         "the server closed it"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct said said = {.after = cases[i].after};
        bytes_append(&said.first, cases[i].bytes, cases[i].length);
        assert_connecting_ends(&said, &cases[i]);
    }
}

static void a_refusal_is_reported_whatever_is_in_it(void **state) {
    static const struct hostile_case cases[] = {
        {"a service that is not known", BYTES(HEADER("\x17", "\4") "\1\0\0\x0b(ERR=12514)"),
         THEN_CLOSES, ORACLE_UNREACHABLE, "no such service"},
        {"no code", BYTES(HEADER("\x0f", "\4") "\1\0\0\3abc"), THEN_CLOSES, ORACLE_UNREACHABLE,
         "refused the connection and gave no reason"},
        {"no text", BYTES(HEADER("\x0c", "\4") "\1\0\0\0"), THEN_IS_SILENT, ORACLE_UNREACHABLE,
         "refused the connection and gave no reason"},
        {"no length", BYTES(HEADER("\x0a", "\4") "\1\0"), THEN_IS_SILENT, ORACLE_UNREACHABLE,
         "refused the connection and gave no reason"},
        {"the text never comes", BYTES(HEADER("\x0c", "\4") "\1\0\0\1"), THEN_IS_SILENT,
         ORACLE_TIMEOUT, "within the time limit"},
        {"a redirect to nowhere", BYTES(HEADER("\x0d", "\5") "\0\3abc"), THEN_CLOSES,
         ORACLE_PROTOCOL, "redirects to no address"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct said said = {.after = cases[i].after};
        bytes_append(&said.first, cases[i].bytes, cases[i].length);
        assert_connecting_ends(&said, &cases[i]);
    }
}

static void a_server_that_repeats_itself_is_left(void **state) {
    static const struct hostile_case cases[] = {
        {"resend", BYTES(HEADER("\x08", "\x0b")), THEN_REPEATS, ORACLE_PROTOCOL, "again and again"},
        {"packets without content", BYTES(HEADER("\x0a", "\6") "\0\0"), THEN_REPEATS,
         ORACLE_PROTOCOL, "answered with a packet of type 6"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct said said = {.after = cases[i].after};
        bytes_append(&said.again, cases[i].bytes, cases[i].length);
        assert_connecting_ends(&said, &cases[i]);
    }
}

static void a_flood_in_the_negotiation_ends(void **state) {

    static const struct {
        const char *protocol; /* the answer to the first message, or nothing */
        size_t protocol_length;
        const char *again;
        size_t length;
        const char *words;
    } cases[] = {
        {BYTES(""), BYTES("\x0f\0\0\0"), "talks on and on without an answer"},
        {BYTES("\1\6\0"), BYTES("name"), "name for itself does not end"},
        {BYTES("\1\6\0x\0\x69\3\1\0\0\0\0\x06\0\0\0\0\0\0\0"), BYTES("\x11"), "cut short"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct said said = {.after = THEN_REPEATS};
        struct oracle_error error = {0};

        bytes_append(&said.first, BYTES(ACCEPT("\x20\0")));
        says_message(&said.first, cases[i].protocol, cases[i].protocol_length, 1000);
        says_message(&said.again, cases[i].again, cases[i].length, 1000);
        connect_to(&said, &error);
        assert_error("a flood", &error, ORACLE_PROTOCOL, cases[i].words);
        said_free(&said);
    }
}

static void redirects_are_followed_so_often_and_no_more(void **state) {
    struct said said = {.after = THEN_CLOSES};
    struct said_server server;
    struct oracle_error error = {0};
    char address[64];
    char target[128];
    struct bytes body = {0};

    (void)state;
    said_listen(&server, &said);
    snprintf(target, sizeof target, "(ADDRESS=(PROTOCOL=tcp)(HOST=127.0.0.1)(PORT=%d))",
             server.port);
    message_put_u16(&body, (unsigned)strlen(target));
    bytes_append_text(&body, target);
    says_packet(&said.first, PACKET_REDIRECT, body.data, body.length);
    snprintf(address, sizeof address, "127.0.0.1:%d/sales", server.port);
    const struct oracle_options options = {
        .address = address, .user = "scott", .password = "tiger", .connect_limit = PATIENCE};
    assert_null(oracle_connect(&options, &error));
    said_stop(&server);
    assert_error("a circle", &error, ORACLE_PROTOCOL, "redirects more than 8 times");
    bytes_free(&body);
    said_free(&said);
}

/* ---- a query, after the sign-in */

/* One column V, VARCHAR2(20), of the field versions 8 to 16. */
#define COLUMN(type) type "\0\0\0\1\x14\0\0\0\0\0\1\0\0\1\1\1\1\1V\0\0\0\0"
#define DESCRIBE_END "\0\0\0\0\0\0"
#define DESCRIBE(type) "\x10\0\1\x14\1\1\1" COLUMN(type) DESCRIBE_END
#define VARCHAR "\x01"
#define DOUBLE "\x65"
#define OBJECT "\x6d"

/* The end of a call whose cursor is 5. */
#define END "\4\0\0\0\0\0\0\1\5\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"

/* All rows of the query, until it ends; false with the error. */
static bool read_all(struct oracle_connection *connection, size_t *rows,
                     struct oracle_error *error) {
    struct oracle_result *result = oracle_query(connection, "SELECT V FROM T", error);
    struct oracle_error after;
    int rc = -1;

    *rows = 0;
    if (result == NULL) {
        return false;
    }
    while ((rc = oracle_next_row(result, error)) == 1) {
        for (size_t i = 0; i < oracle_column_count(result); i++) {
            struct oracle_value value = oracle_value(result, i);
            assert_true(value.data == NULL || value.data[value.length] == '\0');
        }
        (*rows)++;
    }
    assert_int_equal(oracle_next_row(result, &after), 0);
    oracle_result_close(result);
    return rc == 0;
}

static bool query(const struct said *said, size_t *rows, struct oracle_error *error) {
    struct said_server server;
    int socket = said_pair(&server, said);
    struct oracle_connection *connection = hearing_connection(socket, 13, limit_of(said));
    bool is_read = read_all(connection, rows, error);

    oracle_close(connection);
    said_stop(&server);
    return is_read;
}

/* Queries a server that sends this, and releases it. */
static void assert_query_ends(struct said *said, const struct hostile_case *expected) {
    struct oracle_error error = {0};
    size_t rows = 0;
    if (query(said, &rows, &error)) {
        fail_msg("%s: taken", expected->what);
    }
    assert_error(expected->what, &error, expected->failure, expected->words);
    said_free(said);
}

static void assert_refused(const struct hostile_case *cases, size_t count) {
    for (size_t i = 0; i < count; i++) {
        for (size_t piece = 1; piece <= 1000; piece *= 10) {
            struct said said = {.after = cases[i].after};
            says_message(&said.first, cases[i].bytes, cases[i].length, piece);
            assert_query_ends(&said, &cases[i]);
        }
    }
}

/* That the bytes above are what they are taken for. */
static void an_honest_answer_is_read(void **state) {
    static const char last[] =
        "\4\0\0\0\0\0\0\1\5\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\2\x05\x7b\0"
        "\x05"
        "over\n";

    (void)state;
    for (size_t piece = 1; piece <= 1000; piece *= 10) {
        struct said said = {.after = THEN_CLOSES};
        struct oracle_error error = {0};
        size_t rows = 0;

        says_message(&said.first, BYTES(DESCRIBE(VARCHAR) END "\7\1x\7\2xy"), piece);
        says_message(&said.first, last, sizeof last - 1, piece);
        if (!query(&said, &rows, &error)) {
            fail_msg("%s", error.message);
        }
        assert_int_equal(rows, 2);
        said_free(&said);
    }
}

static void lying_lengths_are_refused(void **state) {
    static const struct hostile_case cases[] = {
        {"a number of nine bytes", BYTES("\x10\0\x09\0"), THEN_CLOSES, ORACLE_PROTOCOL,
         "a number of 9 bytes where 8 are the most"},
        {"65536 columns", BYTES("\x10\0\0\3\1\0\0\0"), THEN_CLOSES, ORACLE_PROTOCOL,
         "describes 65536 columns"},
        {"a value of 2 GB", BYTES(DESCRIBE(VARCHAR) END "\7\xfe\4\x7f\xff\xff\xff"), THEN_CLOSES,
         ORACLE_PROTOCOL, "a value of more than 268435456 bytes"},
        {"pieces that sum up to too much",
         BYTES(DESCRIBE(VARCHAR) END "\7\xfe\1\1x\4\x0f\xff\xff\xff\xff"), THEN_IS_SILENT,
         ORACLE_TIMEOUT, "did not answer"},
        {"a value beyond the end",
         BYTES(DESCRIBE(VARCHAR) END "\7\xc8"
                                     "abc"),
         THEN_CLOSES, ORACLE_UNREACHABLE, "the server closed it"},
        {"the same, and silence",
         BYTES(DESCRIBE(VARCHAR) END "\7\xc8"
                                     "abc"),
         THEN_IS_SILENT, ORACLE_TIMEOUT, "did not answer"},
    };

    (void)state;
    assert_refused(cases, COUNT(cases));
}

static void what_does_not_belong_there_is_refused(void **state) {
    static const struct hostile_case cases[] = {
        {"an unknown message", BYTES("\x63"), THEN_CLOSES, ORACLE_PROTOCOL, "a message of type 99"},
        {"an unknown piggyback", BYTES("\x17\x63"), THEN_CLOSES, ORACLE_PROTOCOL,
         "not known here (99)"},
        {"a row that nothing describes", BYTES("\7\1x"), THEN_CLOSES, ORACLE_PROTOCOL,
         "a query that it has not described"},
        {"no columns", BYTES(END), THEN_CLOSES, ORACLE_USAGE, "the statement gives no rows"},
        {"a BINARY_DOUBLE of one byte", BYTES(DESCRIBE(DOUBLE) END "\7\1\xc1"), THEN_CLOSES,
         ORACLE_PROTOCOL, "the column V holds what its type cannot: 1 bytes for type 101"},
        {"an object with its row", BYTES(DESCRIBE(OBJECT) "\7\1x" END), THEN_CLOSES,
         ORACLE_UNSUPPORTED, "the column V is of the type , which is not read here"},
        {"another type amid the rows",
         BYTES(DESCRIBE(VARCHAR) END "\7\1x" DESCRIBE(OBJECT) "\7\1x"), THEN_CLOSES,
         ORACLE_UNSUPPORTED, "its attributes, each as a column"},
        {"fewer columns amid the rows",
         BYTES(DESCRIBE(VARCHAR) END "\7\1x"
                                     "\x10\0\0\0" DESCRIBE_END),
         THEN_CLOSES, ORACLE_PROTOCOL, "describes 1 columns, and then 0"},
    };

    (void)state;
    assert_refused(cases, COUNT(cases));
}

static void packets_are_held_within_bounds(void **state) {
    static const struct hostile_case cases[] = {
        {"no flags", BYTES("\0\x09\0\0\6\0\0\0\0"), THEN_CLOSES, ORACLE_PROTOCOL,
         "a data packet without flags"},
        {"no header", BYTES("\0\1\0\0\6\0\0\0\0"), THEN_CLOSES, ORACLE_PROTOCOL,
         "a packet of 1 byte"},
        {"another type", BYTES("\0\x08\0\0\2\0\0\0"), THEN_CLOSES, ORACLE_PROTOCOL,
         "a packet of type 2"},
        {"a farewell", BYTES("\0\x0a\0\0\6\0\0\0\0\x40"), THEN_CLOSES, ORACLE_UNREACHABLE,
         "has ended the session"},
        {"a break that is not followed up", BYTES("\0\x0b\0\0\x0c\0\0\0\1\0\1"), THEN_IS_SILENT,
         ORACLE_TIMEOUT, "did not answer"},
        {"an end from beside", BYTES("\0\x16\0\0\x0e\0\0\0\0\x08\0\0\0\0\0\0\x30\xd4\0\0\0\0"),
         THEN_CLOSES, ORACLE_UNREACHABLE, "error 12500"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct said said = {.after = cases[i].after};
        bytes_append(&said.first, cases[i].bytes, cases[i].length);
        assert_query_ends(&said, &cases[i]);
    }
}

static void a_flood_that_says_nothing_ends(void **state) {
    static const struct hostile_case cases[] = {
        {"packets without content", BYTES("\0\x0a\0\0\6\0\0\0\0\0"), THEN_REPEATS, ORACLE_PROTOCOL,
         "1000 packets in a row without content"},
        {"remarks from beside", BYTES("\0\x08\0\0\x0e\0\0\0"), THEN_REPEATS, ORACLE_PROTOCOL,
         "1000 packets in a row without content"},
        {"breaks", BYTES("\0\x0b\0\0\x0c\0\0\0\1\0\1"), THEN_REPEATS, ORACLE_PROTOCOL,
         "1000 packets in a row without content"},
        {"breaks and resets", BYTES("\0\x0b\0\0\x0c\0\0\0\1\0\2"), THEN_REPEATS, ORACLE_PROTOCOL,
         "1000 packets in a row without content"},
        {"warnings", BYTES("\0\x0e\0\0\6\0\0\0\0\0\x0f\0\0\0"), THEN_REPEATS, ORACLE_PROTOCOL,
         "talks on and on without an answer"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct said said = {.after = cases[i].after};
        bytes_append(&said.again, cases[i].bytes, cases[i].length);
        assert_query_ends(&said, &cases[i]);
    }
}

static void a_value_without_an_end_ends(void **state) {
    struct said said = {.after = THEN_REPEATS};
    struct bytes piece = {0};
    struct oracle_error error = {0};
    size_t rows = 0;

    (void)state;
    says_message(&said.first, BYTES("\x10\xfe"), 1000); /* of a description, to be skipped */
    bytes_append(&piece, BYTES("\2\x40\0"));
    for (int i = 0; i < 0x4000; i++) {
        message_put_byte(&piece, 'x');
    }
    says_message(&said.again, piece.data, piece.length, 30000);
    assert_false(query(&said, &rows, &error));
    assert_error("endless pieces", &error, ORACLE_PROTOCOL, "more than 268435456 bytes");
    bytes_free(&piece);
    said_free(&said);
}

static void a_flood_of_rows_does_not_hold_up_the_end(void **state) {
    struct said said = {.after = THEN_REPEATS};
    struct said_server server;
    struct oracle_error error = {0};

    (void)state;
    says_message(&said.first, BYTES(DESCRIBE(VARCHAR) END), 1000);
    says_message(&said.again, BYTES("\7\1x\7\1y\7\1z"), 1000);
    struct oracle_connection *connection =
        hearing_connection(said_pair(&server, &said), 13, PATIENCE);
    struct oracle_result *result = oracle_query(connection, "SELECT V FROM T", &error);
    assert_non_null(result);
    assert_int_equal(oracle_next_row(result, &error), 1);
    assert_string_equal(oracle_value(result, 0).data, "x");
    oracle_result_close(result);
    assert_null(oracle_query(connection, "SELECT V FROM T", &error));
    assert_error("the next query", &error, ORACLE_UNREACHABLE, "the connection was lost before");
    oracle_close(connection);
    said_stop(&server);
    said_free(&said);
}

static void leave_is_taken_of_a_server_that_does_not_let_go(void **state) {
    static const struct hostile_case cases[] = {
        {"silence", BYTES("\0\x0a\0\0\6\0\0\0\0\0"), THEN_IS_SILENT, ORACLE_NO_FAILURE, ""},
        {"warnings", BYTES("\0\x0e\0\0\6\0\0\0\0\0\x0f\0\0\0"), THEN_REPEATS, ORACLE_NO_FAILURE,
         ""},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct said said = {.after = cases[i].after};
        struct said_server server;

        bytes_append(&said.again, cases[i].bytes, cases[i].length);
        oracle_close(hearing_connection(said_pair(&server, &said), 13, LIMIT));
        said_stop(&server);
        said_free(&said);
    }
}

static void nonsense_ends_in_an_error(void **state) {
    uint32_t random = 2463534242U;

    (void)state;
    for (int i = 0; i < 300; i++) {
        struct said said = {.after = THEN_CLOSES};
        struct bytes nonsense = {0};
        struct oracle_error error = {0};
        size_t rows = 0;

        bytes_append(&nonsense, BYTES(DESCRIBE(VARCHAR) END));
        for (int j = 0; j < 200; j++) {
            random ^= random << 13;
            random ^= random >> 17;
            random ^= random << 5;
            if (i % 2 == 0) {
                message_put_byte(&nonsense, random & 0xff);
            } else {
                nonsense.data[random % nonsense.length] = (unsigned char)(random >> 24);
            }
        }
        says_message(&said.first, nonsense.data, nonsense.length, 1 + random % 300);
        assert_false(query(&said, &rows, &error));
        assert_int_not_equal(error.failure, ORACLE_NO_FAILURE);
        assert_true(error.message[0] != '\0');
        bytes_free(&nonsense);
        said_free(&said);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_server_that_is_no_listener_is_recognized),
        cmocka_unit_test(an_acceptance_is_held_within_bounds),
        cmocka_unit_test(a_refusal_is_reported_whatever_is_in_it),
        cmocka_unit_test(a_server_that_repeats_itself_is_left),
        cmocka_unit_test(a_flood_in_the_negotiation_ends),
        cmocka_unit_test(redirects_are_followed_so_often_and_no_more),
        cmocka_unit_test(an_honest_answer_is_read),
        cmocka_unit_test(lying_lengths_are_refused),
        cmocka_unit_test(what_does_not_belong_there_is_refused),
        cmocka_unit_test(packets_are_held_within_bounds),
        cmocka_unit_test(a_flood_that_says_nothing_ends),
        cmocka_unit_test(a_value_without_an_end_ends),
        cmocka_unit_test(a_flood_of_rows_does_not_hold_up_the_end),
        cmocka_unit_test(leave_is_taken_of_a_server_that_does_not_let_go),
        cmocka_unit_test(nonsense_ends_in_an_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
