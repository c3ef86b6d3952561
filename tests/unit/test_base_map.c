#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "base/map.h"

static int one = 1;
static int two = 2;

static void an_empty_map_finds_nothing(void **state) {
    (void)state;
    struct map map = {0};
    assert_null(map_find(&map, span_of("muon")));
    assert_int_equal(map_count(&map), 0);
    map_free(&map);
}

static void what_was_put_is_found_by_its_very_key(void **state) {
    (void)state;
    struct map map = {0};
    assert_int_equal(map_put(&map, span_of("muon"), &one), 0);
    assert_ptr_equal(map_find(&map, span_of("muon")), &one);
    assert_null(map_find(&map, span_of("Muon")));
    assert_null(map_find(&map, span_of("muo")));
    map_free(&map);
}

static void keys_are_copied(void **state) {
    (void)state;
    struct map map = {0};
    char key[] = "muon";
    assert_int_equal(map_put(&map, span_of(key), &one), 0);
    key[0] = 'x';
    assert_ptr_equal(map_find(&map, span_of("muon")), &one);
    map_free(&map);
}

static void keys_may_hold_any_byte(void **state) {
    (void)state;
    struct map map = {0};
    assert_int_equal(map_put(&map, (struct span){"a\0b", 3}, &one), 0);
    assert_ptr_equal(map_find(&map, (struct span){"a\0b", 3}), &one);
    assert_null(map_find(&map, (struct span){"a\0c", 3}));
    assert_null(map_find(&map, span_of("a")));
    map_free(&map);
}

static void putting_again_replaces_the_value_and_keeps_the_place(void **state) {
    (void)state;
    struct map map = {0};
    assert_int_equal(map_put(&map, span_of("first"), &one), 0);
    assert_int_equal(map_put(&map, span_of("second"), &one), 0);
    assert_int_equal(map_put(&map, span_of("first"), &two), 0);
    assert_int_equal(map_count(&map), 2);
    assert_true(span_equal_string(map_key_at(&map, 0), "first"));
    assert_ptr_equal(map_value_at(&map, 0), &two);
    map_free(&map);
}

static void null_is_the_same_key_as_the_empty_text(void **state) {
    (void)state;
    struct map map = {0};
    assert_int_equal(map_put(&map, (struct span){NULL, 0}, &one), 0);
    assert_ptr_equal(map_find(&map, span_of("")), &one);
    assert_int_equal(map_put(&map, span_of(""), &two), 0);
    assert_int_equal(map_count(&map), 1);
    map_free(&map);
}

static void many_keys_are_kept_in_the_order_of_insertion(void **state) {
    (void)state;
    struct map map = {0};
    char key[32];
    for (int i = 0; i < 50000; i++) {
        snprintf(key, sizeof key, "login%d", i);
        assert_int_equal(map_put(&map, span_of(key), &one), 0);
    }
    assert_int_equal(map_count(&map), 50000);
    for (int i = 0; i < 50000; i++) {
        snprintf(key, sizeof key, "login%d", i);
        assert_true(span_equal_string(map_key_at(&map, (size_t)i), key));
        assert_ptr_equal(map_find(&map, span_of(key)), &one);
    }
    assert_null(map_find(&map, span_of("login50000")));
    map_free(&map);
}

static void a_key_that_is_added_has_a_piece_of_zeros_and_keeps_it(void **state) {
    (void)state;
    struct map map = {0};
    struct arena arena = {0};
    struct error error;
    int *first = map_find_or_add(&map, &arena, span_of("alice"), sizeof *first, &error);
    assert_non_null(first);
    assert_int_equal(*first, 0);
    *first = 7;
    assert_ptr_equal(map_find_or_add(&map, &arena, span_of("alice"), sizeof *first, &error), first);
    assert_int_equal(*first, 7);
    assert_int_equal(map_count(&map), 1);
    map_free(&map);
    arena_free(&arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_empty_map_finds_nothing),
        cmocka_unit_test(a_key_that_is_added_has_a_piece_of_zeros_and_keeps_it),
        cmocka_unit_test(what_was_put_is_found_by_its_very_key),
        cmocka_unit_test(keys_are_copied),
        cmocka_unit_test(keys_may_hold_any_byte),
        cmocka_unit_test(putting_again_replaces_the_value_and_keeps_the_place),
        cmocka_unit_test(null_is_the_same_key_as_the_empty_text),
        cmocka_unit_test(many_keys_are_kept_in_the_order_of_insertion),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
