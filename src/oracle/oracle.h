/* A reader of Oracle databases that speaks Oracle's network protocol itself: no client library.
 *
 * A library of its own: it knows OpenSSL and nothing of the program around it. oracle_connect()
 * gives a connection that the caller closes with oracle_close(); oracle_query() gives a result that
 * the caller closes with oracle_result_close() before the connection. One result is open at a time,
 * and a connection is used by one thread at a time. Texts of a result live until its next row.
 * Nothing that the server sends is trusted: each length is checked against its bounds, and no wait
 * is without a limit. SIGPIPE has to be ignored by the program.
 *
 * Servers from 12.1 on, by user and password, over TCP or TLS; queries without binds. Of several
 * addresses the first that lets the user in counts. What is not done (native encryption, wallets,
 * directories of names) is refused with a message that names what to do instead. */
#ifndef ROWPOST_ORACLE_ORACLE_H
#define ROWPOST_ORACLE_ORACLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum oracle_failure {
    ORACLE_NO_FAILURE,
    ORACLE_USAGE,       /* the address cannot be read, or asks for what is not done here */
    ORACLE_UNREACHABLE, /* no connection, or none any more; or the database lets nobody in */
    ORACLE_TIMEOUT,     /* the server was silent for too long */
    ORACLE_SIGN_IN,     /* the server does not let this user in */
    ORACLE_SERVER,      /* the server's own error: `code` and its text */
    ORACLE_PROTOCOL,    /* the server sends what it must not */
    ORACLE_UNSUPPORTED, /* a server or a type that is not read here */
    ORACLE_MEMORY
};

enum { ORACLE_MESSAGE_SIZE = 768 };

struct oracle_error {
    enum oracle_failure failure;
    int code;     /* 942 of ORA-00942; 0: none */
    int position; /* offset of the mistake in the statement; -1: none is known, and 0 means that */
    char message[ORACLE_MESSAGE_SIZE];
};

struct oracle_options {
    const char *address;   /* HOST[:PORT]/SERVICE, tcps://HOST..., HOST:PORT:SID, (DESCRIPTION=...),
                            * or a name in tnsnames.ora */
    const char *tns_admin; /* the folder of that file; NULL: the environment's TNS_ADMIN */
    const char *user;      /* or USER[TARGET]: signs in as USER for TARGET, by USER's password */
    const char *password;  /* UTF-8; may be wiped as soon as oracle_connect() returns */
    const char *ca_file;   /* PEM: the authorities to trust over TLS; NULL: the system's */
    int connect_limit;     /* milliseconds from the connection until the server has let the user in;
                            * 0: 20 seconds. Each IP has 5 seconds to take the connection, unless
                            * the address gives another limit. */
    int silence_limit;     /* milliseconds without a byte from the server; 0: 120 seconds */
    int field_version;     /* the newest field version to ask for, 7 to 24; 0: 13 */
    int packet_size;       /* bytes of a packet to ask for, from 512 on; 0: 65535 */

    /* Fills `bytes`; 0, or -1. NULL: OpenSSL's. For tests that compare requests byte by byte. */
    int (*make_random)(void *context, unsigned char *bytes, size_t length);
    void *random_context;

    /* Receives every packet as lines of text. What signs in is masked. NULL: nobody is. */
    void (*trace)(void *context, const char *line);
    void *trace_context;
};

struct oracle_connection;
struct oracle_result;

/* How a value is given. All but raw bytes are text. What the database holds in a NUMBER, a date or
 * an INTERVAL although it is none (import tools write such) is a text of another form: "-0044-03-15
 * 00:00:00", or "bytes C1, which are no NUMBER". */
enum oracle_kind {
    ORACLE_TEXT,   /* VARCHAR2, CHAR, CLOB and their national kinds, LONG, ROWID: UTF-8. INTERVAL:
                    * "+02-06", "-05 10:20:30.500000" */
    ORACLE_NUMBER, /* NUMBER, FLOAT: all digits, "-12.5", "100"; "~" and "-~": the infinities */
    ORACLE_REAL,   /* BINARY_FLOAT, BINARY_DOUBLE: shortest form that is read back the same */
    ORACLE_MOMENT, /* DATE, TIMESTAMP: "2013-06-20 23:11:40.000000", with nine digits where the last
                    * three are not zero, with a zone in UTC */
    ORACLE_BYTES   /* RAW, LONG RAW, BLOB */
};

struct oracle_value {
    const char *data; /* NULL: null; else `length` bytes and a NUL after them */
    size_t length;
};

/* Connects and signs in. NULL with the error. */
struct oracle_connection *oracle_connect(const struct oracle_options *options,
                                         struct oracle_error *error);

/* Takes leave of the server, if it still listens, and frees everything. NULL is allowed. */
void oracle_close(struct oracle_connection *connection);

/* What the server calls itself and its version, such as "19.0.0.0.0"; never NULL. */
const char *oracle_banner(const struct oracle_connection *connection);
const char *oracle_version(const struct oracle_connection *connection);

/* What the server reported with a successful sign-in, such as that the password expires; or
 * NULL. */
const char *oracle_warning(const struct oracle_connection *connection);

/* Runs a statement that gives no rows. 0, or -1 with the error. */
int oracle_execute(struct oracle_connection *connection, const char *sql,
                   struct oracle_error *error);

/* Starts a query. A CLOB comes as the text that it holds. NULL with the error; `position` is its
 * place in `sql`. */
struct oracle_result *oracle_query(struct oracle_connection *connection, const char *sql,
                                   struct oracle_error *error);
void oracle_result_close(struct oracle_result *result);

size_t oracle_column_count(const struct oracle_result *result);
const char *oracle_column_name(const struct oracle_result *result, size_t column);
enum oracle_kind oracle_column_kind(const struct oracle_result *result, size_t column);

/* 1: a row is there; 0: the end, now and ever after; -1: the error, and then the end. */
int oracle_next_row(struct oracle_result *result, struct oracle_error *error);

/* The value of the current row. */
struct oracle_value oracle_value(const struct oracle_result *result, size_t column);

#endif
