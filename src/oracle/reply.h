/* What every answer may hold, and how it ends.
 *
 * Private to src/oracle. An answer is a row of messages. A caller reads the type of each, takes
 * those that belong to its call, and hands the others to reply_take(); after the last one
 * `is_over` is true. The normal end is a message of the type "error" whose code is 0. */
#ifndef ROWPOST_ORACLE_REPLY_H
#define ROWPOST_ORACLE_REPLY_H

#include "oracle/connection.h"

enum { REPLY_NO_MORE_ROWS = 1403 };

struct reply {
    bool is_over;
    int code;     /* 942 of ORA-00942; 0: none */
    int position; /* offset in the statement; -1: none */
    uint32_t cursor;
    struct bytes text; /* the server's words for the code; reply_free() releases it */
};

void reply_free(struct reply *reply);

/* Reads the type of the next message. False: the reader has failed, as it does where a server sends
 * thousands of messages without a row or an end. After an interruption the message under way is
 * void, and the server continues with an error. */
bool reply_next(struct oracle_connection *connection, unsigned *type);

/* Takes a message that any answer may hold; one that none may hold fails the reader. */
void reply_take(struct oracle_connection *connection, unsigned type, struct reply *reply);

/* The server's own error as `failure`. Returns -1. */
int reply_fail(const struct reply *reply, enum oracle_failure failure, struct oracle_error *error);

/* The same before the user is signed in: what is refused is the user or, by the error's code, any
 * connection at the moment. */
int reply_fail_sign_in(const struct reply *reply, struct oracle_error *error);

#endif
