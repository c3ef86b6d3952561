/* What the server sends while the user signs in: named values.
 *
 * Private to src/oracle. A zeroed struct is empty; session_data_wipe() releases it, for a password
 * could be guessed from what it holds. */
#ifndef ROWPOST_ORACLE_SESSION_DATA_H
#define ROWPOST_ORACLE_SESSION_DATA_H

#include "oracle/reader.h"

struct session_data {
    struct bytes session_key;
    struct bytes verifier_data;
    struct bytes salt;
    struct bytes verifier_rounds;
    struct bytes session_rounds;
    struct bytes response;
    struct bytes version;
    uint32_t verifier_kind; /* the flag of the verifier's data */
};

/* Reads a parameter message, after its type; what is not wanted is skipped. */
void session_data_take(struct reader *reader, struct session_data *session);
void session_data_wipe(struct session_data *session);

/* Replaces `out` with the server's version, such as "19.0.0.0.0". */
void session_data_write_version(const struct session_data *session, struct bytes *out);

#endif
