/* Tokens for the tests. */
#ifndef ROWPOST_TEST_TOKEN_FIXTURE_H
#define ROWPOST_TEST_TOKEN_FIXTURE_H

#include <openssl/evp.h>

#include "base/text.h"

/* Appends bytes in base64url. */
static inline void append_base64url(struct text *out, struct span bytes) {
    size_t start = out->length;
    unsigned char *room = (unsigned char *)text_reserve(out, 4 * (bytes.length / 3 + 1));

    assert_non_null(room);
    out->length +=
        (size_t)EVP_EncodeBlock(room, (const unsigned char *)bytes.data, (int)bytes.length);
    while (out->length > start && out->data[out->length - 1] == '=') {
        out->length--;
    }
    for (size_t i = start; i < out->length; i++) {
        out->data[i] = out->data[i] == '+' ? '-' : out->data[i] == '/' ? '_' : out->data[i];
    }
    if (out->data != NULL) {
        text_terminate(out);
    }
}

/* Appends header.payload.signature. */
static inline void append_jwt(struct text *out, struct span payload) {
    append_base64url(out, span_of("{\"alg\":\"RS256\"}"));
    text_append_char(out, '.');
    append_base64url(out, payload);
    text_append_string(out, ".c2lnbmF0dXJl");
}

#endif
