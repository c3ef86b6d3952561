#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/error.h"
#include "base/json_writer.h"

static void setting_an_error_gives_minus_one(void **state) {
    (void)state;
    struct error error = {0};
    assert_int_equal(error_set(&error, ERROR_SOURCE, "no table %s", "STATUS"), -1);
    assert_int_equal(error.code, ERROR_SOURCE);
    assert_string_equal(error.message, "no table STATUS");
}

static void context_goes_in_front_and_the_code_stays(void **state) {
    (void)state;
    struct error error = {0};
    error_set(&error, ERROR_INPUT, "the end is missing");
    assert_int_equal(error_add_context(&error, "%s, line %d", "people.csv", 7), -1);
    assert_int_equal(error.code, ERROR_INPUT);
    assert_string_equal(error.message, "people.csv, line 7: the end is missing");
}

static void nobody_has_to_listen(void **state) {
    (void)state;
    assert_int_equal(error_set(NULL, ERROR_INPUT, "unheard"), -1);
    assert_int_equal(error_add_context(NULL, "unheard"), -1);
    assert_int_equal(error_set_no_memory(NULL), -1);
}

static void a_message_may_quote_the_one_it_replaces(void **state) {
    (void)state;
    struct error error = {0};
    error_set(&error, ERROR_INPUT, "inner");
    error_set(&error, ERROR_USAGE, "outer (%s)", error.message);
    assert_string_equal(error.message, "outer (inner)");
}

static void a_long_message_is_cut_between_two_characters(void **state) {
    (void)state;
    char e_acute[2 * ERROR_MESSAGE_SIZE + 1];
    for (size_t i = 0; i < ERROR_MESSAGE_SIZE; i++) {
        memcpy(e_acute + 2 * i, "\xC3\xA9", 2);
    }
    e_acute[2 * ERROR_MESSAGE_SIZE] = '\0';
    struct error error = {0};
    error_set(&error, ERROR_INPUT, "%s", e_acute);
    assert_int_equal(strlen(error.message), ERROR_MESSAGE_SIZE - 2);
    assert_true(json_is_utf8(span_of(error.message)));
    error_set(&error, ERROR_INPUT, "x%s", e_acute);
    assert_int_equal(strlen(error.message), ERROR_MESSAGE_SIZE - 1);
    assert_true(json_is_utf8(span_of(error.message)));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(setting_an_error_gives_minus_one),
        cmocka_unit_test(context_goes_in_front_and_the_code_stays),
        cmocka_unit_test(nobody_has_to_listen),
        cmocka_unit_test(a_message_may_quote_the_one_it_replaces),
        cmocka_unit_test(a_long_message_is_cut_between_two_characters),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
