#include "http/sentence.h"

#include <stdbool.h>
#include <string.h>

#include "base/utf8.h"

static bool is_control(uint32_t code) {
    return code < 0x20 || (code >= 0x7F && code < 0xA0);
}

void sentence_append(char *buffer, size_t size, struct span words) {
    size_t used = strlen(buffer);
    size_t at = 0;

    while (at < words.length) {
        char character[UTF8_MAX_BYTES];
        size_t bytes = 1;
        uint32_t code = 0;

        at += utf8_decode(words.data + at, words.length - at, &code);
        if (code == UTF8_INVALID) {
            character[0] = '?';
        } else if (is_control(code)) {
            character[0] = ' ';
        } else {
            bytes = utf8_encode(code, character);
        }
        if (bytes >= size - used) {
            break;
        }
        memcpy(buffer + used, character, bytes);
        used += bytes;
    }
    buffer[used] = '\0';
}
