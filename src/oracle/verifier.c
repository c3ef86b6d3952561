#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <string.h>

#include "oracle/sign_in.h"

enum {
    BLOCK = 16,
    SALT = 16,
    LONGEST_SALT = 64, /* that a server may send */
    LONGEST_PASSWORD = 1024,
    PASSWORD_KEY = 64,
    LONGEST_RESPONSE = 96,
    MIXED_FROM = 16, /* the part of a key of 48 bytes that is mixed */
    MIXED = 24,
    MD5_LENGTH = 16
};

static const char speedy_label[] = "AUTH_PBKDF2_SPEEDY_KEY";
static const char proof[] = "SERVER_TO_CLIENT";

/* Everything on the way to the answer; wiped as a whole. */
struct secrets {
    const struct verifier_challenge *challenge;
    int (*make_random)(void *context, unsigned char *bytes, size_t length);
    void *random_context;
    unsigned char verifier_data[LONGEST_SALT];
    size_t verifier_data_length;
    unsigned char part_a[VERIFIER_LONGEST_SESSION_KEY];
    unsigned char part_b[VERIFIER_LONGEST_SESSION_KEY];
    size_t part_length;
    unsigned char password_key[PASSWORD_KEY]; /* 12c */
    unsigned char hash[64];                   /* whose first bytes are the key to part A */
    size_t key_length;                        /* of the hash and of the combo key */
};

static bool is_12c(const struct secrets *secrets) {
    return secrets->challenge->kind == VERIFIER_12C;
}

/* The bytes of the text, and their number: 0 where it is none, or is longer than the room. */
static size_t read_hex(const char *text, unsigned char *room, size_t size) {
    size_t length = 0;
    if (text == NULL || OPENSSL_hexstr2buf_ex(room, size, &length, text, '\0') != 1) {
        ERR_clear_error();
        return 0;
    }
    return length;
}

/* The digits and a NUL after them. */
static void write_hex(const unsigned char *bytes, size_t length, char *room) {
    OPENSSL_buf2hexstr_ex(room, 2 * length + 1, NULL, bytes, length, '\0');
}

static int fail_cryptography(struct oracle_error *error) {
    ERR_clear_error(); /* or a later call of TLS takes it for its own */
    return failure_set(error, ORACLE_UNSUPPORTED,
                       "OpenSSL refuses the cryptography of the sign-in (AES-CBC, SHA, PBKDF2; for "
                       "older verifiers MD5): is it limited to FIPS here?");
}

static int draw(const struct secrets *secrets, unsigned char *bytes, size_t length,
                struct oracle_error *error) {
    if (secrets->make_random(secrets->random_context, bytes, length) != 0) {
        ERR_clear_error();
        return failure_set(error, ORACLE_UNSUPPORTED, "no random bytes are available");
    }
    return 0;
}

enum direction { DECRYPT, ENCRYPT };
enum padding { UNPADDED, PADDED };

/* AES-CBC with an initial vector of zeros. How many bytes were written to `out`, which has room for
 * one block more than `length`; 0: it failed. */
static size_t run_cipher(enum direction direction, enum padding padding, const unsigned char *key,
                         size_t key_length, const unsigned char *in, size_t length,
                         unsigned char *out) {
    static const unsigned char zeros[BLOCK];
    const EVP_CIPHER *cipher = key_length == 32 ? EVP_aes_256_cbc() : EVP_aes_192_cbc();
    EVP_CIPHER_CTX *context = EVP_CIPHER_CTX_new();
    int written = 0;
    int rest = 0;
    bool is_done = context != NULL &&
                   EVP_CipherInit_ex(context, cipher, NULL, key, zeros, (int)direction) == 1 &&
                   EVP_CIPHER_CTX_set_padding(context, (int)padding) == 1 &&
                   EVP_CipherUpdate(context, out, &written, in, (int)length) == 1 &&
                   EVP_CipherFinal_ex(context, out + written, &rest) == 1;
    EVP_CIPHER_CTX_free(context);
    return is_done ? (size_t)written + (size_t)rest : 0;
}

/* The digest of two pieces in a row. */
static bool digest(const EVP_MD *kind, const void *first, size_t first_length, const void *second,
                   size_t second_length, unsigned char *out) {
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    bool is_done = context != NULL && EVP_DigestInit_ex(context, kind, NULL) == 1 &&
                   EVP_DigestUpdate(context, first, first_length) == 1 &&
                   EVP_DigestUpdate(context, second, second_length) == 1 &&
                   EVP_DigestFinal_ex(context, out, NULL) == 1;
    EVP_MD_CTX_free(context);
    return is_done;
}

static int check_rounds(const char *name, long rounds, struct oracle_error *error) {
    if (rounds < 1 || rounds > VERIFIER_MOST_ROUNDS) {
        return failure_set(error, ORACLE_PROTOCOL,
                           "the server asks for %ld rounds of hashing (%s); 1 to %d are done",
                           rounds, name, VERIFIER_MOST_ROUNDS);
    }
    return 0;
}

/* What the password makes of the verifier's salt: the key to part A. */
static int derive_password_hash(struct secrets *secrets, const char *password,
                                struct oracle_error *error) {
    unsigned char salt[LONGEST_SALT + sizeof speedy_label - 1];
    const unsigned char *data = secrets->verifier_data;
    size_t length = secrets->verifier_data_length;
    if (!is_12c(secrets)) {
        secrets->key_length = 24; /* SHA-1's 20 bytes, and zeros */
        return digest(EVP_sha1(), password, strlen(password), data, length, secrets->hash)
                   ? 0
                   : fail_cryptography(error);
    }
    secrets->key_length = 32;
    long rounds = secrets->challenge->verifier_rounds;
    if (check_rounds("AUTH_PBKDF2_VGEN_COUNT", rounds, error) != 0) {
        return -1;
    }
    memcpy(salt, data, length);
    memcpy(salt + length, speedy_label, sizeof speedy_label - 1);
    bool is_done =
        PKCS5_PBKDF2_HMAC(password, (int)strlen(password), salt,
                          (int)(length + sizeof speedy_label - 1), (int)rounds, EVP_sha512(),
                          PASSWORD_KEY, secrets->password_key) == 1 &&
        digest(EVP_sha512(), secrets->password_key, PASSWORD_KEY, data, length, secrets->hash);
    return is_done ? 0 : fail_cryptography(error);
}

/* Decrypts part A, draws part B and encrypts it. */
static int exchange_parts(struct secrets *secrets, struct verifier_answer *answer,
                          struct oracle_error *error) {
    unsigned char encrypted[VERIFIER_LONGEST_SESSION_KEY];
    unsigned char out[VERIFIER_LONGEST_SESSION_KEY + BLOCK];
    size_t length = read_hex(secrets->challenge->session_key, encrypted, sizeof encrypted);
    if (length != 32 && length != 48) {
        return failure_set(error, ORACLE_PROTOCOL,
                           "the server's session key (AUTH_SESSKEY) is not 32 or 48 bytes in "
                           "hexadecimal");
    }
    secrets->part_length = length;
    if (run_cipher(DECRYPT, UNPADDED, secrets->hash, secrets->key_length, encrypted, length, out) !=
        length) {
        return fail_cryptography(error);
    }
    memcpy(secrets->part_a, out, length);
    OPENSSL_cleanse(out, sizeof out);
    if (draw(secrets, secrets->part_b, length, error) != 0) {
        return -1;
    }
    if (run_cipher(ENCRYPT, UNPADDED, secrets->hash, secrets->key_length, secrets->part_b, length,
                   out) != length) {
        return fail_cryptography(error);
    }
    write_hex(out, length, answer->session_key);
    return 0;
}

/* Of parts of 48 bytes: the middle of both, mixed, and MD5 of its two pieces. */
static int combine_by_digest(const struct secrets *secrets, struct verifier_answer *answer,
                             struct oracle_error *error) {
    unsigned char mixed[MIXED];
    for (size_t i = 0; i < MIXED; i++) {
        mixed[i] = secrets->part_a[MIXED_FROM + i] ^ secrets->part_b[MIXED_FROM + i];
    }
    bool is_done = digest(EVP_md5(), mixed, MD5_LENGTH, "", 0, answer->combo_key) &&
                   digest(EVP_md5(), mixed + MD5_LENGTH, MIXED - MD5_LENGTH, "", 0,
                          answer->combo_key + MD5_LENGTH);
    OPENSSL_cleanse(mixed, sizeof mixed);
    return is_done ? 0 : fail_cryptography(error);
}

/* Of parts of 32 bytes: PBKDF2 of both in hexadecimal, the client's first. */
static int combine_by_rounds(const struct secrets *secrets, struct verifier_answer *answer,
                             struct oracle_error *error) {
    char both[4 * VERIFIER_LONGEST_COMBO_KEY + 1];
    unsigned char salt[LONGEST_SALT];
    size_t length = secrets->key_length;
    size_t salt_length = read_hex(secrets->challenge->salt, salt, sizeof salt);
    long rounds = secrets->challenge->session_rounds;
    if (salt_length == 0) {
        return failure_set(error, ORACLE_PROTOCOL,
                           "the server's salt (AUTH_PBKDF2_CSK_SALT) is missing, or not 1 to %d "
                           "bytes in hexadecimal",
                           LONGEST_SALT);
    }
    if (check_rounds("AUTH_PBKDF2_SDER_COUNT", rounds, error) != 0) {
        return -1;
    }
    write_hex(secrets->part_b, length, both);
    write_hex(secrets->part_a, length, both + 2 * length);
    bool is_done = PKCS5_PBKDF2_HMAC(both, (int)(4 * length), salt, (int)salt_length, (int)rounds,
                                     EVP_sha512(), (int)length, answer->combo_key) == 1;
    OPENSSL_cleanse(both, sizeof both);
    return is_done ? 0 : fail_cryptography(error);
}

static int derive_combo_key(const struct secrets *secrets, struct verifier_answer *answer,
                            struct oracle_error *error) {
    answer->combo_key_length = secrets->key_length;
    return secrets->part_length == VERIFIER_LONGEST_SESSION_KEY
               ? combine_by_digest(secrets, answer, error)
               : combine_by_rounds(secrets, answer, error);
}

/* The password's own PBKDF2, which spares the server the rounds. */
static int encrypt_speedy_key(const struct secrets *secrets, struct verifier_answer *answer,
                              struct oracle_error *error) {
    unsigned char plain[SALT + PASSWORD_KEY];
    unsigned char out[sizeof plain + BLOCK];
    if (draw(secrets, plain, SALT, error) != 0) {
        return -1;
    }
    memcpy(plain + SALT, secrets->password_key, PASSWORD_KEY);
    bool is_done = run_cipher(ENCRYPT, UNPADDED, answer->combo_key, answer->combo_key_length, plain,
                              sizeof plain, out) == VERIFIER_SPEEDY_KEY;
    OPENSSL_cleanse(plain, sizeof plain);
    if (!is_done) {
        return fail_cryptography(error);
    }
    write_hex(out, VERIFIER_SPEEDY_KEY, answer->speedy_key);
    return 0;
}

static int encrypt_password(const struct secrets *secrets, const char *password,
                            struct verifier_answer *answer, struct oracle_error *error) {
    unsigned char plain[SALT + LONGEST_PASSWORD];
    unsigned char out[sizeof plain + BLOCK];
    size_t length = SALT + strlen(password);
    if (draw(secrets, plain, SALT, error) != 0) {
        return -1;
    }
    memcpy(plain + SALT, password, length - SALT);
    size_t written = run_cipher(ENCRYPT, PADDED, answer->combo_key, answer->combo_key_length, plain,
                                length, out);
    OPENSSL_cleanse(plain, sizeof plain);
    if (written == 0) {
        return fail_cryptography(error);
    }
    char *room = (char *)bytes_reserve(&answer->password, 2 * written);
    if (room == NULL) {
        return failure_set_no_memory(error);
    }
    write_hex(out, written, room);
    bytes_advance(&answer->password, 2 * written);
    return 0;
}

static int check_challenge(struct secrets *secrets, const char *password,
                           struct oracle_error *error) {
    const struct verifier_challenge *challenge = secrets->challenge;
    if (challenge->kind != VERIFIER_12C && challenge->kind != VERIFIER_11G_1 &&
        challenge->kind != VERIFIER_11G_2) {
        return failure_set(error, ORACLE_UNSUPPORTED,
                           "the server keeps this user's password as verifier %#x, and 11g and 12c "
                           "verifiers are known here: let an administrator set the password again "
                           "(ALTER USER ... IDENTIFIED BY ...) under "
                           "SQLNET.ALLOWED_LOGON_VERSION_SERVER=12 or 11",
                           (unsigned)challenge->kind);
    }
    secrets->verifier_data_length =
        read_hex(challenge->verifier_data, secrets->verifier_data, sizeof secrets->verifier_data);
    if (secrets->verifier_data_length == 0) {
        return failure_set(error, ORACLE_PROTOCOL,
                           "the server's salt (AUTH_VFR_DATA) is not 1 to %d bytes in hexadecimal",
                           LONGEST_SALT);
    }
    if (strlen(password) > LONGEST_PASSWORD) {
        return failure_set(error, ORACLE_SIGN_IN,
                           "the password is longer than the %d bytes that Oracle takes",
                           LONGEST_PASSWORD);
    }
    return 0;
}

int verifier_answer_challenge(const struct verifier_challenge *challenge, const char *password,
                              int (*make_random)(void *context, unsigned char *bytes,
                                                 size_t length),
                              void *random_context, struct verifier_answer *answer,
                              struct oracle_error *error) {
    struct secrets secrets = {
        .challenge = challenge, .make_random = make_random, .random_context = random_context};
    *answer = (struct verifier_answer){.combo_key_length = 0};
    int rc = -1;
    if (check_challenge(&secrets, password, error) == 0 &&
        derive_password_hash(&secrets, password, error) == 0 &&
        exchange_parts(&secrets, answer, error) == 0 &&
        derive_combo_key(&secrets, answer, error) == 0 &&
        (!is_12c(&secrets) || encrypt_speedy_key(&secrets, answer, error) == 0) &&
        encrypt_password(&secrets, password, answer, error) == 0) {
        rc = 0;
    }
    OPENSSL_cleanse(&secrets, sizeof secrets);
    if (rc != 0) {
        verifier_answer_wipe(answer);
    }
    return rc;
}

bool verifier_check_server(const struct verifier_answer *answer, const char *server_response) {
    unsigned char encrypted[LONGEST_RESPONSE];
    unsigned char plain[LONGEST_RESPONSE + BLOCK];
    size_t length = read_hex(server_response, encrypted, sizeof encrypted);
    if (length < SALT + sizeof proof - 1 || length % BLOCK != 0) {
        return false;
    }
    /* Its end may be padded or not: that part does not count. */
    bool is_proved = run_cipher(DECRYPT, UNPADDED, answer->combo_key, answer->combo_key_length,
                                encrypted, length, plain) == length &&
                     CRYPTO_memcmp(plain + SALT, proof, sizeof proof - 1) == 0;
    OPENSSL_cleanse(plain, sizeof plain);
    return is_proved;
}

void verifier_answer_wipe(struct verifier_answer *answer) {
    bytes_wipe(&answer->password);
    OPENSSL_cleanse(answer, sizeof *answer);
}
