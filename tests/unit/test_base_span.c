#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/span.h"

static const struct span null_span = {NULL, 0};

static void null_is_not_the_empty_text(void **state) {
    (void)state;
    assert_true(span_is_null(null_span));
    assert_false(span_is_null(span_of("")));
    assert_true(span_is_empty(null_span));
    assert_true(span_is_empty(span_of("")));
    assert_false(span_equal(null_span, span_of("")));
    assert_true(span_equal(null_span, null_span));
}

static void equality_is_byte_for_byte(void **state) {
    (void)state;
    assert_true(span_equal_string(span_of("MUON"), "MUON"));
    assert_false(span_equal_string(span_of("MUON"), "Muon"));
    assert_false(span_equal_string(span_of("MUONS"), "MUON"));
}

static void ascii_case_can_be_ignored_and_no_other(void **state) {
    (void)state;
    assert_true(span_equal_ignoring_ascii_case(span_of("Status_Kind"), span_of("STATUS_KIND")));
    assert_false(span_equal_ignoring_ascii_case(span_of("\xC3\xA9"), span_of("\xC3\x89")));
    assert_false(span_equal_ignoring_ascii_case(span_of("@"), span_of("`")));
}

static void order_is_by_byte_then_by_length_and_null_is_first(void **state) {
    (void)state;
    assert_true(span_compare(span_of("a"), span_of("b")) < 0);
    assert_true(span_compare(span_of("a"), span_of("ab")) < 0);
    assert_true(span_compare(span_of("\xC3\xA9"), span_of("z")) > 0);
    assert_true(span_compare(null_span, span_of("")) < 0);
    assert_int_equal(span_compare(span_of("same"), span_of("same")), 0);
}

static void trimming_takes_every_unicode_blank(void **state) {
    (void)state;
    /* no-break space, em space, ideographic space, line separator, next line, unit separator */
    struct span trimmed = span_trim(span_of("\xC2\xA0\xE2\x80\x83 a b\t\xE3\x80\x80\r\n"
                                            "\xE2\x80\xA8\xC2\x85\x1F"));
    assert_true(span_equal_string(trimmed, "a b"));
}

static void trimming_keeps_what_only_looks_like_a_blank(void **state) {
    (void)state;
    /* zero width space, byte order mark */
    const char *kept = "\xE2\x80\x8B"
                       "a\xEF\xBB\xBF";
    assert_true(span_equal_string(span_trim(span_of(kept)), kept));
}

static void trimming_keeps_bytes_that_are_not_utf8(void **state) {
    (void)state;
    assert_true(span_equal_string(span_trim(span_of(" \x85x\xA0 ")), "\x85x\xA0"));
}

static void trimming_blanks_alone_leaves_an_empty_text(void **state) {
    (void)state;
    struct span trimmed = span_trim(span_of(" \t\n"));
    assert_false(span_is_null(trimmed));
    assert_int_equal(trimmed.length, 0);
    assert_true(span_is_null(span_trim(null_span)));
}

static void trimming_plain_blanks_leaves_other_white_space(void **state) {
    (void)state;
    struct span trimmed = span_trim_blanks(span_of(" \t\n\ra\xC2\xA0\n "));
    assert_true(span_equal_string(trimmed, "\ra\xC2\xA0"));
    assert_true(span_is_null(span_trim_blanks(null_span)));
}

static void characters_are_counted_not_bytes(void **state) {
    (void)state;
    assert_int_equal(span_count_characters(span_of("Zo\xC3\xAB \xF0\x9F\x98\x80")), 5);
    assert_int_equal(span_count_characters(span_of("a\xFF\xE2\x82z")), 5);
    assert_int_equal(span_count_characters(null_span), 0);
}

static void a_needle_is_found_at_its_first_place(void **state) {
    (void)state;
    struct span span = span_of("Target: Reference: Target:");
    assert_ptr_equal(span_find(span, "Target:"), span.data);
    assert_ptr_equal(span_find(span, "Ref"), span.data + 8);
    assert_null(span_find(span, "target"));
    assert_null(span_find(null_span, "x"));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(null_is_not_the_empty_text),
        cmocka_unit_test(equality_is_byte_for_byte),
        cmocka_unit_test(ascii_case_can_be_ignored_and_no_other),
        cmocka_unit_test(order_is_by_byte_then_by_length_and_null_is_first),
        cmocka_unit_test(trimming_takes_every_unicode_blank),
        cmocka_unit_test(trimming_keeps_what_only_looks_like_a_blank),
        cmocka_unit_test(trimming_keeps_bytes_that_are_not_utf8),
        cmocka_unit_test(trimming_blanks_alone_leaves_an_empty_text),
        cmocka_unit_test(trimming_plain_blanks_leaves_other_white_space),
        cmocka_unit_test(characters_are_counted_not_bytes),
        cmocka_unit_test(a_needle_is_found_at_its_first_place),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
