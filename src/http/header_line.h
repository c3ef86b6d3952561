/* Header lines of one request, in addition to those that all requests of a session have. */
#ifndef ROWPOST_HTTP_HEADER_LINE_H
#define ROWPOST_HTTP_HEADER_LINE_H

#include <stdbool.h>

#include "base/span.h"

/* Takes the first line from the front of the lines, without its line feed. */
struct span header_line_take(struct span *lines);

/* True for a token of RFC 9110, 5.6.2. */
bool header_line_is_name(struct span name);

/* True for a name that the program or libcurl sends itself. */
bool header_line_has_another_purpose(struct span name);

/* True for `Name: value` without control characters, of a name that nobody else sends. */
bool header_line_may_be_sent(struct span line);

#endif
