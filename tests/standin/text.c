#include "text.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ROOM_FIRST = 512, ROOM_KEPT = 64 * 1024 };

struct slice slice_of(const char *string) {
    return (struct slice){string, string == NULL ? 0 : strlen(string)};
}

struct slice slice_of_json(const json_t *value) {
    return (struct slice){json_string_value(value), json_string_length(value)};
}

void text_free(struct text *text) {
    free(text->data);
    *text = (struct text){0};
}

void text_clear(struct text *text) {
    if (text->room > ROOM_KEPT) {
        text_free(text);
    }
    text->size = 0;
    if (text->data != NULL) {
        text->data[0] = '\0';
    }
}

static void text_reserve(struct text *text, size_t more) {
    size_t needed = text->size + more + 1;
    if (needed <= text->room) {
        return;
    }
    size_t room = text->room == 0 ? ROOM_FIRST : text->room * 2;
    if (room < needed) {
        room = needed;
    }
    char *data = realloc(text->data, room);
    if (data == NULL) {
        abort();
    }
    text->data = data;
    text->room = room;
}

void text_add(struct text *text, const void *data, size_t size) {
    text_reserve(text, size);
    if (size > 0) {
        assert(text->data != NULL);
        memcpy(text->data + text->size, data, size);
    }
    text->size += size;
    text->data[text->size] = '\0';
}

void text_add_string(struct text *text, const char *string) {
    text_add(text, string, strlen(string));
}

void text_print(struct text *text, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    int size = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    if (size < 0) {
        return;
    }
    text_reserve(text, (size_t)size);
    va_start(arguments, format);
    vsnprintf(text->data + text->size, (size_t)size + 1, format, arguments);
    va_end(arguments);
    text->size += (size_t)size;
}

static int take_json(const char *buffer, size_t size, void *context) {
    text_add(context, buffer, size);
    return 0;
}

void text_add_json(struct text *text, const json_t *value) {
    if (value == NULL) {
        text_add_string(text, "null");
        return;
    }
    json_dump_callback(value, take_json, text, JSON_ENCODE_ANY | JSON_ENSURE_ASCII);
}

void text_add_quoted(struct text *text, struct slice string) {
    json_t *value = NULL;
    if (string.data != NULL) {
        value = json_stringn(string.data, string.size);
    }
    if (string.data != NULL && value == NULL) {
        struct text ascii = {0};
        text_add(&ascii, string.data, string.size);
        for (size_t i = 0; i < ascii.size; i++) {
            if ((unsigned char)ascii.data[i] >= 0x80) {
                ascii.data[i] = '?';
            }
        }
        value = json_stringn(ascii.data, ascii.size);
        text_free(&ascii);
    }
    text_add_json(text, value);
    json_decref(value);
}

static int hex_value(char c) {
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    if (c >= 'a' && c <= 'f') {
        return c - 'a' + 10;
    }
    if (c >= 'A' && c <= 'F') {
        return c - 'A' + 10;
    }
    return -1;
}

void text_add_decoded(struct text *text, const char *data, size_t size, char plus) {
    text_reserve(text, size);
    for (size_t i = 0; i < size; i++) {
        char c = data[i];
        if (c == '+') {
            c = plus;
        } else if (c == '%' && i + 2 < size && hex_value(data[i + 1]) >= 0 &&
                   hex_value(data[i + 2]) >= 0) {
            c = (char)(hex_value(data[i + 1]) * 16 + hex_value(data[i + 2]));
            i += 2;
        }
        text->data[text->size++] = c;
    }
    text->data[text->size] = '\0';
}
