#include "oracle/oracle.h"

#include <stdlib.h>

#include "oracle/reply.h"

enum {
    CONNECT_LIMIT = 20000,
    SILENCE_LIMIT = 120000,
    LOGOFF_LIMIT = 2000,
    LARGEST_PACKET_ASKED = 65535
};

static int or_default(int value, int otherwise) {
    return value > 0 ? value : otherwise;
}

static void fill_in(struct oracle_options *options) {
    options->connect_limit = or_default(options->connect_limit, CONNECT_LIMIT);
    options->silence_limit = or_default(options->silence_limit, SILENCE_LIMIT);
    options->field_version = or_default(options->field_version, FIELDS_19);
    options->packet_size = or_default(options->packet_size, LARGEST_PACKET_ASKED);
}

static int check_options(const struct oracle_options *options, struct oracle_error *error) {
    if (options->user == NULL || *options->user == '\0') {
        return failure_set(error, ORACLE_USAGE, "no user is named; write oracle://USER@HOST...");
    }
    if (options->password == NULL) {
        return failure_set(error, ORACLE_USAGE, "no password is there for %s", options->user);
    }
    if (options->field_version < FIELDS_12_1 || options->field_version > FIELDS_NEWEST ||
        options->packet_size < PACKET_LEAST || options->packet_size > PACKET_MOST) {
        return failure_set(error, ORACLE_USAGE, "a field version or packet size that there is not");
    }
    return 0;
}

/* How far connecting has come, and why a server may end the connection there without a word. */
enum stage { STAGE_REACHING, STAGE_LISTENER, STAGE_NEGOTIATION, STAGE_SIGN_IN };

static const char *const likely_ends[] = {
    [STAGE_REACHING] = "",
    [STAGE_LISTENER] =
        "; the listener sent nothing before: it may not let this machine in "
        "(TCP.VALIDNODE_CHECKING in the server's sqlnet.ora), its port may want TLS (tcps://), or "
        "it is none of Oracle's; listener.log on the server shows which",
    [STAGE_NEGOTIATION] =
        "; this was before the sign-in: the database may require native encryption "
        "(SQLNET.ENCRYPTION_SERVER; then connect to its TCPS port, tcps://), not let this machine "
        "in (TCP.VALIDNODE_CHECKING), or have no room for another process (PROCESSES); its "
        "sqlnet.log and alert log show which",
    [STAGE_SIGN_IN] =
        "; this was during the sign-in: the database may have no room for another session "
        "(SESSIONS, SESSIONS_PER_USER), require native encryption (SQLNET.ENCRYPTION_SERVER; then "
        "connect to its TCPS port, tcps://), or a trigger at logon may have failed; its alert log "
        "shows which",
};

static int connect_to(struct oracle_connection *connection, const struct address *address,
                      const struct endpoint *endpoint, enum stage *stage,
                      struct oracle_error *error) {
    connection->is_broken = false;
    connection->sequence = 0;
    if (listener_reach(connection, address, endpoint, error) != 0) {
        *stage = connection->packets.transport == NULL ? STAGE_REACHING : STAGE_LISTENER;
        return -1;
    }
    reader_start(&connection->reader, &connection->packets);
    *stage = STAGE_NEGOTIATION;
    if (negotiation_agree(connection, error) != 0) {
        return -1;
    }
    *stage = STAGE_SIGN_IN;
    return sign_in_user(connection, error);
}

/* Tries one address after the other. A result that another address cannot change ends the search.
 * An answer to the sign-in is one, as each further attempt would count towards locking the user. */
static int connect_to_any(struct oracle_connection *connection, const struct address *address,
                          struct oracle_error *error) {
    struct oracle_error problem = {0};
    struct oracle_error all = {0};
    enum stage stage = STAGE_REACHING;
    for (size_t i = 0; i < address->endpoint_count; i++) {
        if (connect_to(connection, address, &address->endpoints[i], &stage, &problem) == 0) {
            return 0;
        }
        if (problem.failure != ORACLE_UNREACHABLE && problem.failure != ORACLE_TIMEOUT &&
            problem.failure != ORACLE_PROTOCOL) {
            *error = problem;
            return -1;
        }
        failure_join(&all, &problem);
    }
    if (problem.failure == ORACLE_UNREACHABLE && problem.code == 0) {
        failure_append(&all, likely_ends[stage]);
    }
    *error = all;
    return -1;
}

static int find_and_connect(struct oracle_connection *connection, struct oracle_error *error) {
    const struct oracle_options *options = &connection->options;
    struct address_settings settings = {.tns_admin = options->tns_admin};
    struct address address;
    unsigned char random[4] = {0};
    if (connection_make_random(connection, random, sizeof random) != 0) {
        return failure_set(error, ORACLE_MEMORY, "no random numbers are available");
    }
    settings.choice = (uint32_t)random[0] << 24 | (uint32_t)random[1] << 16 |
                      (uint32_t)random[2] << 8 | random[3];
    int rc = address_parse_text(options->address, &settings, &address, error);
    if (rc == 0) {
        rc = connect_to_any(connection, &address, error);
    }
    address_release(&address);
    return rc;
}

struct oracle_connection *oracle_connect(const struct oracle_options *options,
                                         struct oracle_error *error) {
    struct oracle_connection *connection = calloc(1, sizeof *connection);
    if (connection == NULL) {
        failure_set_no_memory(error);
        return NULL;
    }
    connection->options = *options;
    fill_in(&connection->options);
    connection->packets.trace = (struct trace){options->trace, options->trace_context, false};
    int rc = check_options(&connection->options, error);
    if (rc == 0) {
        rc = find_and_connect(connection, error);
    }
    if (rc != 0) {
        oracle_close(connection);
        return NULL;
    }
    transport_end_deadline(connection->packets.transport);
    connection->options.password = NULL;
    connection->options.user = NULL;
    return connection;
}

/* A courtesy: the server ends the session at once, and not when it finds nobody there. */
static void log_off(struct oracle_connection *connection) {
    static const unsigned char goodbye[PACKET_DATA_FLAGS_SIZE] = {0, PACKET_DATA_END};
    struct oracle_error ignored;
    struct reply reply = {0};
    transport_begin_deadline(connection->packets.transport, LOGOFF_LIMIT);
    connection_begin_call(connection, FUNCTION_LOGOFF);
    if (connection_send(connection, &ignored) == 0) {
        for (unsigned type; !reply.is_over && reply_next(connection, &type);) {
            reply_take(connection, type, &reply);
        }
        packet_write(&connection->packets, PACKET_DATA, 0, goodbye, sizeof goodbye, &ignored);
    }
    reply_free(&reply);
}

void oracle_close(struct oracle_connection *connection) {
    if (connection == NULL) {
        return;
    }
    if (connection->is_signed_in && !connection->is_broken) {
        log_off(connection);
    }
    transport_close(connection->packets.transport);
    packets_free(&connection->packets);
    reader_free(&connection->reader);
    bytes_free(&connection->message);
    bytes_free(&connection->banner);
    bytes_free(&connection->version);
    bytes_free(&connection->warning);
    free(connection);
}

const char *oracle_banner(const struct oracle_connection *connection) {
    return bytes_text(&connection->banner);
}

const char *oracle_version(const struct oracle_connection *connection) {
    return bytes_text(&connection->version);
}

const char *oracle_warning(const struct oracle_connection *connection) {
    return connection->warning.length == 0 ? NULL : bytes_text(&connection->warning);
}
