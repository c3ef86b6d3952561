#include "oracle/message.h"

#include <string.h>

enum { LONGEST_SHORT_TEXT = 252, IN_PIECES = 254, PIECE = 32767 };

void message_put_byte(struct bytes *message, unsigned value) {
    unsigned char byte = (unsigned char)value;
    bytes_append(message, &byte, 1);
}

void message_put_u16(struct bytes *message, unsigned value) {
    message_put_byte(message, value >> 8);
    message_put_byte(message, value & 0xff);
}

void message_put_u16_little(struct bytes *message, unsigned value) {
    message_put_byte(message, value & 0xff);
    message_put_byte(message, value >> 8);
}

void message_put_u32(struct bytes *message, uint32_t value) {
    message_put_u16(message, value >> 16);
    message_put_u16(message, value & 0xffff);
}

void message_put_number(struct bytes *message, uint32_t value) {
    if (value == 0) {
        message_put_byte(message, 0);
    } else if (value <= 0xff) {
        message_put_byte(message, 1);
        message_put_byte(message, value);
    } else if (value <= 0xffff) {
        message_put_byte(message, 2);
        message_put_u16(message, value);
    } else {
        message_put_byte(message, 4);
        message_put_u32(message, value);
    }
}

void message_put_text(struct bytes *message, const void *text, size_t length) {
    const unsigned char *at = text;
    if (length <= LONGEST_SHORT_TEXT) {
        message_put_byte(message, (unsigned)length);
        bytes_append(message, text, length);
        return;
    }
    message_put_byte(message, IN_PIECES);
    for (size_t piece; length > 0; at += piece, length -= piece) {
        piece = length > PIECE ? PIECE : length;
        message_put_number(message, (uint32_t)piece);
        bytes_append(message, at, piece);
    }
    message_put_number(message, 0);
}

void message_put_pair(struct bytes *message, const char *key, const char *value, size_t length,
                      uint32_t flag) {
    message_put_number(message, (uint32_t)strlen(key));
    message_put_text(message, key, strlen(key));
    message_put_number(message, (uint32_t)length);
    if (length > 0) {
        message_put_text(message, value, length);
    }
    message_put_number(message, flag);
}
