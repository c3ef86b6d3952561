/* Writing a message: the protocol's own forms of numbers and texts, appended to bytes.
 *
 * Private to src/oracle. A number of universal form is a byte with its length and so many bytes,
 * the most significant first; 0 is only a length. */
#ifndef ROWPOST_ORACLE_MESSAGE_H
#define ROWPOST_ORACLE_MESSAGE_H

#include <stdint.h>

#include "oracle/bytes.h"

/* What a message is about: its first byte, in both directions. */
enum message_type {
    MESSAGE_PROTOCOL = 1,
    MESSAGE_DATA_TYPES = 2,
    MESSAGE_FUNCTION = 3,
    MESSAGE_ERROR = 4,
    MESSAGE_ROW_HEADER = 6,
    MESSAGE_ROW = 7,
    MESSAGE_PARAMETER = 8,
    MESSAGE_STATUS = 9,
    MESSAGE_WARNING = 15,
    MESSAGE_DESCRIBE = 16,
    MESSAGE_PIGGYBACK = 17,
    MESSAGE_BIT_VECTOR = 21,
    MESSAGE_SERVER_PIGGYBACK = 23,
    MESSAGE_END = 29,
    MESSAGE_TOKEN = 33
};

/* What a function message asks for: its second byte. */
enum message_function {
    FUNCTION_FETCH = 5,
    FUNCTION_LOGOFF = 9,
    FUNCTION_EXECUTE = 94,
    FUNCTION_CLOSE_CURSORS = 105,
    FUNCTION_SIGN_IN_SECOND = 115,
    FUNCTION_SIGN_IN_FIRST = 118
};

void message_put_byte(struct bytes *message, unsigned value);
void message_put_u16(struct bytes *message, unsigned value); /* two bytes, big-endian */
void message_put_u16_little(struct bytes *message, unsigned value);
void message_put_u32(struct bytes *message, uint32_t value); /* four bytes, big-endian */

/* Universal form. */
void message_put_number(struct bytes *message, uint32_t value);

/* A byte with the length and the text; a text over 252 bytes in pieces. */
void message_put_text(struct bytes *message, const void *text, size_t length);

/* A pair as the sign-in has them: length and text of the key, of the value, and a flag. */
void message_put_pair(struct bytes *message, const char *key, const char *value, size_t length,
                      uint32_t flag);

#endif
