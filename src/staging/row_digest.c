#include "staging/row_digest_private.h"

#include <inttypes.h>
#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

enum { DIGEST_SIZE = 32 };

struct row_digest {
    EVP_MD_CTX *context;
    struct text row;
    unsigned char sum[DIGEST_SIZE]; /* the most significant byte first */
};

struct row_digest *row_digest_create(struct error *error) {
    struct row_digest *digest = calloc(1, sizeof *digest);
    if (digest == NULL || (digest->context = EVP_MD_CTX_new()) == NULL) {
        error_set_no_memory(error);
        row_digest_free(digest);
        return NULL;
    }
    return digest;
}

void row_digest_free(struct row_digest *digest) {
    if (digest != NULL) {
        EVP_MD_CTX_free(digest->context);
        text_free(&digest->row);
        free(digest);
    }
}

static void append_bytes(struct text *row, char kind, struct span bytes) {
    text_append_char(row, kind);
    text_append_integer(row, (int64_t)bytes.length);
    text_append_char(row, ':');
    text_append(row, bytes);
}

void row_digest_add(struct row_digest *digest, struct value value) {
    struct text *row = &digest->row;
    uint64_t bits = 0;
    switch (value.kind) {
    case VALUE_NULL:
        text_append_char(row, 'n');
        return;
    case VALUE_INTEGER:
        text_append_char(row, 'i');
        text_append_integer(row, value.integer);
        text_append_char(row, ';');
        return;
    case VALUE_REAL:
        memcpy(&bits, &value.real, sizeof bits);
        text_append_format(row, "r%016" PRIx64, bits);
        return;
    case VALUE_TEXT:
        append_bytes(row, 't', value.text);
        return;
    case VALUE_BLOB:
        append_bytes(row, 'b', value.text);
        return;
    }
}

static void add_to_sum(unsigned char sum[DIGEST_SIZE], const unsigned char bytes[DIGEST_SIZE]) {
    unsigned carry = 0;
    for (size_t i = DIGEST_SIZE; i-- > 0;) {
        carry += (unsigned)sum[i] + bytes[i];
        sum[i] = (unsigned char)(carry & 0xff);
        carry >>= 8;
    }
}

int row_digest_end_row(struct row_digest *digest, struct error *error) {
    unsigned char bytes[EVP_MAX_MD_SIZE];
    unsigned size = 0;
    struct span row = text_span(&digest->row);
    if (text_check(&digest->row, error) != 0) {
        return -1;
    }
    if (EVP_DigestInit_ex2(digest->context, EVP_sha256(), NULL) != 1 ||
        EVP_DigestUpdate(digest->context, row.data, row.length) != 1 ||
        EVP_DigestFinal_ex(digest->context, bytes, &size) != 1 || size != DIGEST_SIZE) {
        return error_set(error, ERROR_INTERNAL, "SHA-256 is not available in this OpenSSL");
    }
    add_to_sum(digest->sum, bytes);
    text_clear(&digest->row);
    return 0;
}

void row_digest_format(const struct row_digest *digest, char text[SNAPSHOT_CHECKSUM_SIZE]) {
    static const char digits[] = "0123456789abcdef";
    for (size_t i = 0; i < DIGEST_SIZE; i++) {
        text[2 * i] = digits[digest->sum[i] >> 4];
        text[2 * i + 1] = digits[digest->sum[i] & 15];
    }
    text[SNAPSHOT_CHECKSUM_SIZE - 1] = '\0';
}
