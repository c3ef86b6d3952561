/* Markers in JSON texts. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/marker.h"

/* What there is, as `kind key`, `secret` and what is not a marker between bars. */
static void assert_found(const char *json, const char *expected) {
    struct error error = {0};
    struct marker marker = {0};
    struct text found = {0};
    size_t from = 0;
    while (marker_find(span_of(json), from, &marker, &error) == 1) {
        text_append(&found, (struct span){json + from, marker.at - from});
        if (marker.what == MARKER_SECRET) {
            text_append_string(&found, "|secret|");
        } else {
            text_append_format(&found, "|%s %s|", text_string(&marker.kind),
                               text_string(&marker.key));
        }
        from = marker.at + marker.length;
    }
    text_append_string(&found, json + from);
    assert_string_equal(text_string(&found), expected);
    text_free(&found);
    marker_free(&marker);
}

static void a_marker_is_an_object_of_its_own(void **state) {
    (void)state;
    assert_found("{\"$new\":[\"people\",\"4\"]}", "|people 4|");
    assert_found("[1,{\"a\":{\"$new\":[\"a\",\"b\"]},\"c\":{\"$secret\":true}}]",
                 "[1,{\"a\":|a b|,\"c\":|secret|}]");
    assert_found("[{\"$secret\":true},{\"$new\":[\"a\",\"b\"]},{\"$new\":[\"a\",\"c\"]}]",
                 "[|secret|,|a b|,|a c|]");
}

static void blanks_in_it_and_escapes_in_its_names_are_read(void **state) {
    (void)state;
    assert_found("[ {\n \"$new\" : [ \"a\\u0062\" , \"\\\"{}\" ] } ]", "[ |ab \"{}| ]");
}

static void what_only_looks_like_one_is_none(void **state) {
    (void)state;
    static const char *const others[] = {
        "\"{\\\"$new\\\":[\\\"a\\\",\\\"b\\\"]}\"",
        "[\"$new\",\"$secret\"]",
        "{\"$new\":[\"a\"]}",
        "{\"$new\":[\"a\",4]}",
        "{\"$new\":[\"a\",\"b\",\"c\"]}",
        "{\"$new\":[\"a\",\"b\"],\"more\":1}",
        "{\"more\":1,\"$new\":[\"a\",\"b\"]}",
        "{\"$secret\":false}",
        "{\"$secrets\":true}",
        "",
    };
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        assert_found(others[i], others[i]);
    }
}

static void a_null_text_has_none(void **state) {
    (void)state;
    struct error error = {0};
    struct marker marker = {0};
    assert_false(marker_may_be_in((struct span){0}, MARKER_RECORD));
    assert_int_equal(marker_find((struct span){0}, 0, &marker, &error), 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_marker_is_an_object_of_its_own),
        cmocka_unit_test(blanks_in_it_and_escapes_in_its_names_are_read),
        cmocka_unit_test(what_only_looks_like_one_is_none),
        cmocka_unit_test(a_null_text_has_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
