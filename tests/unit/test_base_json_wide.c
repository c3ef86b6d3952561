/* Numbers of JSON that have no room in 64 bits. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/json_memory.h"
#include "base/json_wide.h"

static json_t *load(const char *json) {
    json_t *value = json_memory_load(json, strlen(json), JSON_DECODE_ANY | JSON_ALLOW_NUL, NULL);
    assert_non_null(value);
    return value;
}

static void assert_stays(const char *json) {
    json_t *value = load(json);
    char *dumped = json_memory_dump(value, JSON_COMPACT | JSON_ENCODE_ANY);
    assert_string_equal(dumped, json);
    json_memory_free(dumped);
    json_decref(value);
}

static void a_number_stays_as_it_is_written(void **state) {
    (void)state;
    assert_stays("12345678901234567890");
    assert_stays("{\"a\":[-9223372036854775809,9223372036854775807,1],\"b\":\"x\"}");
    assert_stays("{\"a\":1e400,\"b\":\"12345678901234567890\"}");
    assert_stays("[\"\\\"12345678901234567890\",12345678901234567890,\"\\\\\"]");
    assert_stays("{\"a\":{\"$number\":\"17\"},\"b\":12345678901234567890}");
}

static void it_is_put_back_into_an_indented_text(void **state) {
    (void)state;
    json_t *value = load("{\"a\":12345678901234567890}");
    char *dumped = json_memory_dump(value, JSON_INDENT(2));
    assert_string_equal(dumped, "{\n  \"a\": 12345678901234567890\n}");
    json_memory_free(dumped);
    json_decref(value);
}

static void only_such_a_number_is_one(void **state) {
    (void)state;
    static const struct {
        const char *json;
        bool is_wide;
    } cases[] = {{"12345678901234567890", true},
                 {"-12345678901234567890", true},
                 {"9223372036854775807", false},
                 {"1e-400", false},
                 {"1.5", false},
                 {"\"12345678901234567890\"", false},
                 {"{\"$number\":\"17\"}", false},
                 {"{\"$number\":12345678901234567890}", false}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        json_t *value = load(cases[i].json);
        assert_int_equal(json_wide_is(value), cases[i].is_wide);
        json_decref(value);
    }
}

static void they_are_compared_digit_by_digit(void **state) {
    (void)state;
    json_t *one = load("12345678901234567890");
    json_t *other = load("12345678901234567891");
    json_t *text = load("\"12345678901234567890\"");
    assert_true(json_equal(one, one));
    assert_false(json_equal(one, other));
    assert_false(json_equal(one, text));
    json_decref(one);
    json_decref(other);
    json_decref(text);
}

static void a_text_that_is_no_json_is_refused_all_the_same(void **state) {
    (void)state;
    static const char *const texts[] = {"[12345678901234567890",
                                        "012345678901234567890",
                                        "[12345678901234567890 x]",
                                        "12345678901234567890-1",
                                        "[\"",
                                        "[12345678901234567890,\""};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        assert_null(json_memory_load(texts[i], strlen(texts[i]), JSON_DECODE_ANY, NULL));
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_number_stays_as_it_is_written),
        cmocka_unit_test(it_is_put_back_into_an_indented_text),
        cmocka_unit_test(only_such_a_number_is_one),
        cmocka_unit_test(they_are_compared_digit_by_digit),
        cmocka_unit_test(a_text_that_is_no_json_is_refused_all_the_same),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
