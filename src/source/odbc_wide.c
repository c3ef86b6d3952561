#include "source/odbc_wide.h"

#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"

_Static_assert(sizeof(SQLWCHAR) == 2, "unixODBC's wide character is a unit of UTF-16");

enum { REPLACEMENT = 0xFFFD, FIRST_HIGH = 0xD800, FIRST_LOW = 0xDC00, BEYOND_LOW = 0xE000 };

static size_t put_units(uint32_t code, SQLWCHAR units[2]) {
    if (code < 0x10000) {
        units[0] = (SQLWCHAR)code;
        return 1;
    }
    units[0] = (SQLWCHAR)(FIRST_HIGH + ((code - 0x10000) >> 10));
    units[1] = (SQLWCHAR)(FIRST_LOW + ((code - 0x10000) & 0x3FF));
    return 2;
}

SQLWCHAR *wide_of_long(struct span text, SQLINTEGER *length) {
    /* No character takes more units than it has bytes. */
    SQLWCHAR *wide = malloc((text.length + 1) * sizeof *wide);
    size_t count = 0;
    if (wide == NULL) {
        return NULL;
    }
    for (size_t at = 0; at < text.length;) {
        uint32_t code = 0;
        at += utf8_decode(text.data + at, text.length - at, &code);
        count += put_units(code == UTF8_INVALID ? REPLACEMENT : code, wide + count);
    }
    wide[count] = 0;
    if (length != NULL) {
        *length = (SQLINTEGER)count;
    }
    return wide;
}

SQLWCHAR *wide_of(struct span text, SQLSMALLINT *length) {
    SQLINTEGER units = 0;
    SQLWCHAR *wide = wide_of_long(text, &units);
    if (wide != NULL && length != NULL) {
        *length = (SQLSMALLINT)units;
    }
    return wide;
}

static uint32_t unit_at(const char *units, size_t index) {
    SQLWCHAR unit;
    memcpy(&unit, units + index * sizeof unit, sizeof unit);
    return unit;
}

static size_t read_character(const char *units, size_t count, size_t at, uint32_t *code) {
    *code = unit_at(units, at);
    if (*code < FIRST_HIGH || *code >= BEYOND_LOW) {
        return 1;
    }
    if (*code < FIRST_LOW && at + 1 < count) {
        uint32_t low = unit_at(units, at + 1);
        if (low >= FIRST_LOW && low < BEYOND_LOW) {
            *code = 0x10000 + ((*code - FIRST_HIGH) << 10) + (low - FIRST_LOW);
            return 2;
        }
    }
    *code = REPLACEMENT;
    return 1;
}

void wide_append(struct text *out, const void *units, size_t bytes) {
    size_t count = bytes / sizeof(SQLWCHAR);
    /* A unit becomes three bytes at most, a pair four. */
    char *room = text_reserve(out, count < SIZE_MAX / 3 ? count * 3 : SIZE_MAX);
    if (room == NULL) {
        return;
    }
    char *end = room;
    for (size_t at = 0; at < count;) {
        uint32_t code = 0;
        at += read_character(units, count, at, &code);
        char character[UTF8_MAX_BYTES];
        size_t size = utf8_encode(code, character);
        memcpy(end, character, size);
        end += size;
    }
    out->length += (size_t)(end - room);
    text_terminate(out);
}
