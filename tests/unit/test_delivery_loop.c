/* How much of the documents that wait to leave is kept in memory. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "delivery/loop.h"

static const struct migration_kind kind = {.name = "campaigns", .noun = "campaign"};

static struct task *make_task(size_t size) {
    struct error error = {0};
    struct text body = {0};
    text_reserve(&body, size);
    for (size_t i = 0; i < size; i++) {
        text_append_char(&body, 'x');
    }
    const struct selected_document document = {
        .id = 1, .key = span_of("anna"), .body = text_span(&body)};
    struct task *task = task_create(&kind, STEP_POST, &document, &error);
    assert_non_null(task);
    text_free(&body);
    return task;
}

static void bodies_that_wait_take_room_until_they_leave(void **state) {
    (void)state;
    struct loop loop = {0};
    size_t room = loop_room_for_bodies(&loop);
    dispatch_add(&loop.dispatch, make_task(1000));
    dispatch_add_first(&loop.dispatch, make_task(200));
    dispatch_delay(&loop.dispatch, make_task(30));
    loop_mark(&loop, make_task(4));
    assert_int_equal(room - loop_room_for_bodies(&loop), 1234);
    task_free(task_list_take(&loop.dispatch.ready));
    task_free(task_list_take(&loop.dispatch.delayed));
    task_free(task_list_take(&loop.marked));
    assert_int_equal(room - loop_room_for_bodies(&loop), 1000);
    dispatch_free(&loop.dispatch);
    assert_int_equal(room, loop_room_for_bodies(&loop));
}

static void a_body_that_is_larger_than_the_room_leaves_none(void **state) {
    (void)state;
    struct loop loop = {0};
    dispatch_add(&loop.dispatch, make_task(loop_room_for_bodies(&loop) + 1));
    assert_int_equal(loop_room_for_bodies(&loop), 0);
    dispatch_free(&loop.dispatch);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bodies_that_wait_take_room_until_they_leave),
        cmocka_unit_test(a_body_that_is_larger_than_the_room_leaves_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
