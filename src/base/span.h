/* A span: bytes of somebody else's text, not terminated. `data == NULL` is SQL's null; a span of
 * length 0 with data is an empty text. A span owns nothing and lives as long as what it points
 * into. Functions that take a span accept null and treat it as empty unless their contract
 * differs. */
#ifndef ROWPOST_BASE_SPAN_H
#define ROWPOST_BASE_SPAN_H

#include <stdbool.h>
#include <stddef.h>

struct span {
    const char *data;
    size_t length;
};

/* The span of a terminated string; NULL gives null. */
struct span span_of(const char *string);

bool span_is_null(struct span span);

/* True for null and for length 0. */
bool span_is_empty(struct span span);

/* Byte for byte; null equals only null. */
bool span_equal(struct span a, struct span b);

/* True where the span has exactly the bytes of the terminated string. */
bool span_equal_string(struct span span, const char *string);

/* As span_equal, but A-Z and a-z are the same. */
bool span_equal_ignoring_ascii_case(struct span a, struct span b);

/* True where the span begins with the terminated string; A-Z and a-z are the same. */
bool span_begins_with_ignoring_ascii_case(struct span span, const char *beginning);

/* memcmp order, shorter first; null before everything. */
int span_compare(struct span a, struct span b);

/* Without Unicode white space (Python's str.strip() set) at both ends. Null stays null. */
struct span span_trim(struct span span);

/* Without blanks, tabs and line feeds at both ends, and nothing else. Null stays null. */
struct span span_trim_blanks(struct span span);

/* Length in Unicode code points; a byte that is not UTF-8 counts as one. */
size_t span_count_characters(struct span span);

/* The first `needle` in the span, or NULL. */
const char *span_find(struct span span, const char *needle);

/* Takes what is before the separator off the rest, and the separator; all of it where there is
 * none. The rest is not null. */
struct span span_cut(struct span *rest, char separator);

#endif
