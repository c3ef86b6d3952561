#define _POSIX_C_SOURCE 200809L /* strdup */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "report/field_differences.h"

static char *dump(const json_t *value) {
    return value == NULL ? strdup("-") : json_dumps(value, JSON_ENCODE_ANY | JSON_COMPACT);
}

/* The differences as `field: first > second`, each followed by a semicolon; `-` is a field that is
 * not there. */
static void assert_differences(const char *first, const char *second, const char *expected) {
    struct field_differences differences = {0};
    struct error error;
    struct text out = {0};
    json_t *a = json_loads(first, JSON_DECODE_ANY, NULL);
    json_t *b = json_loads(second, JSON_DECODE_ANY, NULL);
    assert_non_null(a);
    assert_non_null(b);
    assert_int_equal(field_differences_find(&differences, a, b, &error), 0);
    for (size_t i = 0; i < differences.count; i++) {
        char *left = dump(differences.items[i].first);
        char *right = dump(differences.items[i].second);
        text_append_format(&out, "%s: %s > %s;", text_string(&differences.items[i].field), left,
                           right);
        free(left);
        free(right);
    }
    assert_string_equal(text_string(&out), expected);
    text_free(&out);
    field_differences_free(&differences);
    json_decref(a);
    json_decref(b);
}

static void equal_values_have_none(void **state) {
    (void)state;
    assert_differences("{\"a\":1,\"b\":[{\"c\":null}]}", "{\"b\":[{\"c\":null}],\"a\":1}", "");
}

static void a_field_is_named_by_its_way(void **state) {
    (void)state;
    assert_differences("{\"a\":{\"b\":{\"c\":1}}}", "{\"a\":{\"b\":{\"c\":2}}}", "a.b.c: 1 > 2;");
}

static void a_missing_field_is_not_null(void **state) {
    (void)state;
    assert_differences("{\"a\":null}", "{}", "a: null > -;");
    assert_differences("{}", "{\"a\":null}", "a: - > null;");
}

static void a_text_is_not_the_number(void **state) {
    (void)state;
    assert_differences("{\"a\":\"1\"}", "{\"a\":1}", "a: \"1\" > 1;");
}

static void plain_arrays_are_one_field(void **state) {
    (void)state;
    assert_differences("{\"a\":[1,2]}", "{\"a\":[2,1]}", "a: [1,2] > [2,1];");
}

static void elements_belong_together_by_their_name(void **state) {
    (void)state;
    assert_differences("[{\"g\":\"x\",\"c\":1},{\"g\":\"y\",\"c\":1}]", "[{\"g\":\"y\",\"c\":2}]",
                       "[x]: {\"g\":\"x\",\"c\":1} > -;[y].c: 1 > 2;");
    assert_differences("[]", "[{\"g\":\"x\"}]", "[x]: - > {\"g\":\"x\"};");
}

static void the_first_member_that_names_each_once_is_the_name(void **state) {
    (void)state;
    assert_differences("[{\"k\":1,\"g\":\"x\",\"c\":1},{\"k\":1,\"g\":\"y\",\"c\":1}]",
                       "[{\"k\":1,\"g\":\"x\",\"c\":1},{\"k\":1,\"g\":\"y\",\"c\":2}]",
                       "[y].c: 1 > 2;");
}

static void elements_without_a_name_belong_together_by_their_places(void **state) {
    (void)state;
    assert_differences("[{\"c\":true},{\"c\":true}]", "[{\"c\":true},{\"c\":false}]",
                       "[1].c: true > false;");
}

static void another_order_of_named_elements_is_a_difference(void **state) {
    (void)state;
    assert_differences("[{\"g\":\"x\"},{\"g\":\"y\"}]", "[{\"g\":\"y\"},{\"g\":\"x\"}]",
                       "[0].g: \"x\" > \"y\";[1].g: \"y\" > \"x\";");
}

static void another_kind_of_value_is_one_difference(void **state) {
    (void)state;
    assert_differences("{\"a\":{\"b\":1}}", "{\"a\":[1]}", "a: {\"b\":1} > [1];");
    assert_differences("1", "[]", ": 1 > [];");
}

/* `{"a":{"a":...1...}}`, so many objects deep. */
static void append_nested(struct text *out, int depth, int number) {
    for (int i = 0; i < depth; i++) {
        text_append_string(out, "{\"a\":");
    }
    text_append_integer(out, number);
    for (int i = 0; i < depth; i++) {
        text_append_char(out, '}');
    }
}

static void what_is_nested_too_deep_is_one_field(void **state) {
    (void)state;
    enum { COMPARED = 64, DEPTH = 100 };
    struct text first = {0};
    struct text second = {0};
    struct text expected = {0};
    append_nested(&first, DEPTH, 1);
    append_nested(&second, DEPTH, 2);
    for (int i = 0; i < COMPARED; i++) {
        text_append_string(&expected, i == 0 ? "a" : ".a");
    }
    text_append_string(&expected, ": ");
    append_nested(&expected, DEPTH - COMPARED, 1);
    text_append_string(&expected, " > ");
    append_nested(&expected, DEPTH - COMPARED, 2);
    text_append_char(&expected, ';');
    assert_differences(text_string(&first), text_string(&second), text_string(&expected));
    text_free(&first);
    text_free(&second);
    text_free(&expected);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(equal_values_have_none),
        cmocka_unit_test(a_field_is_named_by_its_way),
        cmocka_unit_test(a_missing_field_is_not_null),
        cmocka_unit_test(a_text_is_not_the_number),
        cmocka_unit_test(plain_arrays_are_one_field),
        cmocka_unit_test(elements_belong_together_by_their_name),
        cmocka_unit_test(the_first_member_that_names_each_once_is_the_name),
        cmocka_unit_test(elements_without_a_name_belong_together_by_their_places),
        cmocka_unit_test(another_order_of_named_elements_is_a_difference),
        cmocka_unit_test(another_kind_of_value_is_one_difference),
        cmocka_unit_test(what_is_nested_too_deep_is_one_field),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
