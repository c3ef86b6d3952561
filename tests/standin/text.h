/*
 * A growing run of bytes: bodies, pages, header blocks.
 *
 * A zeroed struct is an empty text; text_free() gives its memory back and leaves it empty again.
 * The bytes always end in a NUL that `size` does not count. Where memory runs out the program
 * aborts: it is a test server, and no answer is better than a wrong one.
 */
#ifndef STANDIN_TEXT_H
#define STANDIN_TEXT_H

#include <jansson.h>
#include <stddef.h>

struct text {
    char *data;
    size_t size;
    size_t room;
};

/* Bytes that belong to someone else. `data` NULL: no value, as in SQL. */
struct slice {
    const char *data;
    size_t size;
};

/* The slice of a NUL-terminated string; NULL gives no value. */
struct slice slice_of(const char *string);

/* The slice of a JSON string; any other value gives no value. */
struct slice slice_of_json(const json_t *value);

void text_free(struct text *text);

/* Empties the text; the memory is kept unless it is more than a usual request needs. */
void text_clear(struct text *text);

void text_add(struct text *text, const void *data, size_t size);
void text_add_string(struct text *text, const char *string);
void text_print(struct text *text, const char *format, ...)
    __attribute__((format(printf, 2, 3), nonnull(2)));

/* Adds a value as Python's json.dumps() writes it: ", ", ": ", only ASCII. */
void text_add_json(struct text *text, const json_t *value);

/* The same for a string that is not yet JSON. Bytes that are no UTF-8 become `?`. */
void text_add_quoted(struct text *text, struct slice string);

/* Adds `size` bytes with %XX decoded; `plus` is what a '+' becomes ('+' or a blank). */
void text_add_decoded(struct text *text, const char *data, size_t size, char plus);

#endif
