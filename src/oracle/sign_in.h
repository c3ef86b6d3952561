/* The parts of signing in by user and password (sign_in.c). Private to src/oracle. */
#ifndef ROWPOST_ORACLE_SIGN_IN_H
#define ROWPOST_ORACLE_SIGN_IN_H

#include "oracle/reader.h"

/* ---- what the server sends meanwhile: named values (session_data.c) ---- */

/* A zeroed struct is empty; session_data_wipe() releases it, for a password could be guessed from
 * what it holds. */
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

/* ---- the cryptography (verifier.c) ----
 *
 * Server and client prove to each other that they know the same password, and neither sends it. The
 * server's challenge has a session key (part A) that the password decrypts; the answer has the
 * client's (part B). Both together give the combo key, under which the password is sent and the
 * server's proof is read. The kind of the stored verifier decides how the key is made of the
 * password: SHA-1 (11g), or PBKDF2 with HMAC-SHA-512 (12c). Whatever could open one of these is
 * wiped before a function returns, or is in the answer, which the caller wipes. */

/* What a server sends about a user's verifier. */
enum { VERIFIER_11G_1 = 0xb152, VERIFIER_11G_2 = 0x1b25, VERIFIER_12C = 0x4815 };

enum {
    VERIFIER_LONGEST_SESSION_KEY = 48,
    VERIFIER_SPEEDY_KEY = 80,
    VERIFIER_LONGEST_COMBO_KEY = 32,
    VERIFIER_MOST_ROUNDS = 100000
};

/* What the server sent; the texts are hexadecimal, and belong to the caller. */
struct verifier_challenge {
    int kind;                  /* the flag of AUTH_VFR_DATA */
    const char *verifier_data; /* AUTH_VFR_DATA, the salt of the verifier */
    const char *session_key;   /* AUTH_SESSKEY, part A: 32 or 48 bytes */
    const char *salt;          /* AUTH_PBKDF2_CSK_SALT; NULL: none was sent */
    long verifier_rounds;      /* AUTH_PBKDF2_VGEN_COUNT, of a 12c verifier */
    long session_rounds;       /* AUTH_PBKDF2_SDER_COUNT, for part A of 32 bytes */
};

/* What the client sends: hexadecimal texts in upper case; and the combo key, which stays here. */
struct verifier_answer {
    char session_key[2 * VERIFIER_LONGEST_SESSION_KEY + 1]; /* AUTH_SESSKEY */
    char speedy_key[2 * VERIFIER_SPEEDY_KEY + 1];           /* AUTH_PBKDF2_SPEEDY_KEY; "" for 11g */
    struct bytes password;                                  /* AUTH_PASSWORD */
    unsigned char combo_key[VERIFIER_LONGEST_COMBO_KEY];
    size_t combo_key_length;
};

/* Answers the challenge. `make_random` fills `bytes` and returns 0, or -1. It is asked for part B
 * (as long as part A), then for a 12c verifier 16 bytes, then 16 bytes for the password. A wrong
 * password is not seen here: the server reports it. 0, and the answer is to be wiped; or -1 with
 * the error, and there is nothing to wipe. */
int verifier_answer_challenge(const struct verifier_challenge *challenge, const char *password,
                              int (*make_random)(void *context, unsigned char *bytes,
                                                 size_t length),
                              void *random_context, struct verifier_answer *answer,
                              struct oracle_error *error);

/* Whether the server knows the password, too, by AUTH_SVR_RESPONSE in hexadecimal (NULL: it was not
 * sent). */
bool verifier_check_server(const struct verifier_answer *answer, const char *server_response);

void verifier_answer_wipe(struct verifier_answer *answer);

#endif
