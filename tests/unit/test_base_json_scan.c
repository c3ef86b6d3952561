/* JSON read where it stands: what is taken, what is not, and which values are the same. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>
#include <jansson.h>

#include "base/json_scan.h"
#include "quoted.h"

/* A block of its very size, so that a read beyond the text is noticed. */
static char *copy_exactly(struct span text) {
    char *copy = malloc(text.length == 0 ? 1 : text.length);
    assert_non_null(copy);
    if (text.length > 0) {
        memcpy(copy, text.data, text.length);
    }
    return copy;
}

static bool is_taken(struct span text) {
    char *copy = copy_exactly(text);
    bool taken = json_scan_is_object((struct span){copy, text.length});
    free(copy);
    return taken;
}

static bool is_json(struct span text) {
    json_t *json = json_loadb(text.data, text.length, JSON_DECODE_ANY | JSON_ALLOW_NUL, NULL);
    json_decref(json);
    return json != NULL;
}

/* The value as a member of an object, which is taken or not; what is taken is JSON. */
static void expect_taken(const char *value, bool is_expected) {
    struct text text = {0};
    text_append_string(&text, "{'a' : ");
    text_append_string(&text, value);
    text_append_string(&text, " }");
    struct text json = quoted_text(text_span(&text));
    if (is_taken(text_span(&json)) != is_expected) {
        fail_msg("%s is%s taken", text_string(&json), is_expected ? " not" : "");
    }
    if (is_expected && !is_json(text_span(&json))) {
        fail_msg("%s is no JSON", text_string(&json));
    }
    text_free(&text);
    text_free(&json);
}

#define EXPECT_TAKEN(values, is_expected)                                                          \
    for (size_t i = 0; i < sizeof(values) / sizeof *(values); i++) {                               \
        expect_taken((values)[i], is_expected);                                                    \
    }

static void every_kind_of_value_is_taken(void **state) {
    /* clang-format off */
    static const char *const values[] = {
        "null", "true", "false", "0", "-0", "7", "-12", "123456789012345678", "1.5", "-0.25",
        "1e5", "1E+05", "1.0e-99", "123456789012345678.123456789012345678e99", "''", "'a'",
        "'seventeen letters'", "[]", "[ ]", "[1,2]", "[ [ ] , { } ]", "{}", "{ }",
        "{'b':{'c':[1,{'d':null}]}}", "{'':''}", "{'b':1,'b':2}", "\t\n\r 1 \t\n\r"};
    /* clang-format on */
    (void)state;
    EXPECT_TAKEN(values, true);
}

static void strings_may_hold_escapes_and_any_character(void **state) {
    /* clang-format off */
    static const char *const values[] = {
        "'\\\"\\\\\\/\\b\\f\\n\\r\\t'", "'\\u00e9\\u00E9'", "'\\u0000'", "'\\ud834\\udd1e'",
        "'\\uD834\\uDD1E'", "'\\uffff'", "'\x7f'", "'\xC3\xA9'", "'\xE2\x82\xAC'",
        "'\xF0\x9D\x84\x9E'", "'\xF4\x8F\xBF\xBF'", "'a long text with an \xC3\xA9 in its midst'",
        "{'\xC3\xA9':1}", "{'a name of more than sixteen bytes':1}"};
    /* clang-format on */
    (void)state;
    EXPECT_TAKEN(values, true);
}

static void what_is_no_json_is_not_taken(void **state) {
    /* clang-format off */
    static const char *const values[] = {
        "", "nul", "nullx", "True", "NaN", "Infinity", "undefined", "+1", "-", ".5", "1.", "01",
        "-01", "1e", "1e+", "0x1", "1 2", "1,", ",", "[", "]", "[1", "[1,", "[1,]", "[,1]",
        "[1 2]", "[1}", "{", "{'b'", "{'b':", "{'b':1", "{'b':1,}", "{,}", "{'b' 1}", "{b:1}",
        "{1:1}", "{'b':1 'c':2}", "{'b':1]", "'", "'a", "'a\\", "'a\\'", "\\'a'", "'a'b", "1/**/"};
    /* clang-format on */
    (void)state;
    EXPECT_TAKEN(values, false);
}

static void strings_that_are_none_are_not_taken(void **state) {
    /* clang-format off */
    static const char *const values[] = {
        "'\n'", "'\t'", "'\x1f'", "'\\a'", "'\\x41'", "'\\u'", "'\\u00'", "'\\u00g0'", "'\\U0041'",
        "'\\ud834'", "'\\udd1e'", "'\\ud834\\u0041'", "'\\ud834\\ud834'", "'\\ud834x'",
        "'\\ud834\\n'", "'\x80'", "'\xC3'", "'\xC3(", "'\xC0\xAF'", "'\xE0\x80\xAF'",
        "'\xED\xA0\x80'", "'\xF4\x90\x80\x80'", "'\xFF'", "{'\xC3':1}"};
    /* clang-format on */
    (void)state;
    EXPECT_TAKEN(values, false);
}

/* jansson takes some of these and refuses others. */
static void what_a_reader_might_refuse_is_not_taken(void **state) {
    /* clang-format off */
    static const char *const values[] = {
        "1234567890123456789", "99999999999999999999", "1e100", "1e999", "0.1234567890123456789",
        "{'\\u0000':1}", "{'\\u0062':1}", "{'b\\n':1}"};
    /* clang-format on */
    (void)state;
    EXPECT_TAKEN(values, false);
}

static void only_a_whole_object_is_one(void **state) {
    static const struct {
        const char *text;
        bool is_object;
    } cases[] = {
        {"{}", true},        {" \t\r\n{ } \n", true},
        {"{'a':1}\n", true}, {"", false},
        {" ", false},        {"[]", false},
        {"null", false},     {"'a'", false},
        {"{}{}", false},     {"{} x", false},
        {"{},", false},      {"{}]", false},
        {"x{}", false},      {"\xEF\xBB\xBF{}", false},
        {"{", false},        {"}", false},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct text text = quoted_text(span_of(cases[i].text));
        assert_int_equal(is_taken(text_span(&text)), cases[i].is_object);
        text_free(&text);
    }
    assert_false(json_scan_is_object((struct span){0}));
    assert_false(is_taken((struct span){"{}\0", 3}));
    assert_false(is_taken((struct span){"{\0}", 3}));
}

static void no_part_of_an_object_is_one(void **state) {
    (void)state;
    struct text text = quoted_text(span_of(
        "{'a': [1.5e3, 'x\\u00e9\\ud834\\udd1e', null], 'b': {'c\xC3\xA9': true}, 'd': ''}"));
    assert_true(is_taken(text_span(&text)));
    for (size_t length = 0; length < text.length; length++) {
        assert_false(is_taken((struct span){text.data, length}));
    }
    text_free(&text);
}

static bool is_nesting_taken(unsigned depth) {
    struct text text = {0};
    text_append_string(&text, "{\"a\":");
    for (unsigned i = 1; i < depth; i++) {
        text_append_char(&text, '[');
    }
    for (unsigned i = 1; i < depth; i++) {
        text_append_char(&text, ']');
    }
    text_append_char(&text, '}');
    bool taken = is_taken(text_span(&text));
    text_free(&text);
    return taken;
}

static void nesting_is_bounded(void **state) {
    (void)state;
    assert_true(is_nesting_taken(JSON_SCAN_DEPTH));
    assert_false(is_nesting_taken(JSON_SCAN_DEPTH + 1));
    assert_false(is_nesting_taken(1000000));
}

static void members_and_items_are_met_in_order(void **state) {
    (void)state;
    struct text text = quoted_text(span_of(" { 'a' : 1 , '\xC3\xA9':[ 'x' ,{} ] , 'a':'' } "));
    struct json_walk walk;
    struct json_walk items;
    struct json_member member;
    struct span item;
    assert_false(json_walk_begin_array(&walk, text_span(&text)));
    assert_true(json_walk_begin_object(&walk, text_span(&text)));
    assert_int_equal(json_walk_next_member(&walk, &member), JSON_STEP_VALUE);
    assert_true(span_equal_string(member.name, "a") && span_equal_string(member.value, "1"));
    assert_int_equal(json_walk_next_member(&walk, &member), JSON_STEP_VALUE);
    assert_true(span_equal_string(member.name, "\xC3\xA9"));
    assert_true(json_walk_begin_array(&items, member.value));
    assert_int_equal(json_walk_next_item(&items, &item), JSON_STEP_VALUE);
    assert_true(span_equal_string(item, "\"x\""));
    assert_int_equal(json_walk_next_item(&items, &item), JSON_STEP_VALUE);
    assert_true(span_equal_string(item, "{}"));
    assert_int_equal(json_walk_next_item(&items, &item), JSON_STEP_END);
    assert_int_equal(json_walk_next_member(&walk, &member), JSON_STEP_VALUE);
    assert_true(span_equal_string(member.name, "a") && span_equal_string(member.value, "\"\""));
    assert_int_equal(json_walk_next_member(&walk, &member), JSON_STEP_END);
    text_free(&text);
}

static void a_walk_ends_where_the_json_does(void **state) {
    (void)state;
    struct text text = quoted_text(span_of("{'a':1,'b':tru}"));
    struct json_walk walk;
    struct json_member member;
    assert_true(json_walk_begin_object(&walk, text_span(&text)));
    assert_int_equal(json_walk_next_member(&walk, &member), JSON_STEP_VALUE);
    assert_int_equal(json_walk_next_member(&walk, &member), JSON_STEP_UNKNOWN);
    text_free(&text);
    assert_true(json_walk_begin_object(&walk, span_of("{} {}")));
    assert_int_equal(json_walk_next_member(&walk, &member), JSON_STEP_UNKNOWN);
}

/* The items of the list, which holds two. */
static void take_pair(struct span list, struct span *left, struct span *right) {
    struct json_walk walk;
    struct span none;
    assert_true(json_walk_begin_array(&walk, list));
    assert_int_equal(json_walk_next_item(&walk, left), JSON_STEP_VALUE);
    assert_int_equal(json_walk_next_item(&walk, right), JSON_STEP_VALUE);
    assert_int_equal(json_walk_next_item(&walk, &none), JSON_STEP_END);
}

static void expect_equal(const char *pair, bool is_expected) {
    struct text text = quoted_text(span_of(pair));
    char *copy = copy_exactly(text_span(&text));
    struct span left;
    struct span right;
    take_pair((struct span){copy, text.length}, &left, &right);
    if (json_scan_equal(left, right) != is_expected ||
        json_scan_equal(right, left) != is_expected) {
        fail_msg("%s: %s", pair, is_expected ? "not equal" : "equal");
    }
    free(copy);
    json_t *json = json_loadb(text.data, text.length, JSON_ALLOW_NUL, NULL);
    if (is_expected && !json_equal(json_array_get(json, 0), json_array_get(json, 1))) {
        fail_msg("%s: jansson knows better", pair);
    }
    json_decref(json);
    text_free(&text);
}

static void equal_values_are_known_whatever_their_form(void **state) {
    /* clang-format off */
    static const char *const pairs[] = {
        "[1, 1]", "[-0.5e3,-0.5e3]", "[null,null]", "[true,true]", "['','']", "['a','a']",
        "['a long text, of which much is plain', 'a long text, of which much is plain']",
        "['\xC3\xA9', '\\u00e9']", "['\\u00E9', '\\u00e9']", "['/', '\\/']", "['\\n', '\\u000a']",
        "['\\\"\\\\', '\\u0022\\u005C']", "['\xF0\x9D\x84\x9E', '\\uD834\\udd1e']",
        "['\\u0000', '\\u0000']", "['a\\u0062c', 'ab\\u0063']", "[[],[ ]]", "[{},{ }]",
        "[[1,[2,'x']], [ 1 , [ 2 , '\\u0078' ] ]]", "[{'a':1,'b':[]}, { 'a' : 1 , 'b' : [ ] }]",
        "[{'a':1,'a':2}, {'a': 1, 'a': 2}]", "[{'a':{'b':'\xC3\xA9'}},{'a': {'b': '\\u00e9'}}]"};
    /* clang-format on */
    (void)state;
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        expect_equal(pairs[i], true);
    }
}

static void other_values_are_not_called_equal(void **state) {
    /* clang-format off */
    static const char *const pairs[] = {
        "[1, 2]", "[1, 12]", "[12, 1]", "[1, 1.0]", "[1, 1e0]", "[0, -0]", "[1, '1']",
        "[null, '']", "[null, 'null']", "[null, false]", "[true, false]", "[null, []]",
        "['a', 'b']", "['a', 'ab']", "['a', 'a\\u0000']", "['a', 'A']", "['', '\\u0000']",
        "['a', ['a']]", "['\\\\u0061', '\\u0061']", "['e\xCC\x81', '\xC3\xA9']", "[[], {}]",
        "[[1], [1,1]]", "[[1,2], [2,1]]", "[[1,2], [12]]", "[['a','b'], ['a,b']]",
        "[[[1],2], [[1,2]]]", "[{'a':1}, {'b':1}]", "[{'a':1}, {'a':2}]", "[{'a':1}, {}]",
        "[{'a':1}, {'a':1,'b':2}]", "[{'a':1,'b':2}, {'b':2,'a':1}]", "[{'a':'b'}, ['a','b']]"};
    /* clang-format on */
    (void)state;
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        expect_equal(pairs[i], false);
    }
}

static void a_plain_string_is_handed_out(void **state) {
    struct span string = {0};
    (void)state;
    assert_true(json_scan_plain_string(span_of("\"a b\xC3\xA9\""), &string));
    assert_true(span_equal_string(string, "a b\xC3\xA9"));
    assert_true(json_scan_plain_string(span_of("\"\""), &string));
    assert_int_equal(string.length, 0);
    assert_false(json_scan_plain_string(span_of("\"a\\/b\""), &string));
    assert_false(json_scan_plain_string(span_of("\"\\u0000\""), &string));
    assert_false(json_scan_plain_string(span_of("12"), &string));
    assert_false(json_scan_plain_string(span_of("[\"a\"]"), &string));
    assert_false(json_scan_plain_string(span_of("null"), &string));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_kind_of_value_is_taken),
        cmocka_unit_test(strings_may_hold_escapes_and_any_character),
        cmocka_unit_test(what_is_no_json_is_not_taken),
        cmocka_unit_test(strings_that_are_none_are_not_taken),
        cmocka_unit_test(what_a_reader_might_refuse_is_not_taken),
        cmocka_unit_test(only_a_whole_object_is_one),
        cmocka_unit_test(no_part_of_an_object_is_one),
        cmocka_unit_test(nesting_is_bounded),
        cmocka_unit_test(members_and_items_are_met_in_order),
        cmocka_unit_test(a_walk_ends_where_the_json_does),
        cmocka_unit_test(equal_values_are_known_whatever_their_form),
        cmocka_unit_test(other_values_are_not_called_equal),
        cmocka_unit_test(a_plain_string_is_handed_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
