/* When a look-up after a lost answer can be believed; and how long the target gets no requests. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "delivery/pace.h"
#include "delivery/settlement.h"

#define SECOND INT64_C(1000000)

static int64_t find(struct settlement *settlement, const struct task *task) {
    struct error error = {0};
    int64_t moment = -1;
    assert_int_equal(settlement_find(settlement, NULL, task, &moment, &error), 0);
    return moment;
}

static void note(struct settlement *settlement, enum exchange_end end, int64_t duration) {
    settlement_note(settlement, &(struct exchange){.end = end, .duration = duration});
}

static void nothing_is_waited_for_where_no_request_was_lost(void **state) {
    (void)state;
    struct settlement settlement = {.least = 30 * SECOND};
    assert_int_equal(find(&settlement, &(struct task){.uncertain_at = 5}), 0);
}

static void the_time_is_counted_from_the_request(void **state) {
    (void)state;
    struct settlement settlement = {.least = 30 * SECOND, .is_loaded = true};
    const struct task task = {.uncertainty = {.is_open = true}, .uncertain_at = 5 * SECOND};
    assert_int_equal(find(&settlement, &task), 35 * SECOND);
}

static void it_is_twice_the_longest_exchange_where_that_is_more(void **state) {
    (void)state;
    struct settlement settlement = {.least = 30 * SECOND, .is_loaded = true};
    const struct task task = {.uncertainty = {.is_open = true}, .uncertain_at = 5 * SECOND};
    note(&settlement, EXCHANGE_ANSWERED, 14 * SECOND);
    assert_int_equal(find(&settlement, &task), 35 * SECOND);
    note(&settlement, EXCHANGE_LOST, 60 * SECOND);
    assert_int_equal(find(&settlement, &task), 125 * SECOND);
    note(&settlement, EXCHANGE_ANSWERED, 20 * SECOND);
    assert_int_equal(find(&settlement, &task), 125 * SECOND);
}

static void what_was_not_sent_has_taken_no_time(void **state) {
    (void)state;
    struct settlement settlement = {.is_loaded = true};
    const struct task task = {.uncertainty = {.is_open = true}, .uncertain_at = 5 * SECOND};
    note(&settlement, EXCHANGE_NOT_SENT, 60 * SECOND);
    assert_int_equal(find(&settlement, &task), 5 * SECOND);
}

static void nothing_leaves_while_the_target_asks_to_be_left_alone(void **state) {
    (void)state;
    struct pace pace;
    pace_begin(&pace, 4, 0);
    assert_true(pace_hold(&pace, 10 * SECOND));
    assert_false(pace_take(&pace, 0, 10 * SECOND - 1));
    assert_int_equal(pace_next(&pace), 10 * SECOND);
    assert_true(pace_take(&pace, 0, 10 * SECOND));
}

static void the_latest_moment_that_was_asked_for_counts(void **state) {
    (void)state;
    struct pace pace;
    pace_begin(&pace, 4, 0);
    assert_true(pace_hold(&pace, 10 * SECOND));
    assert_false(pace_hold(&pace, 9 * SECOND));
    assert_true(pace_hold(&pace, 11 * SECOND));
    pace_answered(&pace, SECOND);
    assert_false(pace_take(&pace, 0, 11 * SECOND - 1));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_is_waited_for_where_no_request_was_lost),
        cmocka_unit_test(the_time_is_counted_from_the_request),
        cmocka_unit_test(it_is_twice_the_longest_exchange_where_that_is_more),
        cmocka_unit_test(what_was_not_sent_has_taken_no_time),
        cmocka_unit_test(nothing_leaves_while_the_target_asks_to_be_left_alone),
        cmocka_unit_test(the_latest_moment_that_was_asked_for_counts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
