/* What real servers have sent, decoded to the values that are in it. None of it is part of the
 * project; the environment names the files, and without one its tests are skipped:
 *   - ROWPOST_ORACLE_CAPTURES: answers of version 23.26, a JSON object from a message's name to its
 *     packets in hexadecimal. Go's driver has asked for them; it gets the columns in another
 * form in some;
 *   - ROWPOST_ORACLE_CASES: a folder of messages from 11.2 to 26ai, a file NAME.hex each: without
 *     packets; `accept-` is the body of the listener's packet. */
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

#include "oracle/connection.h"
#include "oracle/result.h"
#include "oracle/sign_in.h"

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

/* A connection on which nothing has been sent yet. */
static int connect_pair(void **state) {
    (void)state;
    static const struct transport_settings settings = {.silence_limit = 2000};
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

/* The server sends what was captured; the length in its header becomes what there is, as some
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

/* Appends what is in a file of the folder of cases. */
static void load_case(const char *name, struct bytes *out) {
    const char *folder = getenv("ROWPOST_ORACLE_CASES");
    char path[512];
    unsigned value = 0;

    if (folder == NULL) {
        skip();
    }
    snprintf(path, sizeof path, "%s/%s.hex", folder, name);
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    while (fscanf(file, "%2x", &value) == 1) {
        message_put_byte(out, value);
    }
    fclose(file);
    assert_true(out->length > 0);
}

/* The server sends a packet of this type. */
static void send_packet(int type, const struct bytes *body) {
    struct bytes packet = {0};
    size_t length = PACKET_HEADER_SIZE + body->length;

    message_put_u16(&packet, connection.packets.has_long_lengths ? 0 : (unsigned)length);
    message_put_u16(&packet, connection.packets.has_long_lengths ? (unsigned)length : 0);
    message_put_byte(&packet, (unsigned)type);
    message_put_byte(&packet, 0);
    message_put_u16(&packet, 0);
    bytes_append(&packet, body->data, body->length);
    assert_int_equal(write(server, packet.data, packet.length), (ssize_t)packet.length);
    bytes_free(&packet);
}

/* The server sends what was captured, then `behind`. */
static void say_case(const char *name, const char *behind, size_t length) {
    struct bytes message = {0};
    struct bytes body = {0};
    load_case(name, &message); /* which ends the test where there is none */
    message_put_u16(&body, 0);
    bytes_append(&body, message.data, message.length);
    bytes_append(&body, behind, length);
    send_packet(PACKET_DATA, &body);
    bytes_free(&message);
    bytes_free(&body);
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

/* What the server sends while the user signs in. */
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

static void a_signed_in_user_gets_the_version_and_the_proof(void **state) {
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

static void assert_accepted(const char *name, bool has_long_lengths) {
    struct oracle_error error = {0};
    struct stop stop = {0};
    struct bytes body = {0};

    connection.packets.has_long_lengths = false;
    connection.options.packet_size = 8192;
    load_case(name, &body);
    send_packet(PACKET_ACCEPT, &body);
    bytes_free(&body);
    assert_int_equal(listener_ask(&connection, &stop, 0, &error), OUTCOME_ACCEPTED);
    assert_string_equal(error.message, "");
    assert_int_equal(connection.packets.has_long_lengths, has_long_lengths);
    assert_int_equal(connection.packets.size, 8192);
}

static void a_listener_of_11_2_accepts(void **state) {
    (void)state;
    assert_accepted("accept-11.2", false);
}

static void a_listener_of_12_1_accepts(void **state) {
    (void)state;
    assert_accepted("accept-12.1", true);
}

static void a_listener_of_23ai_accepts(void **state) {
    (void)state;
    assert_accepted("accept-23ai", true);
}

static void assert_agreed(const char *name, int asked, int field_version, size_t longest_column) {
    struct oracle_error error = {0};
    struct bytes types = {0};

    connection.options.field_version = asked;
    say_case(name, NULL, 0);
    bytes_append(&types, "\0\0\2\0\0", 5); /* the types: none is described */
    send_packet(PACKET_DATA, &types);
    bytes_free(&types);
    assert_int_equal(negotiation_agree(&connection, &error), 0);
    assert_string_equal(error.message, "");
    assert_string_equal(bytes_text(&connection.banner), "x86_64/Linux 2.4.xx");
    assert_int_equal(connection.field_version, field_version);
    assert_int_equal(connection.longest_column, longest_column);
    assert_int_equal(connection.national_charset, 2000);
}

static void a_server_of_12_1_agrees_on_its_own_fields(void **state) {
    (void)state;
    assert_agreed("pro-12.1", FIELDS_19, FIELDS_12_1, 4000);
}

static void a_server_of_21c_agrees_on_those_that_are_asked_for(void **state) {
    (void)state;
    assert_agreed("pro-21c", FIELDS_19, FIELDS_19, 32767);
}

static void a_server_of_21c_agrees_on_no_newer_ones(void **state) {
    (void)state;
    assert_agreed("pro-21c", FIELDS_NEWEST, 16, 32767);
}

static void an_instance_that_is_down_is_not_taken_for_an_old_one(void **state) {
    (void)state;
    assert_agreed("pro-no-capabilities", FIELDS_19, FIELDS_19, 4000);
}

/* Appends the current row as text. */
static void append_row(const struct oracle_result *result, struct bytes *text) {
    for (size_t i = 0; i < oracle_column_count(result); i++) {
        bytes_append_format(text, "%s%s=%s", i == 0 ? "" : " ", oracle_column_name(result, i),
                            oracle_value(result, i).data);
    }
}

static void free_result(struct oracle_result *result) {
    describe_free(result);
    reply_free(&result->reply);
    bytes_free(&result->repeated);
}

/* The answer's first row; the capture ends after it. */
static void assert_first_row(const char *name, int field_version, const char *expected) {
    struct oracle_error error = {0};
    struct oracle_result result = {.connection = &connection, .is_in_answer = true};
    struct bytes row = {0};

    connection.field_version = field_version;
    say_case(name, NULL, 0);
    assert_int_equal(oracle_next_row(&result, &error), 1);
    append_row(&result, &row);
    assert_string_equal(bytes_text(&row), expected);
    assert_ptr_equal(connection.reader.at, connection.reader.end);
    bytes_free(&row);
    free_result(&result);
}

static void columns_with_long_names_are_described(void **state) {
    (void)state;
    assert_first_row("describe-1642", FIELDS_19,
                     "aaaaaaaaaaaaaaaaaaaaaaaaaaaaa=1 "
                     "column_ID_COLUMN=333333333333333333333333333333333333 "
                     "column_TP_COLUMN=2 "
                     "bbbbbbbbbbbbbbbbbbbbbbbbbbbbb=abc");
}

static void a_column_of_a_domain_is_described(void **state) {
    (void)state;
    assert_first_row("describe-domain17", FIELDS_23, "A=1 B=2");
}

static void a_column_with_annotations_is_described(void **state) {
    (void)state;
    assert_first_row("describe-annot24", FIELDS_23_VECTORS, "A=1");
}

static void a_vector_without_bytes_repeats_the_row(void **state) {
    struct oracle_error error = {0};
    struct oracle_result result = {.connection = &connection, .is_in_answer = true};
    struct bytes rows = {0};

    (void)state;
    say_case("describe-annot24", NULL, 0);
    assert_int_equal(oracle_next_row(&result, &error), 1);
    say_case("rowheader-vector-23ai", NULL, 0);
    assert_int_equal(oracle_next_row(&result, &error), 1);
    append_row(&result, &rows);
    assert_string_equal(bytes_text(&rows), "A=1");
    assert_ptr_equal(connection.reader.at, connection.reader.end);
    bytes_free(&rows);
    free_result(&result);
}

/* A whole answer of one row. */
static void assert_only_row(const char *name, int field_version, const char *expected) {
    connection.field_version = field_version;
    say_case(name, NULL, 0);
    assert_rows(expected);
}

static void a_select_of_21c_gives_its_row(void **state) {
    (void)state;
    assert_only_row("select-21c", 16, "1=1\n");
}

static void a_select_of_26ai_gives_its_row(void **state) {
    (void)state;
    assert_only_row("select42-26ai", FIELDS_23_VECTORS, "42=42\n");
}

static void the_servers_process_is_passed_over(void **state) {
    struct reply reply = {0};
    unsigned type = 0;

    (void)state;
    say_case("piggyback-process-2022", "\x1d", 1);
    assert_true(reply_next(&connection, &type));
    assert_int_equal(type, MESSAGE_SERVER_PIGGYBACK);
    reply_take(&connection, type, &reply);
    assert_true(reply_next(&connection, &type));
    assert_int_equal(type, MESSAGE_END);
    reply_free(&reply);
}

#define captured(test) cmocka_unit_test_setup_teardown(test, connect_pair, disconnect)

int main(void) {
    const struct CMUnitTest tests[] = {
        captured(a_select_gives_its_rows_with_values_repeated),
        captured(a_select_with_the_columns_of_go_gives_its_row),
        captured(an_error_has_its_code_its_place_and_its_words),
        captured(an_error_of_an_old_server_does_as_well),
        captured(a_challenge_has_its_keys_salts_and_rounds),
        captured(a_signed_in_user_gets_the_version_and_the_proof),
        captured(both_sides_agree_on_protocol_and_types),
        captured(a_listener_of_11_2_accepts),
        captured(a_listener_of_12_1_accepts),
        captured(a_listener_of_23ai_accepts),
        captured(a_server_of_12_1_agrees_on_its_own_fields),
        captured(a_server_of_21c_agrees_on_those_that_are_asked_for),
        captured(a_server_of_21c_agrees_on_no_newer_ones),
        captured(an_instance_that_is_down_is_not_taken_for_an_old_one),
        captured(columns_with_long_names_are_described),
        captured(a_column_of_a_domain_is_described),
        captured(a_column_with_annotations_is_described),
        captured(a_vector_without_bytes_repeats_the_row),
        captured(a_select_of_21c_gives_its_row),
        captured(a_select_of_26ai_gives_its_row),
        captured(the_servers_process_is_passed_over),
    };
    return cmocka_run_group_tests(tests, load, unload);
}
