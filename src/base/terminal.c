#define _GNU_SOURCE /* fopencookie */
#include "base/terminal.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"

static const char *const colours[] = {TERMINAL_BOLD, TERMINAL_RED, TERMINAL_PLAIN};

/* Ranges of characters that are not written as they are: controls (the Unicode standard, category
 * Cc), line and paragraph separators, and those that change the direction (UAX #9, table 4). */
static const struct range {
    uint32_t first;
    uint32_t last;
} unsafe[] = {
    {0x00, 0x08},     {0x0b, 0x1f},     {0x7f, 0x9f},     {0x061c, 0x061c},
    {0x200e, 0x200f}, {0x2028, 0x202e}, {0x2066, 0x2069},
};

static bool is_unsafe(uint32_t code) {
    for (size_t i = 0; i < sizeof unsafe / sizeof *unsafe; i++) {
        if (code >= unsafe[i].first && code <= unsafe[i].last) {
            return true;
        }
    }
    return false;
}

/* The length of the colour at the start of the text, or 0. */
static size_t colour_length(const char *text, size_t length) {
    for (size_t i = 0; i < sizeof colours / sizeof *colours; i++) {
        size_t size = strlen(colours[i]);
        if (length >= size && memcmp(text, colours[i], size) == 0) {
            return size;
        }
    }
    return 0;
}

size_t terminal_take(const char *text, size_t length, char piece[TERMINAL_PIECE], size_t *written) {
    uint32_t code;
    size_t taken = colour_length(text, length);
    if (taken == 0) {
        taken = utf8_decode(text, length, &code);
        if (code == UTF8_INVALID) {
            *written = (size_t)snprintf(piece, TERMINAL_PIECE, "\\x%02x", (unsigned char)*text);
            return 1;
        }
        if (is_unsafe(code)) {
            *written = (size_t)snprintf(piece, TERMINAL_PIECE, "\\u%04x", (unsigned)code);
            return taken;
        }
    }
    memcpy(piece, text, taken);
    *written = taken;
    return taken;
}

/* What the stream holds back: the beginning of a character or a colour whose end is not written
 * yet. */
enum { MOST_HELD = 4 /* of a colour, whose last byte is missing */ };

struct filter {
    FILE *under;
    char held[MOST_HELD];
    size_t held_count;
};

/* How many bytes at the end are the beginning of a character or of a colour. */
static size_t count_unfinished(const char *text, size_t length) {
    size_t most = length < MOST_HELD ? length : MOST_HELD;
    for (size_t count = 1; count <= most; count++) {
        unsigned char byte = (unsigned char)text[length - count];
        if (byte == 0x1b) {
            return colour_length(text + length - count, count) > 0 ? 0 : count;
        }
        if (byte >= 0xc0) {
            size_t whole = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
            return whole > count ? count : 0;
        }
    }
    return 0;
}

static int put_safe(struct filter *filter, const char *text, size_t length) {
    char piece[TERMINAL_PIECE];
    while (length > 0) {
        size_t written;
        size_t taken = terminal_take(text, length, piece, &written);
        if (fwrite(piece, 1, written, filter->under) != written) {
            return -1;
        }
        text += taken;
        length -= taken;
    }
    return 0;
}

static ssize_t write_filtered(void *cookie, const char *text, size_t length) {
    struct filter *filter = cookie;
    char *whole = malloc(filter->held_count + length + 1);
    if (whole == NULL) {
        return 0;
    }
    memcpy(whole, filter->held, filter->held_count);
    memcpy(whole + filter->held_count, text, length);
    size_t size = filter->held_count + length;
    size_t unfinished = count_unfinished(whole, size);
    int rc = put_safe(filter, whole, size - unfinished);
    memcpy(filter->held, whole + size - unfinished, unfinished);
    filter->held_count = unfinished;
    free(whole);
    return rc == 0 && fflush(filter->under) == 0 ? (ssize_t)length : 0;
}

static int close_filter(void *cookie) {
    struct filter *filter = cookie;
    int rc = put_safe(filter, filter->held, filter->held_count);
    if (fflush(filter->under) != 0) {
        rc = -1;
    }
    free(filter);
    return rc;
}

FILE *terminal_open(FILE *under) {
    struct filter *filter = calloc(1, sizeof *filter);
    if (filter == NULL) {
        return NULL;
    }
    filter->under = under;
    const cookie_io_functions_t functions = {.write = write_filtered, .close = close_filter};
    FILE *stream = fopencookie(filter, "w", functions);
    if (stream == NULL) {
        free(filter);
    }
    return stream;
}
