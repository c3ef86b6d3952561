#define _POSIX_C_SOURCE 200809L /* mkdtemp, dirfd */
#include "base/date.h"
#include "report/history.h"
#include "workspace_fixture.h"

#define SECOND INT64_C(1000000)

/* Attempts are written as a delivery writes them: in the order of their ends. */
static void add(struct workspace *workspace, const char *started, int64_t duration,
                const char *purpose, const char *outcome) {
    char sql[512];
    snprintf(sql, sizeof sql,
             "INSERT INTO attempt (document, purpose, started, duration_us, status, outcome)"
             " VALUES (1, '%s', '%s', %lld, 200, '%s')",
             purpose, started, (long long)duration, outcome);
    change(workspace, sql);
}

static struct history load(struct workspace *workspace) {
    struct error error = {0};
    struct history history;
    if (history_load(workspace, &history, &error) != 0) {
        fail_msg("%s", error.message);
    }
    workspace_close(workspace);
    return history;
}

static void nothing_was_sent(void **state) {
    (void)state;
    struct history history = load(open_it());
    assert_int_equal(history.count, 0);
}

static void attempts_count_in_the_slice_in_which_they_ended(void **state) {
    (void)state;
    struct workspace *workspace = open_it();
    add(workspace, "2026-11-24T04:00:00.050Z", 10000, "post", "delivered");
    add(workspace, "2026-11-24T04:00:00.060Z", 10000, "post", "refused");
    add(workspace, "2026-11-24T04:00:01.050Z", 20000, "verify", "equal so far");
    add(workspace, "2026-11-24T04:00:01.080Z", 20000, "verify", "equal");
    struct history history = load(workspace);
    assert_int_equal(history.count, 1);
    const struct history_sitting *sitting = &history.sittings[0];
    assert_int_equal(sitting->width, SECOND / 10);
    assert_int_equal(sitting->attempts, 4);
    assert_int_equal(sitting->slice_count, 12);
    assert_int_equal(sitting->slices[0].delivered, 1);
    assert_int_equal(sitting->slices[0].troubles, 1);
    assert_int_equal(sitting->slices[10].read_back, 0);
    assert_int_equal(sitting->slices[11].read_back, 1);
}

static void ten_quiet_minutes_begin_a_sitting(void **state) {
    (void)state;
    struct workspace *workspace = open_it();
    add(workspace, "2026-11-24T04:00:00.000Z", 1000, "post", "delivered");
    add(workspace, "2026-11-24T04:09:00.000Z", 1000, "post", "delivered");
    add(workspace, "2026-11-24T04:30:00.000Z", 1000, "post", "delivered");
    struct history history = load(workspace);
    assert_int_equal(history.count, 2);
    assert_int_equal(history.sittings[0].attempts, 2);
    assert_int_equal(history.sittings[1].attempts, 1);
    assert_int_equal(history.sittings[1].slice_count, 1);
}

static void the_last_sittings_are_kept_and_the_others_counted(void **state) {
    (void)state;
    struct workspace *workspace = open_it();
    for (int day = 1; day <= HISTORY_SITTINGS + 3; day++) {
        char started[32];
        snprintf(started, sizeof started, "2026-11-%02dT04:00:00.000Z", day);
        add(workspace, started, 1000, "post", "delivered");
    }
    struct history history = load(workspace);
    assert_int_equal(history.count, HISTORY_SITTINGS);
    assert_int_equal(history.earlier, 3);
    int64_t moment;
    assert_int_equal(date_parse_moment(span_of("2026-11-04T04:00:00Z"), &moment), 0);
    assert_int_equal(history.sittings[0].begin, moment);
}

static void assert_about(int64_t found, int64_t expected) {
    if (found < expected * 95 / 100 || found > expected * 105 / 100) {
        fail_msg("%lld is not about %lld", (long long)found, (long long)expected);
    }
}

static void answer_times_are_right_to_a_twentieth(void **state) {
    (void)state;
    struct workspace *workspace = open_it();
    for (int i = 1; i <= 100; i++) {
        add(workspace, "2026-11-24T04:00:00.000Z", i * 300, "post", "delivered");
    }
    struct history history = load(workspace);
    assert_int_equal(history.sittings[0].slices[0].answered, 100);
    assert_about(history.sittings[0].slices[0].typical, 50 * 300);
    assert_about(history.sittings[0].slices[0].slow, 90 * 300);
}

static void what_has_no_answer_has_no_answer_time(void **state) {
    (void)state;
    struct workspace *workspace = open_it();
    change(workspace, "INSERT INTO attempt (document, purpose, started, outcome)"
                      " VALUES (1, 'post', '2026-11-24T04:00:00.000Z', 'interrupted')");
    change(workspace, "INSERT INTO attempt (document, purpose, started, outcome)"
                      " VALUES (1, 'post', 'no date', 'delivered')");
    struct history history = load(workspace);
    assert_int_equal(history.count, 1);
    assert_int_equal(history.sittings[0].attempts, 1);
    assert_int_equal(history.sittings[0].slices[0].answered, 0);
    assert_int_equal(history.sittings[0].slices[0].troubles, 1);
}

static void slices_have_round_widths_and_are_enough(void **state) {
    (void)state;
    static const int64_t lengths[] = {0, 1, 59, 60, 3599, 86399, 40000000, INT64_C(100000000000)};
    for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) {
        int64_t width = history_choose_width(0, lengths[i] * SECOND);
        assert_true(lengths[i] * SECOND / width < HISTORY_SLICES);
    }
    assert_int_equal(history_choose_width(0, 100 * SECOND), 2 * SECOND);
    assert_int_equal(history_choose_width(0, 3600 * SECOND), 120 * SECOND);
}

static void centuries_between_begin_and_end_are_cut_too(void **state) {
    (void)state;
    struct workspace *workspace = open_it();
    add(workspace, "2026-01-01T00:00:00.000Z", INT64_C(360) * 86400 * SECOND, "post", "delivered");
    add(workspace, "2026-12-27T00:00:00.000Z", INT64_C(366) * 86400 * SECOND, "post", "delivered");
    add(workspace, "2027-12-20T00:00:00.000Z", INT64_C(366) * 86400 * SECOND, "post", "delivered");
    struct history history = load(workspace);
    assert_int_equal(history.count, 1);
    assert_int_equal(history.sittings[0].attempts, 3);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(nothing_was_sent, empty_folder),
        cmocka_unit_test_teardown(attempts_count_in_the_slice_in_which_they_ended, empty_folder),
        cmocka_unit_test_teardown(ten_quiet_minutes_begin_a_sitting, empty_folder),
        cmocka_unit_test_teardown(the_last_sittings_are_kept_and_the_others_counted, empty_folder),
        cmocka_unit_test_teardown(answer_times_are_right_to_a_twentieth, empty_folder),
        cmocka_unit_test_teardown(what_has_no_answer_has_no_answer_time, empty_folder),
        cmocka_unit_test(slices_have_round_widths_and_are_enough),
        cmocka_unit_test_teardown(centuries_between_begin_and_end_are_cut_too, empty_folder),
    };
    return cmocka_run_group_tests_name("report_history", tests, make_folder, remove_folder);
}
