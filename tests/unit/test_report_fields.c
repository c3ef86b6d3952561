#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "report/fields.h"

static void assert_fields(const char *json, const char *expected) {
    struct text out = {0};
    fields_append_text(&out, span_of(json), 2);
    assert_string_equal(text_string(&out), expected);
    text_free(&out);
}

static void values_are_below_each_other_in_the_objects_order(void **state) {
    (void)state;
    assert_fields("{\"ZEBRA\":1,\"A\":\"text\",\"REAL\":0.5,\"GONE\":null,\"IS\":true,\"E\":\"\"}",
                  "  ZEBRA  1\n"
                  "  A      text\n"
                  "  REAL   0.5\n"
                  "  GONE   null\n"
                  "  IS     true\n"
                  "  E      \"\"\n");
}

static void lists_and_objects_in_objects_are_shown(void **state) {
    (void)state;
    assert_fields(
        "{\"groups\":[\"a\",\"b\"],\"none\":[],\"reports\":[{\"status\":1},{\"status\":2}],"
        "\"blob\":{\"hex\":\"00ff\"}}",
        "  groups   a, b\n"
        "  none     none\n"
        "  reports\n"
        "    status  1\n"
        "\n"
        "    status  2\n"
        "  blob\n"
        "    hex  00ff\n");
}

static void a_long_name_does_not_move_the_others(void **state) {
    (void)state;
    assert_fields("{\"a_name_of_many_more_letters\":1,\"ID\":2}",
                  "  a_name_of_many_more_letters  1\n"
                  "  ID  2\n");
}

static void lines_of_a_text_stay_lines(void **state) {
    (void)state;
    assert_fields("{\"C\":\"one\\n\\n  two\\n\"}", "  C  one\n"
                                                   "\n"
                                                   "       two\n"
                                                   "\n");
}

static void long_lines_are_broken_at_blanks_within_80_columns(void **state) {
    (void)state;
    struct text json = {0};
    struct text out = {0};
    text_append_string(&json, "{\"C\":\"");
    for (int i = 0; i < 60; i++) {
        text_append_string(&json, "w\xC3\xB6rd ");
    }
    text_append_string(&json, "end\"}");
    fields_append_text(&out, text_span(&json), 2);
    size_t lines = 0;
    for (const char *line = text_string(&out); *line != '\0'; lines++) {
        size_t length = strcspn(line, "\n");
        size_t characters = span_count_characters((struct span){line, length});
        assert_in_range(characters, 3, 80);
        assert_int_equal(line[length - 1] == 'd', 1); /* of w\u00f6rd, or of end */
        line += length + 1;
    }
    assert_int_equal(lines, 4 + 1); /* 15 words to a line of 75 columns */
    text_free(&json);
    text_free(&out);
}

static void a_word_without_a_blank_is_broken_anywhere(void **state) {
    (void)state;
    struct text json = {0};
    struct text out = {0};
    text_append_string(&json, "{\"C\":\"");
    for (int i = 0; i < 100; i++) {
        text_append_char(&json, 'x');
    }
    text_append_string(&json, "\"}");
    fields_append_text(&out, text_span(&json), 2);
    assert_int_equal(strcspn(text_string(&out), "\n"), 80);
    text_free(&json);
    text_free(&out);
}

static void of_a_very_long_value_the_rest_is_counted(void **state) {
    (void)state;
    struct text json = {0};
    struct text out = {0};
    text_append_string(&json, "{\"C\":\"");
    for (int i = 0; i < 20; i++) {
        text_append_string(&json, "line\\n");
    }
    text_append_string(&json, "\"}");
    fields_append_text(&out, text_span(&json), 2);
    const char *end = "     line\n     ... and 45 characters more\n";
    size_t length = strlen(end);
    assert_true(out.length > length);
    assert_string_equal(text_string(&out) + out.length - length, end);
    text_free(&json);
    text_free(&out);
}

static void nothing_moves_the_cursor(void **state) {
    (void)state;
    assert_fields("{\"C\":\"a\\u001b[31mb\\u0007\\u009bc\\td\\u0000e\\r\"}",
                  "  C  a [31mb  c d e \n");
    struct text out = {0};
    fields_append_one(&out, "because", span_of("not\xFFutf\x1b[8"), 0);
    assert_string_equal(text_string(&out), "because  not utf [8\n");
    text_free(&out);
}

static void what_is_no_object_is_shown_as_it_is(void **state) {
    (void)state;
    assert_fields("[1,2", "  [1,2\n");
    assert_fields("", "  \n");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_are_below_each_other_in_the_objects_order),
        cmocka_unit_test(lists_and_objects_in_objects_are_shown),
        cmocka_unit_test(a_long_name_does_not_move_the_others),
        cmocka_unit_test(lines_of_a_text_stay_lines),
        cmocka_unit_test(long_lines_are_broken_at_blanks_within_80_columns),
        cmocka_unit_test(a_word_without_a_blank_is_broken_anywhere),
        cmocka_unit_test(of_a_very_long_value_the_rest_is_counted),
        cmocka_unit_test(nothing_moves_the_cursor),
        cmocka_unit_test(what_is_no_object_is_shown_as_it_is),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
