#include <setjmp.h>
#include <stdalign.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/arena.h"

static void pieces_are_aligned_for_any_type(void **state) {
    (void)state;
    struct arena arena = {0};
    for (size_t size = 1; size < 100; size++) {
        uintptr_t piece = (uintptr_t)arena_allocate(&arena, size);
        assert_int_equal(piece % alignof(max_align_t), 0);
    }
    arena_free(&arena);
}

static void pieces_stay_where_they_are(void **state) {
    (void)state;
    struct arena arena = {0};
    unsigned char *pieces[1000];
    for (size_t i = 0; i < 1000; i++) {
        pieces[i] = arena_allocate(&arena, 100);
        memset(pieces[i], (int)(i % 251), 100);
    }
    for (size_t i = 0; i < 1000; i++) {
        assert_int_equal(pieces[i][0], i % 251);
        assert_int_equal(pieces[i][99], i % 251);
    }
    arena_free(&arena);
}

static void a_piece_may_be_larger_than_any_block(void **state) {
    (void)state;
    struct arena arena = {0};
    char *large = arena_allocate(&arena, 10 << 20);
    assert_non_null(large);
    memset(large, 'x', 10 << 20);
    assert_non_null(arena_allocate(&arena, 1));
    arena_free(&arena);
}

static void copies_are_terminated_and_null_stays_null(void **state) {
    (void)state;
    struct arena arena = {0};
    struct span copy = arena_copy(&arena, (struct span){"muon and more", 4});
    assert_int_equal(copy.length, 4);
    assert_string_equal(copy.data, "muon");
    assert_true(span_is_null(arena_copy(&arena, (struct span){NULL, 0})));
    assert_false(span_is_null(arena_copy(&arena, span_of(""))));
    arena_free(&arena);
}

static void a_reset_arena_uses_its_largest_block_again(void **state) {
    (void)state;
    struct arena arena = {0};
    arena_allocate(&arena, 100);
    void *large = arena_allocate(&arena, 5 << 20);
    arena_allocate(&arena, 100);
    arena_reset(&arena);
    assert_ptr_equal(arena_allocate(&arena, 5 << 20), large);
    arena_free(&arena);
}

static void running_out_of_memory_is_remembered_also_when_reset(void **state) {
    (void)state;
    struct arena arena = {0};
    assert_null(arena_allocate(&arena, SIZE_MAX));
    assert_true(arena.failed);
    arena_reset(&arena);
    assert_true(arena.failed);
    arena_free(&arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pieces_are_aligned_for_any_type),
        cmocka_unit_test(pieces_stay_where_they_are),
        cmocka_unit_test(a_piece_may_be_larger_than_any_block),
        cmocka_unit_test(copies_are_terminated_and_null_stays_null),
        cmocka_unit_test(a_reset_arena_uses_its_largest_block_again),
        cmocka_unit_test(running_out_of_memory_is_remembered_also_when_reset),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
