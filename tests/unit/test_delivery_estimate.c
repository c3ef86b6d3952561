/* How many requests a delivery takes, and how long that is. */
#include "delivery/estimate.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "base/clock.h"
#include "delivery/pace.h"

#define QUICK (20 * CLOCK_MILLISECOND)
#define SLOW (200 * CLOCK_MILLISECOND)

static int64_t count(const struct migration_kind *kind, int64_t documents, int64_t answer_time) {
    const struct migration migration = {.kinds = kind, .kind_count = 1};
    return estimate_requests(&migration, &documents, answer_time);
}

static void a_document_is_one_post(void **state) {
    (void)state;
    const struct migration_kind plain = {.name = "tickets"};
    assert_int_equal(count(&plain, 143, SLOW), 143);
}

/* No record in a slow answer shows the target's clock well enough. */
static void a_slow_target_that_answers_with_old_records_is_asked_before_each_post(void **state) {
    (void)state;
    const struct migration_kind users = {.name = "users", .answers_with_old = true};
    assert_int_equal(count(&users, 40, SLOW), 80);
    assert_int_equal(count(&users, 40, QUICK), 40);
}

static void what_the_answer_does_not_show_is_read_after_the_post(void **state) {
    (void)state;
    const struct migration_kind tickets = {.name = "tickets", .confirming_requests = 3};
    assert_int_equal(count(&tickets, 10, QUICK), 40);
}

static void all_kinds_count(void **state) {
    (void)state;
    const struct migration_kind kinds[] = {{.name = "users"},
                                           {.name = "tickets", .confirming_requests = 1}};
    const struct migration migration = {.kinds = kinds, .kind_count = 2};
    const int64_t open[] = {5, 7};
    assert_int_equal(estimate_requests(&migration, open, QUICK), 5 + 2 * 7);
}

static void requests_at_a_time_share_the_time(void **state) {
    (void)state;
    assert_int_equal(estimate_time(80, SLOW, 4, 0), 4 * CLOCK_SECOND);
}

static void a_limit_of_the_rate_counts_where_it_is_slower(void **state) {
    (void)state;
    assert_int_equal(estimate_time(80, SLOW, 4, 10), 8 * CLOCK_SECOND);
    assert_int_equal(estimate_time(80, SLOW, 4, 100), 4 * CLOCK_SECOND);
}

static void the_automatic_number_of_requests_begins_with_two(void **state) {
    (void)state;
    assert_int_equal(estimate_jobs(PACE_AUTO), 2);
    assert_int_equal(estimate_jobs(7), 7);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_document_is_one_post),
        cmocka_unit_test(a_slow_target_that_answers_with_old_records_is_asked_before_each_post),
        cmocka_unit_test(what_the_answer_does_not_show_is_read_after_the_post),
        cmocka_unit_test(all_kinds_count),
        cmocka_unit_test(requests_at_a_time_share_the_time),
        cmocka_unit_test(a_limit_of_the_rate_counts_where_it_is_slower),
        cmocka_unit_test(the_automatic_number_of_requests_begins_with_two),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
