#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/text.h"

static void an_untouched_text_is_empty_and_never_null(void **state) {
    (void)state;
    struct text text = {0};
    assert_string_equal(text_string(&text), "");
    assert_non_null(text_span(&text).data);
    assert_int_equal(text_span(&text).length, 0);
    text_free(&text);
}

static void growth_keeps_what_is_there(void **state) {
    (void)state;
    struct text text = {0};
    for (int i = 0; i < 1000; i++) {
        text_append_string(&text, "0123456789");
    }
    assert_int_equal(text.length, 10000);
    assert_memory_equal(text.data + 9990, "0123456789", 11);
    assert_true(text.capacity > 10000);
    text_free(&text);
}

static void growth_doubles(void **state) {
    (void)state;
    struct text text = {0};
    int moves = 0;
    for (size_t i = 0, capacity = 0; i < 1000000; i++) {
        text_append_char(&text, 'x');
        moves += text.capacity != capacity;
        capacity = text.capacity;
    }
    assert_in_range(moves, 1, 20);
    text_free(&text);
}

static void a_null_span_appends_nothing(void **state) {
    (void)state;
    struct text text = {0};
    text_append(&text, (struct span){NULL, 0});
    text_append_string(&text, NULL);
    assert_string_equal(text_string(&text), "");
    text_free(&text);
}

static void clearing_keeps_the_memory(void **state) {
    (void)state;
    struct text text = {0};
    text_append_string(&text, "something");
    size_t capacity = text.capacity;
    text_clear(&text);
    assert_string_equal(text_string(&text), "");
    assert_int_equal(text.capacity, capacity);
    text_free(&text);
}

static void integers_are_written_to_both_ends_of_their_range(void **state) {
    (void)state;
    struct text text = {0};
    text_append_integer(&text, 0);
    text_append_char(&text, ' ');
    text_append_integer(&text, INT64_MAX);
    text_append_char(&text, ' ');
    text_append_integer(&text, INT64_MIN);
    assert_string_equal(text_string(&text), "0 9223372036854775807 -9223372036854775808");
    text_free(&text);
}

static void reals_are_short_and_read_back_the_same(void **state) {
    (void)state;
    static const struct {
        double number;
        const char *written;
    } cases[] = {
        {0.1, "0.1"},
        {3.0, "3.0"},
        {-0.0, "-0.0"},
        {1.0 / 3.0, "0.3333333333333333"},
        {1e300, "1e+300"},
        {123456789.125, "123456789.125"},
        {0.1 + 0.2, "0.30000000000000004"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct text text = {0};
        text_append_real(&text, cases[i].number);
        assert_string_equal(text_string(&text), cases[i].written);
        text_free(&text);
    }
}

static void a_format_longer_than_the_room_is_written_whole(void **state) {
    (void)state;
    struct text text = {0};
    text_append_format(&text, "%s-%0500d-%s", "begin", 7, "end");
    assert_int_equal(text.length, 5 + 1 + 500 + 1 + 3);
    assert_string_equal(text_string(&text) + text.length - 5, "7-end");
    text_free(&text);
}

static void percent_encoding_leaves_only_unreserved_characters(void **state) {
    (void)state;
    struct text text = {0};
    text_append_percent_encoded(&text, span_of("aZ09-._~ /?#%+\xC3\xA9"));
    assert_string_equal(text_string(&text), "aZ09-._~%20%2F%3F%23%25%2B%C3%A9");
    text_free(&text);
}

static void reserved_room_is_filled_by_the_caller(void **state) {
    (void)state;
    struct text text = {0};
    char *room = text_reserve(&text, 3);
    assert_non_null(room);
    room[0] = 'a';
    room[1] = 'b';
    text.length += 2;
    text_terminate(&text);
    assert_string_equal(text_string(&text), "ab");
    text_free(&text);
}

static void running_out_of_memory_is_remembered_also_when_cleared(void **state) {
    (void)state;
    struct text text = {0};
    struct error error = {0};
    text_append_string(&text, "kept");
    assert_null(text_reserve(&text, SIZE_MAX - 2));
    text_append_string(&text, "ignored");
    assert_string_equal(text_string(&text), "kept");
    assert_int_equal(text_check(&text, &error), -1);
    assert_int_equal(error.code, ERROR_MEMORY);
    text_clear(&text);
    assert_int_equal(text_check(&text, &error), -1);
    text_free(&text);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_untouched_text_is_empty_and_never_null),
        cmocka_unit_test(growth_keeps_what_is_there),
        cmocka_unit_test(growth_doubles),
        cmocka_unit_test(a_null_span_appends_nothing),
        cmocka_unit_test(clearing_keeps_the_memory),
        cmocka_unit_test(integers_are_written_to_both_ends_of_their_range),
        cmocka_unit_test(reals_are_short_and_read_back_the_same),
        cmocka_unit_test(a_format_longer_than_the_room_is_written_whole),
        cmocka_unit_test(percent_encoding_leaves_only_unreserved_characters),
        cmocka_unit_test(reserved_room_is_filled_by_the_caller),
        cmocka_unit_test(running_out_of_memory_is_remembered_also_when_cleared),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
