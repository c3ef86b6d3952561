#define _GNU_SOURCE /* memmem */
#include <stdlib.h>
#include <string.h>

#include "base/fold.h"
#include "base/utf8.h"
#include "source/odbc_private.h"

enum { MESSAGE_UNITS = 2048, MAX_RECORDS = 3 };

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

SQLWCHAR *wide_of(struct span text, SQLINTEGER *length) {
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

static void append_diagnostic(const SQLWCHAR *message, SQLSMALLINT length, const SQLWCHAR *state,
                              struct text *out) {
    struct text words = {0};
    struct text line = {0};
    size_t units = (size_t)(length < MESSAGE_UNITS ? length : MESSAGE_UNITS - 1);
    wide_append(&words, message, units * sizeof *message);
    fold_blanks(text_span(&words), &line);
    text_append(out, span_trim(text_span(&line)));
    text_append_string(out, " (SQLSTATE ");
    wide_append(out, state, SQL_SQLSTATE_SIZE * sizeof *state);
    text_append_char(out, ')');
    text_free(&words);
    text_free(&line);
}

/* False where the driver reports nothing. */
static bool append_diagnostics(SQLSMALLINT kind, SQLHANDLE handle, struct text *out) {
    SQLWCHAR state[SQL_SQLSTATE_SIZE + 1] = {0};
    SQLWCHAR message[MESSAGE_UNITS];
    SQLSMALLINT length = 0;
    SQLINTEGER code = 0;
    SQLSMALLINT record = 1;
    while (record <= MAX_RECORDS &&
           SQL_SUCCEEDED(SQLGetDiagRecW(kind, handle, record, state, &code, message, MESSAGE_UNITS,
                                        &length))) {
        text_append_string(out, record == 1 ? "" : "; ");
        append_diagnostic(message, length, state, out);
        record++;
    }
    return record > 1;
}

static void mask(struct text *text, struct span secret) {
    char *at = secret.length > 0 ? text->data : NULL;
    while (at != NULL) {
        size_t left = text->length - (size_t)(at - text->data);
        at = memmem(at, left, secret.data, secret.length);
        if (at != NULL) {
            memset(at, '*', secret.length);
            at += secret.length;
        }
    }
}

int odbc_explain(const char *name, const char *doing, SQLSMALLINT kind, SQLHANDLE handle,
                 struct span secret, struct error *error) {
    struct text message = {0};
    text_append_format(&message, "%s: %s: ", name, doing);
    if (!append_diagnostics(kind, handle, &message)) {
        text_append_string(&message, "the driver gives no reason");
    }
    mask(&message, secret);
    return source_fail(ERROR_SOURCE, &message, error);
}
