/* Answers that a real server of version 23.26 has sent, decoded to the values that stand in them.
 * They are not part of the project: the environment names the file (ROWPOST_ORACLE_CAPTURES), a
 * JSON object from a message's name to its packets in hexadecimal. Without it there is nothing to
 * test. Go's driver has asked for them; it is told the columns in another form in some. */
#include <jansson.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "oracle/result.h"
#include "oracle/session_data.h"

enum { FIELDS_OF_THE_SERVER = 24, FIELDS_OF_OLD = 7 };

static json_t *captures;
static struct oracle_connection connection;
static int server; /* the other end of the connection */

static int load(void **state) {
    (void)state;
    const char *path = getenv("ROWPOST_ORACLE_CAPTURES");
    captures = path == NULL ? NULL : json_load_file(path, 0, NULL);
    return path != NULL && captures == NULL ? -1 : 0;
}

static int unload(void **state) {
    (void)state;
    json_decref(captures);
    return 0;
}

/* A connection on which nothing has been said yet. */
static int connect_pair(void **state) {
    (void)state;
    static const struct transport_settings settings = {NULL, 0, 2000};
    int ends[2];
    if (socketpair(AF_UNIX, SOCK_STREAM, 0, ends) != 0) {
        return -1;
    }
    server = ends[0];
    connection = (struct oracle_connection){
        .field_version = FIELDS_OF_THE_SERVER, .longest_column = 32767, .national_charset = 2000};
    connection.options.field_version = FIELDS_OF_THE_SERVER;
    packets_start(&connection.packets, transport_adopt(ends[1], &settings));
    connection.packets.has_long_lengths = true;
    connection.packets.size = 8192;
    reader_start(&connection.reader, &connection.packets);
    return 0;
}

static int disconnect(void **state) {
    (void)state;
    transport_close(connection.packets.transport);
    packets_free(&connection.packets);
    reader_free(&connection.reader);
    bytes_free(&connection.message);
    bytes_free(&connection.banner);
    bytes_free(&connection.version);
    return close(server);
}

/* The server says what was captured; the length in its header becomes what there is, as some
 * messages were cut by hand. */
static void say(const char *name) {
    if (captures == NULL) {
        skip();
    }
    const char *hex = json_string_value(json_object_get(captures, name));
    assert_non_null(hex);
    struct bytes packet = {0};
    for (const char *at = hex; *at != '\0'; at += 2) {
        unsigned value = 0;
        assert_int_equal(sscanf(at, "%2x", &value), 1);
        message_put_byte(&packet, value);
    }
    for (int i = 0; i < 4; i++) {
        packet.data[i] = (unsigned char)(packet.length >> (24 - 8 * i));
    }
    assert_int_equal(write(server, packet.data, packet.length), (ssize_t)packet.length);
    bytes_free(&packet);
}

/* The rows of the answer, a line each: `ID=1 NAME=abc`. */
static void assert_rows(const char *expected) {
    struct oracle_error error = {0};
    struct oracle_result result = {.connection = &connection, .is_in_answer = true};
    struct bytes rows = {0};
    int rc;
    while ((rc = oracle_next_row(&result, &error)) == 1) {
        for (size_t i = 0; i < oracle_column_count(&result); i++) {
            bytes_append_format(&rows, "%s%s=%s", i == 0 ? "" : " ", oracle_column_name(&result, i),
                                oracle_value(&result, i).data);
        }
        bytes_append_text(&rows, "\n");
    }
    assert_string_equal(error.message, "");
    assert_int_equal(rc, 0);
    assert_string_equal(bytes_text(&rows), expected);
    bytes_free(&rows);
    result.cursor = 0;
    describe_free(&result);
    reply_free(&result.reply);
    bytes_free(&result.repeated);
}

static void a_select_gives_its_rows_with_values_repeated(void **state) {
    (void)state;
    say("validSelectQueryDump");
    assert_rows("ID=1 NAME=abc ADDRESS=street 1\n"
                "ID=2 NAME=xyz ADDRESS=street 1\n"
                "ID=3 NAME=xyz ADDRESS=street 1\n"
                "ID=4 NAME=xyz ADDRESS=street 2\n"
                "ID=5 NAME=abc ADDRESS=street 2\n");
}

static void a_select_with_the_columns_of_go_gives_its_row(void **state) {
    (void)state;
    connection.has_columns_of_go = true;
    say("validSelectPreparedDump");
    assert_rows("ID=1001 NAME=prepared\n");
}

static void assert_error(const char *name, int field_version) {
    struct oracle_error error = {0};
    struct oracle_result result = {.connection = &connection, .is_in_answer = true};
    connection.field_version = field_version;
    say(name);
    assert_int_equal(oracle_next_row(&result, &error), -1);
    assert_int_equal(error.failure, ORACLE_SERVER);
    assert_int_equal(error.code, 942);
    assert_int_equal(error.position, 14);
    assert_string_equal(error.message, "ORA-00942: table or view does not exist");
    reply_free(&result.reply);
}

static void an_error_has_its_code_its_place_and_its_words(void **state) {
    (void)state;
    assert_error("oer14ErrDump", FIELDS_OF_THE_SERVER);
}

static void an_error_of_an_old_server_does_as_well(void **state) {
    (void)state;
    assert_error("oer7ErrDump", FIELDS_OF_OLD);
}

/* What the server says while the user signs in. */
static void take_parameters(const char *name, struct session_data *session) {
    say(name);
    assert_int_equal(reader_byte(&connection.reader), MESSAGE_PARAMETER);
    session_data_take(&connection.reader, session);
    assert_string_equal(connection.reader.error.message, "");
    assert_true(reader_is_fine(&connection.reader));
}

static void a_challenge_has_its_keys_salts_and_rounds(void **state) {
    (void)state;
    struct session_data session = {0};
    take_parameters("validOsesskeyRPADump", &session);
    assert_int_equal(session.session_key.length, 64);
    assert_memory_equal(bytes_text(&session.session_key), "40857ADB37B40723B18AC67B28EE2B64", 6);
    assert_int_equal(session.verifier_kind, 0x4815);
    assert_true(strtol(bytes_text(&session.verifier_rounds), NULL, 10) > 0);
    assert_true(strtol(bytes_text(&session.session_rounds), NULL, 10) > 0);
    assert_int_equal(session.salt.length, 32);
    session_data_wipe(&session);
}

static void a_signed_in_user_is_told_the_version_and_the_proof(void **state) {
    (void)state;
    struct session_data session = {0};
    struct bytes version = {0};
    take_parameters("validOauthRPADump", &session);
    session_data_write_version(&session, &version);
    assert_string_equal(bytes_text(&version), "23.26.0.0.0");
    assert_true(session.response.length >= 64);
    session_data_wipe(&session);
    bytes_free(&version);
}

static void both_sides_agree_on_protocol_and_types(void **state) {
    (void)state;
    struct oracle_error error = {0};
    say("validttiproUnMarshalDump");
    say("validttidtyUnMarshalDump");
    assert_int_equal(negotiation_agree(&connection, &error), 0);
    assert_string_equal(error.message, "");
    assert_string_equal(bytes_text(&connection.banner), "Linux390x/Linux-2.4.x");
    assert_int_equal(connection.field_version, FIELDS_OF_THE_SERVER);
    assert_int_equal(connection.national_charset, 2000);
}

#define captured(test) cmocka_unit_test_setup_teardown(test, connect_pair, disconnect)

int main(void) {
    const struct CMUnitTest tests[] = {
        captured(a_select_gives_its_rows_with_values_repeated),
        captured(a_select_with_the_columns_of_go_gives_its_row),
        captured(an_error_has_its_code_its_place_and_its_words),
        captured(an_error_of_an_old_server_does_as_well),
        captured(a_challenge_has_its_keys_salts_and_rounds),
        captured(a_signed_in_user_is_told_the_version_and_the_proof),
        captured(both_sides_agree_on_protocol_and_types),
    };
    return cmocka_run_group_tests(tests, load, unload);
}
