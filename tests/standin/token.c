#include "token.h"

#include "text.h"

#include <string.h>

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

static void add_base64url(struct text *out, const char *data, size_t size) {
    unsigned bits = 0;
    int count = 0;
    for (size_t i = 0; i < size; i++) {
        const char *at = memchr(alphabet, data[i], sizeof alphabet - 1);
        if (at == NULL) {
            return;
        }
        bits = (bits << 6 | (unsigned)(at - alphabet)) & 0xffffU;
        count += 6;
        if (count >= 8) {
            count -= 8;
            unsigned char byte = (unsigned char)(bits >> count);
            text_add(out, &byte, 1);
        }
    }
}

json_t *token_payload(const char *word) {
    size_t header = strspn(word, alphabet);
    if (header == 0 || word[header] != '.') {
        return NULL;
    }
    const char *payload = word + header + 1;
    size_t size = strspn(payload, alphabet);
    if (size == 0 || payload[size] != '.') {
        return NULL;
    }
    const char *signature = payload + size + 1;
    if (signature[strspn(signature, alphabet)] != '\0') {
        return NULL;
    }
    struct text decoded = {0};
    add_base64url(&decoded, payload, size);
    json_t *value = NULL;
    if (decoded.size > 0) {
        value = json_loadb(decoded.data, decoded.size, 0, NULL);
    }
    text_free(&decoded);
    if (!json_is_object(value)) {
        json_decref(value);
        return NULL;
    }
    return value;
}
