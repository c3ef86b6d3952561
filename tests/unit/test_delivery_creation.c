/* Who made a record, by the target's own clock, however far that is from ours. */
#include "delivery/creation.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "base/clock.h"

#define MS CLOCK_MILLISECOND
#define MINUTE (60 * CLOCK_SECOND)

/* Our clock when the first request left, and the target's then. */
#define OURS (INT64_C(5000) * CLOCK_SECOND)
#define THEIRS (INT64_C(1767323045) * CLOCK_SECOND + 123 * MS)

/* A request that left so long after the first, and took so long. */
static struct exchange make_exchange(int64_t after, int64_t duration) {
    return (struct exchange){.began = OURS + after, .duration = duration};
}

/* Known from a record that was made 3 ms after its request had left. */
static struct creation_clock make_clock(void) {
    struct creation_clock clock = {0};
    const struct exchange exchange = make_exchange(0, 10 * MS);
    creation_learn(&clock, &exchange, THEIRS + 3 * MS);
    assert_true(clock.is_known);
    return clock;
}

static void nothing_is_concluded_from_a_clock_that_is_not_known(void **state) {
    struct creation_clock clock = {0};
    const struct exchange exchange = make_exchange(0, 10 * MS);
    (void)state;
    assert_int_equal(creation_judge(&clock, &exchange, THEIRS), CREATED_UNKNOWN);
}

static void a_record_is_recognized_by_the_time_since_another_one(void **state) {
    static const struct {
        int64_t age; /* when it was made, before its request left */
        enum creation creation;
        bool is_known_afterwards;
    } cases[] = {
        {-2 * MS, CREATED_BY_IT, true},    {-10 * MS, CREATED_BY_IT, true},
        {200 * MS, CREATED_BEFORE, false}, {5 * MINUTE, CREATED_BEFORE, false},
        {-MINUTE, CREATED_UNKNOWN, false},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct creation_clock clock = make_clock();
        const struct exchange exchange = make_exchange(MINUTE, 10 * MS);
        int64_t created = THEIRS + MINUTE - cases[i].age;
        assert_int_equal(creation_judge(&clock, &exchange, created), cases[i].creation);
        assert_int_equal(clock.is_known, cases[i].is_known_afterwards);
    }
}

static void a_record_without_a_moment_shows_nothing(void **state) {
    struct creation_clock clock = make_clock();
    const struct exchange exchange = make_exchange(MINUTE, 10 * MS);
    (void)state;
    assert_int_equal(creation_judge(&clock, &exchange, -1), CREATED_UNKNOWN);
}

static void what_is_too_rough_is_not_learned(void **state) {
    static const struct {
        int64_t duration;
        int64_t created;
    } cases[] = {{CLOCK_SECOND, THEIRS}, {10 * MS, THEIRS - 123 * MS}, {10 * MS, -1}};
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct creation_clock clock = {0};
        const struct exchange exchange = make_exchange(0, cases[i].duration);
        creation_learn(&clock, &exchange, cases[i].created);
        assert_false(clock.is_known);
    }
}

static void
several_records_make_it_more_exact_and_a_clock_that_was_put_is_learned_anew(void **state) {
    struct creation_clock clock = make_clock();
    struct exchange exchange = make_exchange(MINUTE, 20 * MS);
    (void)state;
    creation_learn(&clock, &exchange, THEIRS + MINUTE + MS);
    assert_int_equal(clock.most - (THEIRS - OURS), MS);
    assert_int_equal(clock.least - (THEIRS - OURS), -7 * MS);
    creation_learn(&clock, &exchange, THEIRS + 10 * MINUTE + MS);
    assert_int_equal(clock.most - (THEIRS - OURS), 9 * MINUTE + MS);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_is_concluded_from_a_clock_that_is_not_known),
        cmocka_unit_test(a_record_is_recognized_by_the_time_since_another_one),
        cmocka_unit_test(a_record_without_a_moment_shows_nothing),
        cmocka_unit_test(what_is_too_rough_is_not_learned),
        cmocka_unit_test(
            several_records_make_it_more_exact_and_a_clock_that_was_put_is_learned_anew),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
