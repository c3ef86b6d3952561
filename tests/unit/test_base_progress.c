#define _DEFAULT_SOURCE /* openpty */
#include <fcntl.h>
#include <pty.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/log.h"
#include "base/progress.h"

/* The moment of the last write is set to an hour ago, so that the next one is due, or to an hour
 * ahead, so that none is: how fast the test runs does not matter. */
#define HOUR INT64_C(3600000000)

/* A stand-in for stderr: what is written there comes out at `reader`. */
struct listener {
    int reader;
    int kept_stderr;
    char heard[8192];
};

static void listen_to(struct listener *listener, int reader, int writer) {
    *listener = (struct listener){.reader = reader, .kept_stderr = dup(STDERR_FILENO)};
    assert_int_equal(dup2(writer, STDERR_FILENO), STDERR_FILENO);
    close(writer);
}

static void listen_to_pipe(struct listener *listener) {
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    listen_to(listener, ends[0], ends[1]);
}

static void listen_to_terminal(struct listener *listener, unsigned short columns) {
    int reader = -1;
    int writer = -1;
    struct winsize size = {.ws_row = 24, .ws_col = columns};
    assert_int_equal(openpty(&reader, &writer, NULL, NULL, &size), 0);
    setenv("TERM", "xterm", 1);
    listen_to(listener, reader, writer);
}

/* Gives stderr back, so that a test's own failure can be seen, and collects what was written. */
static const char *stop_listening(struct listener *listener) {
    size_t length = 0;
    fcntl(listener->reader, F_SETFL, O_NONBLOCK);
    for (ssize_t bytes = 1; bytes > 0 && length < sizeof listener->heard - 1;) {
        bytes =
            read(listener->reader, listener->heard + length, sizeof listener->heard - 1 - length);
        length += bytes > 0 ? (size_t)bytes : 0;
    }
    dup2(listener->kept_stderr, STDERR_FILENO);
    close(listener->kept_stderr);
    close(listener->reader);
    return listener->heard;
}

static size_t count_of(const char *text, char character) {
    size_t count = 0;
    for (; *text != '\0'; text++) {
        count += *text == character;
    }
    return count;
}

static void make_due(struct progress *progress) {
    progress->written = progress->started - HOUR;
}

static void make_early(struct progress *progress) {
    progress->written = progress->started + HOUR;
}

static int reset_level(void **state) {
    (void)state;
    log_set_level(LOG_NORMAL);
    return 0;
}

static void a_warning_is_one_line(void **state) {
    (void)state;
    struct listener listener;
    listen_to_pipe(&listener);
    log_warning("TLS is not verified: %s", "--insecure");
    assert_string_equal(stop_listening(&listener), "warning: TLS is not verified: --insecure\n");
}

static void the_level_decides_what_is_reported(void **state) {
    (void)state;
    struct listener listener;
    listen_to_pipe(&listener);
    log_verbose("not told");
    log_set_level(LOG_VERBOSE);
    log_verbose("told");
    log_set_level(LOG_QUIET);
    log_warning("not told");
    log_info("not told");
    assert_string_equal(stop_listening(&listener), "told\n");
}

static void a_line_too_long_is_cut_and_still_ends(void **state) {
    (void)state;
    struct listener listener;
    listen_to_pipe(&listener);
    log_info("%010000d", 1);
    const char *heard = stop_listening(&listener);
    assert_in_range(strlen(heard), 4000, 4096);
    assert_int_equal(heard[strlen(heard) - 1], '\n');
}

static void short_work_leaves_no_progress_line(void **state) {
    (void)state;
    struct listener listener;
    struct progress progress;
    listen_to_terminal(&listener, 80);
    progress_begin(&progress, "users", 2);
    make_early(&progress);
    progress_update(&progress, 1, NULL);
    progress_update(&progress, 2, NULL);
    progress_end(&progress);
    assert_string_equal(stop_listening(&listener), "");
}

static void a_terminal_shows_one_line_that_is_rewritten(void **state) {
    (void)state;
    struct listener listener;
    struct progress progress;
    listen_to_terminal(&listener, 100);
    progress_begin(&progress, "campaigns", 10000);
    progress.rate.marks[0].moment -= HOUR; /* there is a rate only after some time */
    make_due(&progress);
    progress_update(&progress, 1234, "4 at a time");
    const char *heard = stop_listening(&listener);
    assert_memory_equal(heard, "\rcampaigns  1234/10000  12%  [###", 30);
    assert_non_null(strstr(heard, "/s  "));
    assert_non_null(strstr(heard, " left  4 at a time\033[K"));
    assert_int_equal(count_of(heard, '\n'), 0);
}

/* 3600 in the first nine hours, 72000 in the last one; 72000 are left. */
static void the_rate_and_the_time_left_are_those_of_the_last_seconds(void **state) {
    (void)state;
    struct listener listener;
    struct progress progress;
    listen_to_terminal(&listener, 100);
    progress_begin(&progress, "campaigns", 3600 + 2 * 72000);
    progress.started -= 10 * HOUR;
    progress.rate = (struct rate){0};
    rate_note(&progress.rate, progress.started, 0);
    rate_note(&progress.rate, progress.started + 9 * HOUR, 3600);
    make_due(&progress);
    progress_update(&progress, 3600 + 72000, NULL);
    assert_non_null(strstr(stop_listening(&listener), "  20/s  1:00:"));
}

static void at_the_end_the_rate_is_the_mean(void **state) {
    (void)state;
    struct listener listener;
    struct progress progress;
    listen_to_terminal(&listener, 100);
    progress_begin(&progress, "users", 72000);
    progress.started -= HOUR;
    make_due(&progress);
    progress_update(&progress, 72000, NULL);
    progress_end(&progress);
    assert_non_null(strstr(stop_listening(&listener), "  20/s  in 1:00:"));
}

static void the_end_shows_the_last_figures_once(void **state) {
    (void)state;
    struct listener listener;
    struct progress progress;
    listen_to_terminal(&listener, 100);
    progress_begin(&progress, "users", 10);
    make_due(&progress);
    progress_update(&progress, 9, NULL);
    make_early(&progress);
    progress_update(&progress, 10, NULL);
    progress_end(&progress);
    progress_end(&progress);
    const char *heard = stop_listening(&listener);
    assert_int_equal(count_of(heard, '\n'), 1);
    assert_non_null(strstr(heard, "users  10/10  100%"));
}

static void updates_are_many_and_writes_are_few(void **state) {
    (void)state;
    struct listener listener;
    struct progress progress;
    listen_to_terminal(&listener, 60);
    progress_begin(&progress, "users", 0);
    make_due(&progress);
    progress_update(&progress, 1, NULL);
    make_early(&progress);
    for (uint64_t done = 2; done < 10000; done++) {
        progress_update(&progress, done, NULL);
    }
    make_due(&progress);
    progress_update(&progress, 10000, NULL);
    assert_int_equal(count_of(stop_listening(&listener), 'K'), 2);
}

static void the_line_is_no_wider_than_the_terminal(void **state) {
    (void)state;
    for (unsigned short columns = 1; columns < 120; columns++) {
        struct listener listener;
        struct progress progress;
        listen_to_terminal(&listener, columns);
        progress_begin(&progress, "campaigns", 10000);
        make_due(&progress);
        progress_update(&progress, 5000, "4 at a time");
        const char *heard = stop_listening(&listener);
        assert_in_range(strlen(heard), 4, strlen("\r\033[K") + columns - 1u);
    }
}

static void an_unknown_total_has_neither_bar_nor_time_left(void **state) {
    (void)state;
    struct listener listener;
    struct progress progress;
    listen_to_terminal(&listener, 100);
    progress_begin(&progress, "rows", 0);
    make_due(&progress);
    progress_update(&progress, 5000, NULL);
    const char *heard = stop_listening(&listener);
    assert_memory_equal(heard, "\rrows  5000  ", 13);
    assert_null(strchr(heard, '%'));
    assert_null(strstr(heard, "left"));
}

static void a_log_line_clears_the_progress_line_first(void **state) {
    (void)state;
    struct listener listener;
    struct progress progress;
    listen_to_terminal(&listener, 100);
    progress_begin(&progress, "users", 10);
    make_due(&progress);
    progress_update(&progress, 5, NULL);
    log_info("one");
    log_info("two");
    progress_end(&progress);
    const char *heard = stop_listening(&listener);
    assert_non_null(strstr(heard, "\033[K\r\033[Kone\r\ntwo\r\n\rusers"));
}

static void elsewhere_than_on_a_terminal_lines_are_plain_and_rare(void **state) {
    (void)state;
    struct listener listener;
    struct progress progress;
    listen_to_pipe(&listener);
    progress_begin(&progress, "users", 10);
    make_early(&progress);
    progress_update(&progress, 4, NULL);
    make_due(&progress);
    progress_update(&progress, 5, "2 at a time");
    make_early(&progress);
    progress_update(&progress, 6, NULL);
    progress_end(&progress);
    const char *heard = stop_listening(&listener);
    assert_memory_equal(heard, "users  5/10  50%  ", 18);
    assert_int_equal(count_of(heard, '\n'), 1);
    assert_null(strpbrk(heard, "\r\033[#"));
}

static void a_quiet_program_shows_no_progress(void **state) {
    (void)state;
    struct listener listener;
    struct progress progress;
    listen_to_terminal(&listener, 100);
    log_set_level(LOG_QUIET);
    progress_begin(&progress, "users", 10);
    make_due(&progress);
    progress_update(&progress, 5, NULL);
    progress_end(&progress);
    assert_string_equal(stop_listening(&listener), "");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(a_warning_is_one_line, reset_level),
        cmocka_unit_test_teardown(the_level_decides_what_is_reported, reset_level),
        cmocka_unit_test_teardown(a_line_too_long_is_cut_and_still_ends, reset_level),
        cmocka_unit_test_teardown(short_work_leaves_no_progress_line, reset_level),
        cmocka_unit_test_teardown(a_terminal_shows_one_line_that_is_rewritten, reset_level),
        cmocka_unit_test_teardown(the_rate_and_the_time_left_are_those_of_the_last_seconds,
                                  reset_level),
        cmocka_unit_test_teardown(at_the_end_the_rate_is_the_mean, reset_level),
        cmocka_unit_test_teardown(the_end_shows_the_last_figures_once, reset_level),
        cmocka_unit_test_teardown(updates_are_many_and_writes_are_few, reset_level),
        cmocka_unit_test_teardown(the_line_is_no_wider_than_the_terminal, reset_level),
        cmocka_unit_test_teardown(an_unknown_total_has_neither_bar_nor_time_left, reset_level),
        cmocka_unit_test_teardown(a_log_line_clears_the_progress_line_first, reset_level),
        cmocka_unit_test_teardown(elsewhere_than_on_a_terminal_lines_are_plain_and_rare,
                                  reset_level),
        cmocka_unit_test_teardown(a_quiet_program_shows_no_progress, reset_level),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
