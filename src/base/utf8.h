/* UTF-8 (RFC 3629: no surrogates, no overlong forms), one character at a time. Nothing is owned. */
#ifndef ROWPOST_BASE_UTF8_H
#define ROWPOST_BASE_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What utf8_decode() gives for bytes that are not UTF-8. */
#define UTF8_INVALID UINT32_MAX

enum { UTF8_MAX_BYTES = 4 };

/* The character at the start of `length` bytes (1 at least). Returns how many bytes it takes. For
 * bytes that are no character `*code` is UTF8_INVALID, and the bytes returned are those that one
 * replacement character replaces (the Unicode standard's "maximal subpart"). */
size_t utf8_decode(const char *data, size_t length, uint32_t *code);

/* Writes the character and returns how many bytes it took. `code` is a Unicode scalar value. */
size_t utf8_encode(uint32_t code, char buffer[UTF8_MAX_BYTES]);

/* White space as Python's str.strip() sees it. */
bool utf8_is_blank(uint32_t code);

#endif
