#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/memory.h"

/* The linker gives calls of malloc(), calloc() and realloc() in src/base to these. */
static bool is_full;

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *memory, size_t size);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *memory, size_t size);

void *__wrap_malloc(size_t size) {
    return is_full ? NULL : __real_malloc(size);
}

void *__wrap_calloc(size_t count, size_t size) {
    return is_full ? NULL : __real_calloc(count, size);
}

void *__wrap_realloc(void *memory, size_t size) {
    return is_full ? NULL : __real_realloc(memory, size);
}

static int make_room(void **state) {
    (void)state;
    is_full = false;
    return 0;
}

static void what_has_no_room_is_taken_from_the_reserve(void **state) {
    (void)state;
    is_full = true;
    char *first = memory_allocate(10);
    char *cleared = memory_allocate_cleared(5, 7);
    char *copy = memory_copy_string("a text");
    assert_true(memory_is_of_reserve(first));
    assert_true(memory_is_of_reserve(cleared));
    assert_int_equal(cleared[34], 0);
    assert_string_equal(copy, "a text");
    assert_int_equal((uintptr_t)copy % _Alignof(max_align_t), 0);
    memory_free(first);
    memory_free(cleared);
    memory_free(copy);
}

static void what_has_room_is_not(void **state) {
    (void)state;
    char *piece = memory_allocate(10);
    assert_false(memory_is_of_reserve(piece));
    memory_free(piece);
}

static void a_piece_that_grows_keeps_its_content(void **state) {
    (void)state;
    char *text = memory_copy_string("from outside");
    is_full = true;
    text = memory_reallocate(text, 1000);
    assert_true(memory_is_of_reserve(text));
    assert_string_equal(text, "from outside");
    text = memory_reallocate(text, 2000);
    assert_string_equal(text, "from outside");
    is_full = false;
    text = memory_reallocate(text, 3000);
    assert_false(memory_is_of_reserve(text));
    assert_string_equal(text, "from outside");
    memory_free(text);
}

static void the_reserve_is_used_again_when_all_of_it_is_free(void **state) {
    (void)state;
    is_full = true;
    for (int i = 0; i < 10; i++) {
        void *half = memory_allocate(600 * 1024);
        assert_non_null(half);
        assert_null(memory_allocate(600 * 1024));
        memory_free(half);
    }
    assert_null(memory_allocate(SIZE_MAX));
    assert_null(memory_allocate_cleared(SIZE_MAX / 2, 3));
}

static void a_failure_that_was_noted_is_reported_from_then_on(void **state) {
    (void)state;
    struct error error = {0};
    assert_int_equal(memory_check(&error), 0);
    memory_note_failure();
    assert_int_equal(memory_check(&error), -1);
    assert_int_equal(error.code, ERROR_MEMORY);
    assert_int_equal(memory_check(&error), -1);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(what_has_no_room_is_taken_from_the_reserve, make_room),
        cmocka_unit_test_teardown(what_has_room_is_not, make_room),
        cmocka_unit_test_teardown(a_piece_that_grows_keeps_its_content, make_room),
        cmocka_unit_test_teardown(the_reserve_is_used_again_when_all_of_it_is_free, make_room),
        cmocka_unit_test(a_failure_that_was_noted_is_reported_from_then_on),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
