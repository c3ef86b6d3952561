#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/rate.h"

#define SECONDS(number) ((int64_t)(number)*CLOCK_SECOND)

/* Work at an even rate, noted ten times a second; returns how many are done in the end. */
static uint64_t work(struct rate *rate, int64_t from, int64_t to, uint64_t done, double a_second) {
    for (int64_t now = from; now <= to; now += CLOCK_SECOND / 10) {
        rate_note(rate, now, done + (uint64_t)((double)(now - from) / CLOCK_SECOND * a_second));
    }
    return done + (uint64_t)((double)(to - from) / CLOCK_SECOND * a_second);
}

static void before_the_first_note_there_is_none(void **state) {
    (void)state;
    const struct rate rate = {0};
    assert_true(rate_per_second(&rate, SECONDS(5), 100) == 0);
}

static void at_first_it_is_the_rate_since_the_beginning(void **state) {
    (void)state;
    struct rate rate = {0};
    uint64_t done = work(&rate, SECONDS(100), SECONDS(104), 0, 50);
    assert_true(rate_per_second(&rate, SECONDS(104), done) == 50);
}

static void a_slow_hour_is_forgotten_after_ten_seconds(void **state) {
    (void)state;
    struct rate rate = {0};
    uint64_t slow = work(&rate, SECONDS(0), SECONDS(3600), 0, 1);
    uint64_t done = work(&rate, SECONDS(3600), SECONDS(3610), slow, 200);
    assert_true(rate_per_second(&rate, SECONDS(3610), done) == 200);
}

static void a_pause_brings_it_down_to_nothing(void **state) {
    (void)state;
    struct rate rate = {0};
    uint64_t done = work(&rate, SECONDS(0), SECONDS(60), 0, 200);
    work(&rate, SECONDS(60), SECONDS(65), done, 0);
    assert_true(rate_per_second(&rate, SECONDS(65), done) == 100);
    work(&rate, SECONDS(65), SECONDS(71), done, 0);
    assert_true(rate_per_second(&rate, SECONDS(71), done) == 0);
}

static void a_time_without_notes_counts_as_a_whole(void **state) {
    (void)state;
    struct rate rate = {0};
    uint64_t done = work(&rate, SECONDS(0), SECONDS(60), 0, 200);
    assert_true(rate_per_second(&rate, SECONDS(160), done + 100) == 1);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(before_the_first_note_there_is_none),
        cmocka_unit_test(at_first_it_is_the_rate_since_the_beginning),
        cmocka_unit_test(a_slow_hour_is_forgotten_after_ten_seconds),
        cmocka_unit_test(a_pause_brings_it_down_to_nothing),
        cmocka_unit_test(a_time_without_notes_counts_as_a_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
