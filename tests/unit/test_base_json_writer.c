#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/json_writer.h"

static void assert_quoted_bytes(struct span input, const char *expected) {
    struct text out = {0};
    json_append_quoted(&out, input);
    assert_string_equal(text_string(&out), expected);
    text_free(&out);
}

static void assert_quoted(const char *input, const char *expected) {
    assert_quoted_bytes(span_of(input), expected);
}

static void plain_text_is_unchanged(void **state) {
    (void)state;
    assert_quoted("", "\"\"");
    assert_quoted("12_5_0_pre2 /<&'\x7F", "\"12_5_0_pre2 /<&'\x7F\"");
}

static void quotes_and_backslashes_are_escaped(void **state) {
    (void)state;
    assert_quoted("say \"hi\" \\o/", "\"say \\\"hi\\\" \\\\o/\"");
}

static void controls_have_their_short_forms_where_json_has_them(void **state) {
    (void)state;
    assert_quoted("\b\t\n\f\r", "\"\\b\\t\\n\\f\\r\"");
    assert_quoted("\x01\x0B\x1F", "\"\\u0001\\u000b\\u001f\"");
    assert_quoted_bytes((struct span){"a\0b", 3}, "\"a\\u0000b\"");
}

static void utf8_of_every_length_is_unchanged(void **state) {
    (void)state;
    assert_quoted("\xC2\x80\xC3\xA9\xE2\x82\xAC\xEF\xBF\xBF\xF0\x9F\x98\x80\xF4\x8F\xBF\xBF",
                  "\"\xC2\x80\xC3\xA9\xE2\x82\xAC\xEF\xBF\xBF\xF0\x9F\x98\x80\xF4\x8F\xBF\xBF\"");
}

#define REPLACED "\xEF\xBF\xBD"

static void what_is_not_utf8_becomes_the_replacement_character(void **state) {
    (void)state;
    assert_quoted("Zo\xEB!", "\"Zo" REPLACED "!\"");                     /* Latin-1 */
    assert_quoted("\xE2\x82", "\"" REPLACED "\"");                       /* cut short */
    assert_quoted("\xE2\x82x", "\"" REPLACED "x\"");                     /* broken off */
    assert_quoted("\xC0\xAF", "\"" REPLACED REPLACED "\"");              /* overlong */
    assert_quoted("\xED\xA0\x80", "\"" REPLACED REPLACED REPLACED "\""); /* surrogate */
    assert_quoted("\xF5\x80", "\"" REPLACED REPLACED "\"");              /* above U+10FFFF */
    assert_quoted("\x80\"\xFF", "\"" REPLACED "\\\"" REPLACED "\"");
}

/* Text is looked at in blocks: whatever is next to it, each byte is found in each place. */
static void a_special_byte_is_found_in_each_place(void **state) {
    (void)state;
    static const struct {
        char byte;
        const char *escape;
    } specials[] = {{'"', "\\\""},       {'\\', "\\\\"},           {'\n', "\\n"},
                    {'\x1F', "\\u001f"}, {'\x80', "\xEF\xBF\xBD"}, {'\x7F', "\x7F"},
                    {' ', " "}};
    for (size_t i = 0; i < sizeof specials / sizeof *specials; i++) {
        for (size_t place = 0; place < 40; place++) {
            char input[41];
            char expected[64];
            memset(input, 'x', 40);
            input[40] = '\0';
            input[place] = specials[i].byte;
            snprintf(expected, sizeof expected, "\"%.*s%s%s\"", (int)place, input,
                     specials[i].escape, input + place + 1);
            assert_quoted(input, expected);
            assert_int_equal(json_is_utf8(span_of(input)), specials[i].byte != '\x80');
        }
    }
}

static void a_long_text_is_escaped_whole(void **state) {
    (void)state;
    struct text input = {0};
    struct text expected = {0};
    text_append_char(&expected, '"');
    for (int i = 0; i < 3000; i++) { /* characters lie across every inner boundary */
        text_append_string(&input, "a\n\xE2\x82\xAC\xFF");
        text_append_string(&expected, "a\\n\xE2\x82\xAC" REPLACED);
    }
    text_append_char(&expected, '"');
    assert_quoted_bytes(text_span(&input), text_string(&expected));
    text_free(&input);
    text_free(&expected);
}

static void containers_nest_with_commas_between_items(void **state) {
    (void)state;
    struct text out = {0};
    struct json_writer writer = json_writer_to(&out);
    json_begin_object(&writer);
    json_member_string(&writer, "name", span_of("12_5_0"));
    json_write_key(&writer, "reports");
    json_begin_array(&writer);
    json_begin_object(&writer);
    json_end_object(&writer);
    json_begin_array(&writer);
    json_write_integer(&writer, 1);
    json_write_integer(&writer, -2);
    json_end_array(&writer);
    json_end_array(&writer);
    json_member_boolean(&writer, "is_open", true);
    json_member_integer(&writer, "role", 2);
    json_end_object(&writer);
    assert_string_equal(
        text_string(&out),
        "{\"name\":\"12_5_0\",\"reports\":[{},[1,-2]],\"is_open\":true,\"role\":2}");
    text_free(&out);
}

static void nesting_goes_64_deep(void **state) {
    (void)state;
    struct text out = {0};
    struct json_writer writer = json_writer_to(&out);
    for (int i = 0; i < 64; i++) {
        json_begin_array(&writer);
        json_write_integer(&writer, 0);
    }
    for (int i = 0; i < 64; i++) {
        json_end_array(&writer);
    }
    assert_int_equal(out.length, 64 + 64 + 63 + 64);
    assert_memory_equal(out.data, "[0,[0,[0", 8);
    text_free(&out);
}

static void null_is_not_the_empty_string(void **state) {
    (void)state;
    struct text out = {0};
    struct json_writer writer = json_writer_to(&out);
    json_begin_array(&writer);
    json_write_string(&writer, (struct span){NULL, 0});
    json_write_string(&writer, span_of(""));
    json_write_null(&writer);
    json_write_boolean(&writer, false);
    json_end_array(&writer);
    assert_string_equal(text_string(&out), "[null,\"\",null,false]");
    text_free(&out);
}

static void reals_stay_reals_and_what_is_no_number_is_null(void **state) {
    (void)state;
    struct text out = {0};
    struct json_writer writer = json_writer_to(&out);
    json_begin_array(&writer);
    json_write_real(&writer, 1.0);
    json_write_real(&writer, 0.1);
    json_write_real(&writer, NAN);
    json_write_real(&writer, -INFINITY);
    json_end_array(&writer);
    assert_string_equal(text_string(&out), "[1.0,0.1,null,null]");
    text_free(&out);
}

static void raw_json_is_one_item(void **state) {
    (void)state;
    struct text out = {0};
    struct json_writer writer = json_writer_to(&out);
    json_begin_array(&writer);
    json_write_raw(&writer, span_of("{\"a\":1}"));
    json_write_raw(&writer, span_of("2"));
    json_end_array(&writer);
    assert_string_equal(text_string(&out), "[{\"a\":1},2]");
    text_free(&out);
}

static void keys_are_escaped_too(void **state) {
    (void)state;
    struct text out = {0};
    struct json_writer writer = json_writer_to(&out);
    json_begin_object(&writer);
    json_member_integer(&writer, "COUNT(\"x\")", 1);
    json_end_object(&writer);
    assert_string_equal(text_string(&out), "{\"COUNT(\\\"x\\\")\":1}");
    text_free(&out);
}

static void utf8_is_distinguished_from_what_is_not(void **state) {
    (void)state;
    assert_true(json_is_utf8(span_of("")));
    assert_true(json_is_utf8(span_of("\xE0\xA0\x80\xED\x9F\xBF\xEE\x80\x80\xF0\x90\x80\x80")));
    assert_false(json_is_utf8(span_of("\xE0\x9F\xBF")));
    assert_false(json_is_utf8(span_of("\xED\xA0\x80")));
    assert_false(json_is_utf8(span_of("\xF0\x8F\xBF\xBF")));
    assert_false(json_is_utf8(span_of("\xF4\x90\x80\x80")));
    assert_false(json_is_utf8(span_of("abc\xC3")));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(plain_text_is_unchanged),
        cmocka_unit_test(quotes_and_backslashes_are_escaped),
        cmocka_unit_test(controls_have_their_short_forms_where_json_has_them),
        cmocka_unit_test(utf8_of_every_length_is_unchanged),
        cmocka_unit_test(what_is_not_utf8_becomes_the_replacement_character),
        cmocka_unit_test(a_special_byte_is_found_in_each_place),
        cmocka_unit_test(a_long_text_is_escaped_whole),
        cmocka_unit_test(containers_nest_with_commas_between_items),
        cmocka_unit_test(nesting_goes_64_deep),
        cmocka_unit_test(null_is_not_the_empty_string),
        cmocka_unit_test(reals_stay_reals_and_what_is_no_number_is_null),
        cmocka_unit_test(raw_json_is_one_item),
        cmocka_unit_test(keys_are_escaped_too),
        cmocka_unit_test(utf8_is_distinguished_from_what_is_not),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
