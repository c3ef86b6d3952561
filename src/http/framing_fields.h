/* The fields of an answer's header by which its end is found, and by which its connection is kept
 * (RFC 9112, 6 and 9.3). Nothing is owned; start from `{0}` at each answer. */
#ifndef ROWPOST_TARGET_FRAMING_FIELDS_H
#define ROWPOST_TARGET_FRAMING_FIELDS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/span.h"

enum { STATUS_NO_CONTENT = 204 };

struct framing_fields {
    bool is_version_1_0; /* set beforehand */

    /* to be read */
    bool is_chunked;
    bool has_length;
    size_t length;    /* SIZE_MAX where it is beyond all bounds */
    bool is_decisive; /* the last field tells where the content ends */

    /* their own */
    bool asks_to_close;
    bool asks_to_keep;
};

/* Takes every field, be it one of these or not. NULL, or why the answer is broken, in words that
 * quote nothing of it: a length that is not digits, or another one than before; a transfer coding
 * other than "chunked", or one in HTTP/1.0. */
const char *framing_fields_take(struct framing_fields *fields, struct span name, struct span value);

/* Whether another request may follow on the connection, once all fields were taken: not where one
 * side could see the end of this answer elsewhere than the other. */
bool framing_fields_keep_connection(const struct framing_fields *fields, int status);

#endif
