/* Records of the target held against what was planned: JSON in which ' stands for ", and the
 * differences as one text, `field: planned / found` a line. */
#ifndef ROWPOST_TESTS_VALDB_RECORDS_H
#define ROWPOST_TESTS_VALDB_RECORDS_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "migration/migration.h"
#include "quoted.h"

/* Parses; the caller releases it by json_decref(). */
static inline json_t *json_of(const char *json) {
    struct text quoted = quoted_text(span_of(json));
    json_t *value = json_loads(text_string(&quoted), JSON_DECODE_ANY, NULL);
    text_free(&quoted);
    assert_non_null(value);
    return value;
}

static inline void append_difference(void *context, const char *field, struct span planned,
                                     struct span found) {
    struct text *out = context;
    text_append_string(out, field);
    text_append_string(out, ": ");
    text_append(out, span_is_null(planned) ? span_of("nothing") : planned);
    text_append_string(out, " / ");
    text_append(out, span_is_null(found) ? span_of("nothing") : found);
    text_append_char(out, '\n');
}

/* Compares by `compare` and expects these lines, and as many differences as there are lines. */
static inline void assert_compared(size_t (*compare)(const json_t *, const json_t *,
                                                     enum comparison,
                                                     const struct difference_sink *),
                                   const char *body, const char *record, enum comparison comparison,
                                   const char *lines) {
    struct text found = {0};
    struct difference_sink sink = {.context = &found, .add = append_difference};
    json_t *planned = json_of(body);
    json_t *there = json_of(record);
    size_t count = compare(planned, there, comparison, &sink);
    for (size_t i = 0; i < found.length; i++) {
        count -= found.data[i] == '\n';
    }
    json_decref(planned);
    json_decref(there);
    assert_string_equal(text_string(&found), lines);
    assert_int_equal(count, 0);
    text_free(&found);
}

#endif
