#define _DEFAULT_SOURCE /* explicit_bzero */
#include "oracle/bytes.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LEAST_CAPACITY = 64 };

void bytes_free(struct bytes *bytes) {
    free(bytes->data);
    *bytes = (struct bytes){0};
}

void bytes_wipe(struct bytes *bytes) {
    if (bytes->data != NULL) {
        explicit_bzero(bytes->data, bytes->capacity);
    }
    bytes_free(bytes);
}

void bytes_clear(struct bytes *bytes) {
    bytes->length = 0;
    if (bytes->data != NULL) {
        bytes->data[0] = '\0';
    }
}

unsigned char *bytes_reserve(struct bytes *bytes, size_t length) {
    if (bytes->failed || length > SIZE_MAX / 2 - bytes->length - 1) {
        bytes->failed = true;
        return NULL;
    }
    size_t needed = bytes->length + length + 1;
    if (needed > bytes->capacity) {
        size_t capacity = bytes->capacity < LEAST_CAPACITY ? LEAST_CAPACITY : bytes->capacity;
        while (capacity < needed) {
            capacity *= 2;
        }
        /* Not realloc(): what the old memory held may have to be wiped. */
        unsigned char *data = malloc(capacity);
        if (data == NULL) {
            bytes->failed = true;
            return NULL;
        }
        if (bytes->data != NULL) {
            memcpy(data, bytes->data, bytes->length);
            explicit_bzero(bytes->data, bytes->length);
            free(bytes->data);
        }
        bytes->data = data;
        bytes->capacity = capacity;
    }
    return bytes->data + bytes->length;
}

void bytes_advance(struct bytes *bytes, size_t length) {
    bytes->length += length;
    bytes->data[bytes->length] = '\0';
}

void bytes_append(struct bytes *bytes, const void *data, size_t length) {
    unsigned char *room = bytes_reserve(bytes, length);
    if (room == NULL) {
        return;
    }
    if (length > 0) {
        memcpy(room, data, length);
    }
    bytes_advance(bytes, length);
}

void bytes_append_text(struct bytes *bytes, const char *text) {
    bytes_append(bytes, text, strlen(text));
}

void bytes_append_format(struct bytes *bytes, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    unsigned char *room = length < 0 ? NULL : bytes_reserve(bytes, (size_t)length);
    if (room == NULL) {
        bytes->failed = true;
        return;
    }
    va_start(arguments, format);
    vsnprintf((char *)room, (size_t)length + 1, format, arguments);
    va_end(arguments);
    bytes->length += (size_t)length;
}

const char *bytes_text(const struct bytes *bytes) {
    return bytes->data == NULL ? "" : (const char *)bytes->data;
}
