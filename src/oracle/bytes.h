/* Bytes that grow: a message under construction, a value that is read in pieces.
 *
 * Private to src/oracle. A zeroed struct is empty; bytes_free() releases it. Where memory runs out
 * the content stays as it was and `failed` is set, until it is freed: it is enough to check once,
 * at the end of a message. A NUL follows the content. */
#ifndef ROWPOST_ORACLE_BYTES_H
#define ROWPOST_ORACLE_BYTES_H

#include <stdbool.h>
#include <stddef.h>

struct bytes {
    unsigned char *data;
    size_t length;
    size_t capacity;
    bool failed;
};

void bytes_free(struct bytes *bytes);

/* Overwrites the content before it is released: for what is secret. */
void bytes_wipe(struct bytes *bytes);

/* Empties it and keeps the memory. */
void bytes_clear(struct bytes *bytes);

/* Room for so many more bytes after the content, or NULL; bytes_advance() makes them content. */
unsigned char *bytes_reserve(struct bytes *bytes, size_t length);
void bytes_advance(struct bytes *bytes, size_t length);

void bytes_append(struct bytes *bytes, const void *data, size_t length);
void bytes_append_text(struct bytes *bytes, const char *text);
__attribute__((format(printf, 2, 3))) void bytes_append_format(struct bytes *bytes,
                                                               const char *format, ...);

/* The content as a C string; "" where there is none. */
const char *bytes_text(const struct bytes *bytes);

#endif
