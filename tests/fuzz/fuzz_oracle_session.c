/* All that a server of Oracle's says from one point of the session on, whatever it is asked. The
 * input's first byte says where (l: at the listener, p: when protocol and types are agreed on, s:
 * at the sign-in, q: at a query); the second, how many bytes of the rest go into a packet (0: all),
 * or that the rest is packets already (255); the third, the field version, counted from 7. */

#include "../unit/oracle_fixture.h"
#include "fuzz.h"
#include "oracle/connection.h"

enum {
    HEAD = 3,
    LONGEST = 8192, /* with a packet for each byte it fits the socket's buffer */
    PACKETS_ALREADY = 255,
    SILENCE_LIMIT = 200,
    FIELD_VERSIONS = FIELDS_NEWEST - FIELDS_12_1 + 1
};

/* Sends what the input says, and no more. Returns the end that the client reads from. */
static int say(const uint8_t *data, size_t size, unsigned piece, int *server) {
    struct bytes packets = {0};
    int ends[2];

    if (piece == PACKETS_ALREADY) {
        bytes_append(&packets, data, size);
    } else {
        says_message(&packets, data, size, piece == 0 ? LONGEST : piece);
    }
    CHECK(socketpair(AF_UNIX, SOCK_STREAM, 0, ends) == 0);
    *server = ends[0];
    CHECK(packets.length == 0 ||
          send(*server, packets.data, packets.length, MSG_DONTWAIT) == (ssize_t)packets.length);
    CHECK(shutdown(*server, SHUT_WR) == 0);
    bytes_free(&packets);
    return ends[1];
}

static int make_known(void *context, unsigned char *bytes, size_t length) {
    (void)context;
    memset(bytes, 'r', length);
    return 0;
}

static void check_error(const struct oracle_error *error) {
    CHECK(error->failure != ORACLE_NO_FAILURE && error->message[0] != '\0');
}

static void check_row(const struct oracle_result *result) {
    for (size_t i = 0; i < oracle_column_count(result); i++) {
        struct oracle_value value = oracle_value(result, i);
        CHECK(value.data == NULL ? value.length == 0 : value.data[value.length] == '\0');
        CHECK(oracle_column_name(result, i) != NULL);
        CHECK(oracle_column_kind(result, i) <= ORACLE_BYTES);
    }
}

static void query(struct oracle_connection *connection) {
    struct oracle_error error = {0};
    struct oracle_result *result = oracle_query(connection, "SELECT V FROM T", &error);
    int rc = -1;

    if (result == NULL) {
        check_error(&error);
        return;
    }
    while ((rc = oracle_next_row(result, &error)) == 1) {
        check_row(result);
    }
    CHECK(rc == 0 || rc == -1);
    if (rc != 0) {
        check_error(&error);
        CHECK(oracle_next_row(result, &error) == 0);
    }
    oracle_result_close(result);
}

static void negotiate(struct oracle_connection *connection) {
    struct oracle_error error = {0};
    int asked = connection->field_version;

    connection->is_signed_in = false;
    connection->options.field_version = asked;
    if (negotiation_agree(connection, &error) == 0) {
        CHECK(connection->field_version >= FIELDS_12_1 && connection->field_version <= asked);
        CHECK(oracle_banner(connection)[connection->banner.length] == '\0');
    } else {
        check_error(&error);
    }
}

static void sign_in(struct oracle_connection *connection) {
    struct oracle_error error = {0};

    connection->is_signed_in = false;
    connection->options.user = "CMS_READER";
    connection->options.password = "tiger-12c";
    connection->options.make_random = make_known;
    if (sign_in_user(connection, &error) != 0) {
        check_error(&error);
    }
}

/* From the first packet on. */
static void reach(struct oracle_connection *connection) {
    struct oracle_error error = {0};
    struct stop stop = {.endpoint = {.host = "db", .port = "1521"}};

    connection->is_signed_in = false;
    connection->options.packet_size = PACKET_LEAST;
    bytes_append_text(&stop.connect_data, "(DESCRIPTION=(CONNECT_DATA=(SID=X)))");
    enum outcome outcome = listener_ask(connection, &stop, 0, &error);
    if (outcome == OUTCOME_FAILED) {
        check_error(&error);
    } else if (outcome == OUTCOME_REDIRECTED) {
        CHECK(stop.endpoint.host[0] != '\0' && atoi(stop.endpoint.port) > 0);
    } else {
        CHECK(connection->packets.size > PACKET_HEADER_SIZE + PACKET_DATA_FLAGS_SIZE);
        negotiate(connection);
    }
    bytes_free(&stop.connect_data);
}

static const struct {
    uint8_t letter;
    void (*run)(struct oracle_connection *connection);
} points[] = {{'l', reach}, {'p', negotiate}, {'s', sign_in}, {'q', query}};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    int server;

    if (size < HEAD || size - HEAD > LONGEST) {
        return 0;
    }
    int socket = say(data + HEAD, size - HEAD, data[1], &server);
    struct oracle_connection *connection =
        hearing_connection(socket, FIELDS_12_1 + data[2] % FIELD_VERSIONS, SILENCE_LIMIT);
    for (size_t i = 0; i < sizeof points / sizeof *points; i++) {
        if (points[i].letter == data[0]) {
            points[i].run(connection);
        }
    }
    oracle_close(connection);
    close(server);
    return 0;
}
