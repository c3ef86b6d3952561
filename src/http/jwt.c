#include "http/jwt.h"

#include <jansson.h>
#include <openssl/evp.h>
#include <string.h>

#include "base/date.h"
#include "base/json_memory.h"
#include "base/text.h"

enum { PAYLOAD_MOST_BYTES = 1024 * 1024 };

/* The part between the only two dots. 0 or -1. */
static int find_payload(struct span token, struct span *payload) {
    const char *end = token.data + token.length;
    const char *first = token.length > 0 ? memchr(token.data, '.', token.length) : NULL;

    if (first == NULL) {
        return -1;
    }
    const char *start = first + 1;
    const char *second = memchr(start, '.', (size_t)(end - start));
    if (second == NULL || memchr(second + 1, '.', (size_t)(end - second - 1)) != NULL) {
        return -1;
    }
    *payload = (struct span){start, (size_t)(second - start)};
    return payload->length > 0 && payload->length <= PAYLOAD_MOST_BYTES ? 0 : -1;
}

/* Base64url without padding (RFC 4648, 5) as OpenSSL reads base64: with the other two digits, and
 * padded. 0 or -1. */
static int translate(struct span encoded, struct text *digits) {
    static const char alphabet[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    for (size_t i = 0; i < encoded.length; i++) {
        char digit = encoded.data[i];
        if (memchr(alphabet, digit, sizeof alphabet - 1) == NULL) {
            return -1;
        }
        text_append_char(digits, (char)(digit == '-' ? '+' : digit == '_' ? '/' : digit));
    }
    while (digits->length % 4 != 0) {
        text_append_char(digits, '=');
    }
    return digits->failed ? -1 : 0;
}

/* 0 or -1. */
static int decode(struct span encoded, struct text *bytes) {
    struct text digits = {0};
    char *room = text_reserve(bytes, encoded.length);
    int count = -1;

    text_reserve(&digits, encoded.length + 4);
    if (room != NULL && encoded.length % 4 != 1 && translate(encoded, &digits) == 0) {
        count = EVP_DecodeBlock((unsigned char *)room, (const unsigned char *)digits.data,
                                (int)digits.length);
    }
    if (count >= 0) { /* the padding counts as zeros */
        bytes->length = (size_t)count - (digits.length - encoded.length);
    }
    text_wipe(&digits);
    return count < 0 ? -1 : 0;
}

/* Seconds since 1970, perhaps with a fraction, which is dropped. 0 or -1. */
static int read_moment(const json_t *exp, int64_t *moment) {
    static const double most = 1e15; /* beyond every year, and exact as an integer */

    if (json_is_integer(exp)) {
        return date_moment_from_seconds(json_integer_value(exp), moment);
    }
    double seconds = json_real_value(exp);
    if (!json_is_real(exp) || !(seconds > -most && seconds < most)) {
        return -1;
    }
    return date_moment_from_seconds((int64_t)seconds, moment);
}

int jwt_read_expiry(struct span token, int64_t *moment) {
    struct span payload;
    struct text decoded = {0};
    json_t *claims = NULL;
    int rc = -1;

    if (find_payload(token, &payload) != 0 || decode(payload, &decoded) != 0) {
        goto out;
    }
    claims = json_memory_load(decoded.data, decoded.length, JSON_ALLOW_NUL, NULL);
    rc = read_moment(json_object_get(claims, "exp"), moment);
out:
    json_decref(claims);
    text_wipe(&decoded);
    return rc;
}
