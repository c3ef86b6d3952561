/* Reads JSON (RFC 8259) where it stands: no tree, no memory, nothing is copied.
 *
 * What is taken is JSON to every strict reader, jansson among them. The reverse does not hold: "no"
 * means "not known". Beyond what is no JSON at all, these are not taken: a member's name with a
 * backslash, nesting deeper than JSON_SCAN_DEPTH, and numbers of more than 18 digits before or
 * behind the point or more than two in the exponent (which no reader can find too large).
 *
 * Blanks around a value belong to no value. Spans that are handed out point into the text. */
#ifndef ROWPOST_BASE_JSON_SCAN_H
#define ROWPOST_BASE_JSON_SCAN_H

#include <stdbool.h>

#include "base/span.h"

enum { JSON_SCAN_DEPTH = 32 };

/* True where the text is one JSON object and nothing but blanks around it. Members of the same name
 * are no fault. */
bool json_scan_is_object(struct span text);

/* A walk over the members of an object, or over the items of an array. */
struct json_walk {
    const char *at; /* what has not been read yet */
    const char *end;
    unsigned depth;    /* of the values that are met */
    bool is_beginning; /* nothing but the bracket has been read */
};

struct json_member {
    struct span name; /* without its quotation marks; no escape stands in it */
    struct span value;
};

enum json_step {
    JSON_STEP_VALUE,  /* another one */
    JSON_STEP_END,    /* there are no more, and nothing but blanks behind the last bracket */
    JSON_STEP_UNKNOWN /* no JSON, or some that is not taken: the walk is over */
};

/* False where the text does not begin with such a bracket. The text is checked as it is walked: not
 * before JSON_STEP_END is it known to be JSON. */
bool json_walk_begin_object(struct json_walk *walk, struct span text);
bool json_walk_begin_array(struct json_walk *walk, struct span text);

enum json_step json_walk_next_member(struct json_walk *walk, struct json_member *member);
enum json_step json_walk_next_item(struct json_walk *walk, struct span *item);

/* Of a value that a walk has met: true where it is a string, and what stands between its quotation
 * marks is the string, byte for byte (no escape stands in it; so it has no U+0000, either). */
bool json_scan_plain_string(struct span value, struct span *string);

/* Of two values that walks have met: true where they are certainly the same. Strings are compared
 * by what they say, however it is escaped; numbers as they are written; arrays item by item, and
 * objects member by member, both in the order in which they stand. */
bool json_scan_equal(struct span left, struct span right);

#endif
