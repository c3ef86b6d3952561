/* What the tests of the framing have in common: a reading, and a table of answers, each of which is
 * read in every way to cut it in two, and byte by byte. */
#ifndef ROWPOST_TEST_FRAMING_FIXTURE_H
#define ROWPOST_TEST_FRAMING_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "http/framing.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

/* A constant with its length; NULs count. */
#define BYTES(text)                                                                                \
    { text, sizeof(text) - 1 }

#define OK(length, body) "HTTP/1.1 200 OK\r\nContent-Length: " length "\r\n\r\n" body
#define CHUNKED(body) "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" body
#define CODING "200 Transfer-Encoding=chunked|"
#define FIELDS(lines) "HTTP/1.1 200 OK\r\n" lines "\r\n\r\n"

/* ---- a reading, and what came of it */

struct reading {
    struct framing framing;
    enum framing_state state;
    size_t taken;
    struct text body;
    struct text fields; /* "200 Name=value|" each */
    bool fails_to_take;
};

static inline int take_field(void *context, int status, struct span name, struct span value) {
    struct reading *reading = context;

    text_append_integer(&reading->fields, status);
    text_append_char(&reading->fields, ' ');
    text_append(&reading->fields, name);
    text_append_char(&reading->fields, '=');
    text_append(&reading->fields, value);
    text_append_char(&reading->fields, '|');
    return reading->fails_to_take ? -1 : 0;
}

static inline void begin(struct reading *reading) {
    text_clear(&reading->body);
    text_clear(&reading->fields);
    reading->state = FRAMING_MORE;
    reading->taken = 0;
    framing_begin(&reading->framing, &reading->body, take_field, reading);
}

/* Hands over a copy of its very size, so that a read beyond it is noticed. */
static inline void give(struct reading *reading, struct span bytes) {
    char *copy = malloc(bytes.length > 0 ? bytes.length : 1);
    size_t taken = 0;

    assert_non_null(copy);
    if (bytes.length > 0) {
        memcpy(copy, bytes.data, bytes.length);
    }
    reading->state = framing_take(&reading->framing, (struct span){copy, bytes.length}, &taken);
    free(copy);
    reading->taken += taken;
}

static inline void clear(struct reading *reading) {
    text_free(&reading->body);
    text_free(&reading->fields);
}

/* ---- a table of answers, and the ways to cut them */

struct answer_case {
    struct span bytes;
    const char *body;
    const char *fields;
    const char *failure; /* NULL: the answer is whole */
    size_t surplus;      /* bytes behind it */
    int status;
    bool closes;  /* the peer, behind the bytes */
    bool is_last; /* on its connection */
};

/* What came of the reading, in one text. */
static inline void describe(const struct reading *reading, struct text *out) {
    static const char *const states[] = {
        [FRAMING_MORE] = "more", [FRAMING_WHOLE] = "whole", [FRAMING_BROKEN] = "broken"};
    const struct framing *framing = &reading->framing;
    bool is_whole = reading->state == FRAMING_WHOLE;

    text_append_format(out, "%s, %s: status %d, %s, %zu bytes\n%s\n%s", states[reading->state],
                       framing->failure == NULL ? "well" : framing->failure, framing->status,
                       framing->keeps_connection ? "kept" : "last", is_whole ? reading->taken : 0,
                       text_string(&reading->fields), text_string(&reading->body));
}

static inline void describe_case(const struct answer_case *expected, struct text *out) {
    bool is_whole = expected->failure == NULL;

    text_append_format(out, "%s, %s: status %d, %s, %zu bytes\n%s\n%s",
                       is_whole ? "whole" : "broken", is_whole ? "well" : expected->failure,
                       expected->status, is_whole && !expected->is_last ? "kept" : "last",
                       is_whole ? expected->bytes.length - expected->surplus : 0, expected->fields,
                       expected->body);
}

static inline void check(struct reading *reading, const struct answer_case *expected) {
    struct text is = {0};
    struct text ought_to_be = {0};

    if (reading->state == FRAMING_MORE && expected->closes) {
        reading->state = framing_end(&reading->framing);
    }
    describe(reading, &is);
    describe_case(expected, &ought_to_be);
    if (!span_equal(text_span(&is), text_span(&ought_to_be))) {
        fail_msg("%s\n-- is:\n%s\n-- ought to be:\n%s", expected->bytes.data, text_string(&is),
                 text_string(&ought_to_be));
    }
    text_free(&is);
    text_free(&ought_to_be);
}

static inline void check_in_two(struct reading *reading, const struct answer_case *expected,
                                size_t cut) {
    struct span bytes = expected->bytes;

    begin(reading);
    give(reading, (struct span){bytes.data, cut});
    give(reading, (struct span){bytes.data + cut, bytes.length - cut});
    check(reading, expected);
}

static inline void check_byte_by_byte(struct reading *reading, const struct answer_case *expected) {
    begin(reading);
    for (size_t i = 0; i < expected->bytes.length; i++) {
        give(reading, (struct span){expected->bytes.data + i, 1});
        give(reading, (struct span){NULL, 0});
    }
    check(reading, expected);
}

static inline void check_cases(const struct answer_case *cases, size_t count) {
    struct reading reading = {0};

    for (size_t i = 0; i < count; i++) {
        for (size_t cut = 0; cut <= cases[i].bytes.length; cut++) {
            check_in_two(&reading, &cases[i], cut);
        }
        check_byte_by_byte(&reading, &cases[i]);
    }
    clear(&reading);
}

#define WHOLE(status_, fields_, body_) .status = (status_), .fields = (fields_), .body = (body_)
#define BROKEN(status_, fields_, body_, words)                                                     \
    .status = (status_), .fields = (fields_), .body = (body_), .failure = (words)

#endif
