#include "base/error.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/utf8.h"

static const char *const code_names[] = {
    [ERROR_NONE] = "none",
    [ERROR_USAGE] = "usage",
    [ERROR_INPUT] = "input",
    [ERROR_SOURCE] = "source",
    [ERROR_TARGET] = "target",
    [ERROR_SESSION] = "session",
    [ERROR_WORKSPACE] = "workspace",
    [ERROR_DISK] = "disk",
    [ERROR_MEMORY] = "memory",
    [ERROR_BALANCE] = "balance",
    [ERROR_INTERRUPTED] = "interrupted",
    [ERROR_INTERNAL] = "internal",
};

const char *error_code_name(enum error_code code) {
    return code_names[code];
}

/* Drops a character that the end of the buffer cut in two. */
static void drop_broken_end(char *message, size_t length) {
    size_t start = length;
    while (start > 0 && length - start < UTF8_MAX_BYTES - 1 &&
           ((unsigned char)message[start - 1] & 0xC0) == 0x80) {
        start--;
    }
    if (start == 0) {
        return;
    }
    start--;
    uint32_t code = 0;
    if (utf8_decode(message + start, length - start, &code) != length - start ||
        code == UTF8_INVALID) {
        message[start] = '\0';
    }
}

/* Formats by way of a second buffer, because an argument may be the old message itself. */
static void format_message(struct error *error, const char *format, va_list arguments) {
    char message[ERROR_MESSAGE_SIZE];
    int length = vsnprintf(message, sizeof message, format, arguments);
    if (length < 0) {
        message[0] = '\0';
    } else if ((size_t)length >= sizeof message) {
        drop_broken_end(message, sizeof message - 1);
    }
    memcpy(error->message, message, sizeof message);
}

int error_set(struct error *error, enum error_code code, const char *format, ...) {
    if (error == NULL) {
        return -1;
    }
    va_list arguments;
    va_start(arguments, format);
    format_message(error, format, arguments);
    va_end(arguments);
    error->code = code;
    return -1;
}

int error_add_context(struct error *error, const char *format, ...) {
    if (error == NULL) {
        return -1;
    }
    struct error context = {0};
    va_list arguments;
    va_start(arguments, format);
    format_message(&context, format, arguments);
    va_end(arguments);
    return error_set(error, error->code, "%s: %s", context.message, error->message);
}

int error_set_no_memory(struct error *error) {
    return error_set(error, ERROR_MEMORY,
                     "no memory left; close other programs or use a machine with more of it");
}
