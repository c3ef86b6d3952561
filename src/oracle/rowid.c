#include "oracle/values.h"

enum { PHYSICAL = 1, PHYSICAL_LENGTH = 13 };

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/* The last digits of the number, to the base 64. */
static unsigned char *put_digits(unsigned char *room, int count, uint32_t number) {
    for (int i = count; i-- > 0; number >>= 6) {
        room[i] = (unsigned char)alphabet[number & 0x3F];
    }
    return room + count;
}

static uint32_t read_integer(const unsigned char *bytes, size_t length) {
    uint32_t number = 0;
    for (size_t i = 0; i < length; i++) {
        number = number << 8 | bytes[i];
    }
    return number;
}

void rowid_append(const struct rowid *rowid, struct bytes *out) {
    unsigned char *room = bytes_reserve(out, ROWID_LENGTH);
    if (room == NULL) {
        return;
    }
    room = put_digits(room, 6, rowid->object);
    room = put_digits(room, 3, rowid->file);
    room = put_digits(room, 6, rowid->block);
    put_digits(room, 3, rowid->slot);
    bytes_advance(out, ROWID_LENGTH);
}

/* "*", and 6 bits a digit; the last digit is filled up with zeros. */
static void append_logical(const unsigned char *bytes, size_t length, struct bytes *out) {
    size_t whole = length / 3;
    size_t rest = length % 3;
    size_t size = 1 + whole * 4 + (rest == 0 ? 0 : rest + 1);
    unsigned char *room = bytes_reserve(out, size);
    if (room == NULL) {
        return;
    }
    *room++ = '*';
    for (size_t i = 0; i < whole; i++) {
        room = put_digits(room, 4, read_integer(bytes + i * 3, 3));
    }
    if (rest == 1) {
        put_digits(room, 2, read_integer(bytes + whole * 3, 1) << 4);
    } else if (rest == 2) {
        put_digits(room, 3, read_integer(bytes + whole * 3, 2) << 2);
    }
    bytes_advance(out, size);
}

bool universal_rowid_append(const unsigned char *bytes, size_t length, struct bytes *out) {
    if (length == 0 || (bytes[0] == PHYSICAL && length != PHYSICAL_LENGTH)) {
        return false;
    }
    if (bytes[0] == PHYSICAL) {
        rowid_append(&(struct rowid){.object = read_integer(bytes + 1, 4),
                                     .file = (uint16_t)read_integer(bytes + 5, 2),
                                     .block = read_integer(bytes + 7, 4),
                                     .slot = (uint16_t)read_integer(bytes + 11, 2)},
                     out);
    } else {
        append_logical(bytes + 1, length - 1, out);
    }
    return true;
}
