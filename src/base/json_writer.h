/* Writes JSON (RFC 8259) into a text as it goes; nothing is held but the nesting.
 *
 * The writer borrows the text. Output is unchanged UTF-8, without blanks; only `"`, `\` and C0
 * controls are escaped (the short forms where JSON has them), and a byte sequence that is not UTF-8
 * becomes U+FFFD, so that the result is JSON whatever the source held. Nesting deeper than 64 is
 * the caller's mistake. */
#ifndef ROWPOST_BASE_JSON_WRITER_H
#define ROWPOST_BASE_JSON_WRITER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/text.h"

struct json_writer {
    struct text *out;
    uint64_t has_items; /* bit n: the container at depth n has an item already */
    unsigned depth;
    bool after_key;
};

struct json_writer json_writer_to(struct text *out);

void json_begin_object(struct json_writer *writer);
void json_end_object(struct json_writer *writer);
void json_begin_array(struct json_writer *writer);
void json_end_array(struct json_writer *writer);
void json_write_key(struct json_writer *writer, const char *key);

void json_write_string(struct json_writer *writer, struct span value); /* null span: null */
void json_write_integer(struct json_writer *writer, int64_t value);
void json_write_real(struct json_writer *writer, double value); /* not finite: null */
void json_write_boolean(struct json_writer *writer, bool value);
void json_write_null(struct json_writer *writer);
void json_write_raw(struct json_writer *writer,
                    struct span json); /* valid JSON, written as it is */

/* key and value in one call */
void json_member_string(struct json_writer *writer, const char *key, struct span value);
void json_member_integer(struct json_writer *writer, const char *key, int64_t value);
void json_member_boolean(struct json_writer *writer, const char *key, bool value);

/* The escaped string with its quotes, for those who write JSON without a writer. */
void json_append_quoted(struct text *out, struct span value);

/* True where the whole span is valid UTF-8 (RFC 3629: no surrogates, no overlong forms). */
bool json_is_utf8(struct span span);

#endif
