/* A text that grows: the program's only string builder.
 *
 * `struct text` owns its bytes; start from `{0}` and end with text_free(). Appending never
 * reports: when memory runs out, `failed` is set and stays set, later appends do nothing, and the
 * owner asks text_check() once, before it uses the result. The bytes are always terminated by a
 * NUL that is not counted (data may be NULL only while nothing was ever appended; text_string()
 * hides that). */
#ifndef ROWPOST_BASE_TEXT_H
#define ROWPOST_BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/error.h"
#include "base/span.h"

struct text {
    char *data;
    size_t length;
    size_t capacity;
    bool failed;
};

void text_free(struct text *text);

/* Overwrites the bytes, then frees them: for secrets. A text that grows leaves its former bytes in
 * memory, so room for a secret is reserved beforehand. */
void text_wipe(struct text *text);

/* Empties the text and keeps its memory. `failed` stays set: who clears a text has not looked yet.
 */
void text_clear(struct text *text);

/* Makes room for `more` further bytes; returns where they go, or NULL (and `failed`). The caller
 * writes at most `more` bytes there and adds what it wrote to `length`, then calls
 * text_terminate(). For the hot paths; others append. */
char *text_reserve(struct text *text, size_t more);
void text_terminate(struct text *text);

/* As text_append(), where there is no room yet. */
void text_append_growing(struct text *text, struct span span);

/* The hot path: it is in the header so that the compiler knows a literal's length. */
static inline void text_append(struct text *text, struct span span) {
    /* Without capacity there is no data; the last condition is for static analysers. */
    if (text->failed || text->capacity - text->length <= span.length || span.length == 0 ||
        text->data == NULL) {
        text_append_growing(text, span);
        return;
    }
    memcpy(text->data + text->length, span.data, span.length);
    text->length += span.length;
    text->data[text->length] = '\0';
}

static inline void text_append_string(struct text *text, const char *string) {
    text_append(text, (struct span){string, string == NULL ? 0 : strlen(string)});
}

static inline void text_append_char(struct text *text, char character) {
    text_append(text, (struct span){&character, 1});
}

void text_append_integer(struct text *text, int64_t number);
/* The fewest digits that read back as the same number, with a decimal point or an exponent: `3.0`.
 * What is not finite is written as `inf`, `-inf` or `nan`. */
void text_append_real(struct text *text, double number);
void text_append_format(struct text *text, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* The text in quotes, each of its own doubled: a name or a literal of SQL. */
void text_append_quoted(struct text *text, char quote, struct span span);

/* The text percent-encoded as one segment of a URL: all but RFC 3986's unreserved characters. */
void text_append_percent_encoded(struct text *text, struct span span);

/* The other way round. What is not a triplet is unchanged. */
void text_append_percent_decoded(struct text *text, struct span span);

/* The bytes that pairs of hexadecimal digits represent. */
void text_append_hex_decoded(struct text *text, struct span digits);

/* The text as a span (never null) and as a terminated string (never NULL); both valid until the
 * next change. */
struct span text_span(const struct text *text);
const char *text_string(const struct text *text);

/* 0, or -1 with ERROR_MEMORY where an append has failed since the text was empty and new. */
int text_check(const struct text *text, struct error *error);

#endif
