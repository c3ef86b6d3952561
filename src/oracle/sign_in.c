/* Signing in by user and password, in two calls: the server challenges, the password answers. */
#define _DEFAULT_SOURCE /* explicit_bzero, gethostname */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "oracle/reply.h"
#include "oracle/sign_in.h"

enum { MODE_SIGN_IN = 0x1, MODE_BY_PASSWORD = 0x100, FIRST_PAIRS = 5, SECOND_PAIRS = 6 };

/* Sent to the server as the version of the driver: 1.0.0. */
static const char driver_version[] = "16777216";

/* Sends the call and takes its answer. */
static int converse(struct oracle_connection *connection, struct session_data *session,
                    struct oracle_error *error) {
    struct reader *reader = &connection->reader;
    struct reply reply = {0};
    unsigned type = 0;
    int rc = connection_send(connection, error);
    while (rc == 0 && !reply.is_over && reply_next(connection, &type)) {
        if (type == MESSAGE_PARAMETER) {
            session_data_take(reader, session);
        } else {
            reply_take(connection, type, &reply);
        }
    }
    if (rc == 0 && !reader_is_fine(reader)) {
        rc = connection_fail(connection, error);
    } else if (rc == 0 && reply.code != 0) {
        rc = reply_fail_sign_in(&reply, error);
    }
    reply_free(&reply);
    return rc;
}

static void put_pair(struct bytes *message, const char *key, const char *value) {
    message_put_pair(message, key, value, strlen(value), 0);
}

/* USER[TARGET]: by the password of the one, for the other. */
struct login {
    const char *user;
    size_t length;
    const char *target;
    size_t target_length; /* 0: for the user */
};

static struct login split_user(const char *user) {
    struct login login = {.user = user, .length = strlen(user)};
    bool is_quoted = false;
    size_t end = login.length;
    while (end > 0 && user[end - 1] == ' ') {
        end--;
    }
    for (size_t i = 0; i < end && user[end - 1] == ']'; i++) {
        is_quoted = is_quoted != (user[i] == '"');
        if (user[i] == '[' && !is_quoted) {
            login.target = user + i + 1;
            login.target_length = end - 1 - (i + 1);
            login.length = i;
            break;
        }
    }
    while (login.length > 0 && user[login.length - 1] == ' ') {
        login.length--;
    }
    return login;
}

static void put_head(struct bytes *message, const struct login *login, int pairs,
                     unsigned has_answer) {
    message_put_byte(message, 1);
    message_put_number(message, (uint32_t)login->length);
    message_put_number(message, MODE_SIGN_IN | MODE_BY_PASSWORD);
    message_put_byte(message, 1);
    message_put_number(message, (uint32_t)pairs);
    message_put_byte(message, has_answer);
    message_put_byte(message, 1);
    message_put_text(message, login->user, login->length);
}

/* The client: the server shows it in its list of sessions. */
static int ask_challenge(struct oracle_connection *connection, struct session_data *session,
                         struct oracle_error *error) {
    char host[256] = "unknown";
    char process[24];
    const char *user = getenv("USER");
    if (gethostname(host, sizeof host - 1) != 0) {
        memcpy(host, "unknown", sizeof "unknown");
    }
    snprintf(process, sizeof process, "%ld", (long)getpid());
    const struct login login = split_user(connection->options.user);
    struct bytes *message = connection_begin_call(connection, FUNCTION_SIGN_IN_FIRST);
    put_head(message, &login, FIRST_PAIRS, 0);
    put_pair(message, "AUTH_TERMINAL", "unknown");
    put_pair(message, "AUTH_PROGRAM_NM", "rowpost");
    put_pair(message, "AUTH_MACHINE", host);
    put_pair(message, "AUTH_PID", process);
    put_pair(message, "AUTH_SID", user == NULL ? "unknown" : user);
    return converse(connection, session, error);
}

/* Moments with a zone come in UTC. The NUL at the end belongs to it. */
static const char settings[] = "ALTER SESSION SET TIME_ZONE='+00:00'";

static int send_answer(struct oracle_connection *connection, struct session_data *session,
                       const struct verifier_answer *answer, struct oracle_error *error) {
    bool has_speedy_key = answer->speedy_key[0] != '\0';
    const struct login login = split_user(connection->options.user);
    struct bytes *message = connection_begin_call(connection, FUNCTION_SIGN_IN_SECOND);
    put_head(message, &login, SECOND_PAIRS + has_speedy_key + (login.target_length > 0), 1);
    message_put_pair(message, "AUTH_SESSKEY", answer->session_key, strlen(answer->session_key), 1);
    if (has_speedy_key) {
        put_pair(message, "AUTH_PBKDF2_SPEEDY_KEY", answer->speedy_key);
    }
    put_pair(message, "SESSION_CLIENT_CHARSET", "873");
    put_pair(message, "SESSION_CLIENT_DRIVER_NAME", "rowpost");
    put_pair(message, "SESSION_CLIENT_VERSION", driver_version);
    message_put_pair(message, "AUTH_ALTER_SESSION", settings, sizeof settings, 1);
    put_pair(message, "AUTH_PASSWORD", bytes_text(&answer->password));
    if (login.target_length > 0) {
        message_put_pair(message, "PROXY_CLIENT_NAME", login.target, login.target_length, 0);
    }
    return converse(connection, session, error);
}

static int answer_challenge(struct oracle_connection *connection, struct session_data *session,
                            struct oracle_error *error) {
    const struct verifier_challenge challenge = {
        .kind = (int)session->verifier_kind,
        .verifier_data = bytes_text(&session->verifier_data),
        .session_key = bytes_text(&session->session_key),
        .salt = session->salt.length == 0 ? NULL : bytes_text(&session->salt),
        .verifier_rounds = strtol(bytes_text(&session->verifier_rounds), NULL, 10),
        .session_rounds = strtol(bytes_text(&session->session_rounds), NULL, 10),
    };
    struct verifier_answer answer = {0};
    int rc = verifier_answer_challenge(&challenge, connection->options.password,
                                       connection_make_random, connection, &answer, error);
    if (rc == 0) {
        rc = send_answer(connection, session, &answer, error);
    }
    if (rc == 0 && !verifier_check_server(&answer, bytes_text(&session->response))) {
        rc = failure_set(error, ORACLE_SIGN_IN,
                         "the server does not prove that it knows the password; it may not be "
                         "the one that it is taken for");
    }
    verifier_answer_wipe(&answer);
    return rc;
}

int sign_in_user(struct oracle_connection *connection, struct oracle_error *error) {
    struct session_data session = {0};
    connection->packets.trace.is_masked = true;
    int rc = ask_challenge(connection, &session, error);
    if (rc == 0) {
        rc = answer_challenge(connection, &session, error);
    }
    if (rc == 0) {
        session_data_write_version(&session, &connection->version);
        connection->is_signed_in = true;
    }
    connection->packets.trace.is_masked = false;
    bytes_wipe(&connection->message);
    bytes_wipe(&connection->packets.outgoing);
    bytes_wipe(&connection->reader.piece);
    bytes_wipe(&connection->reader.value);
    session_data_wipe(&session);
    return rc;
}
