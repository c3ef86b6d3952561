/* Records of the target compared with the plan: JSON in which ' means ", and the differences as one
 * text, `field: planned / found` a line. */
#ifndef ROWPOST_TESTS_VALDB_RECORDS_H
#define ROWPOST_TESTS_VALDB_RECORDS_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "migration/kind.h"
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

/* Builds a request for the document by `build` and expects this path; NULL: there is none. */
static inline void assert_path(int (*build)(const struct migration_kind *,
                                            const struct kind_document *, struct kind_draft *),
                               const char *key, const char *body, size_t part,
                               const char *expected) {
    struct text path = {0};
    json_t *planned = json_of(body);
    struct kind_document document = {.key = span_of(key), .body = planned};
    struct kind_draft draft = {.part = part, .path = &path};
    assert_int_equal(build(NULL, &document, &draft), expected != NULL);
    if (expected != NULL) {
        assert_string_equal(text_string(&path), expected);
    }
    json_decref(planned);
    text_free(&path);
}

/* Looks for the document in an answer by `find` and expects records of these names, in the
 * answer's order; "": there is none; NULL: the answer cannot show it. */
static inline void assert_matches(bool (*find)(const struct migration_kind *,
                                               const struct kind_document *,
                                               const struct kind_answer *, struct kind_matches *),
                                  const char *key, const char *body, enum kind_request to,
                                  const char *answer, const char *names) {
    struct kind_matches matches = {0};
    json_t *planned = json_of(body);
    json_t *json = json_of(answer);
    struct kind_document document = {.key = span_of(key), .body = planned};
    struct kind_answer given = {.to = to, .status = 200, .json = json};
    assert_int_equal(find(NULL, &document, &given, &matches), names != NULL);
    assert_string_equal(text_string(&matches.names), names == NULL ? "" : names);
    kind_matches_free(&matches);
    json_decref(planned);
    json_decref(json);
}

/* Compares by `compare` and expects these lines, and as many differences as there are lines. */
static inline void
assert_compared(size_t (*compare)(const struct migration_kind *, const struct kind_document *,
                                  const json_t *, enum comparison, const struct difference_sink *),
                const char *body, const char *record, enum comparison comparison,
                const char *lines) {
    struct text found = {0};
    struct difference_sink sink = {.context = &found, .add = append_difference};
    json_t *planned = json_of(body);
    json_t *there = json_of(record);
    struct kind_document document = {.body = planned};
    size_t count = compare(NULL, &document, there, comparison, &sink);
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
