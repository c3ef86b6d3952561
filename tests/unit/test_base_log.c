#define _POSIX_C_SOURCE 200809L /* dup2, pipe */
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>
#include <jansson.h>

#include "base/log.h"
#include "base/progress.h"

/* What is written to stderr while a test listens. */
static int reader;
static int kept_stderr;
static char heard[16384];

static int listen_in_json(void **state) {
    (void)state;
    int ends[2];
    if (pipe(ends) != 0) {
        return -1;
    }
    reader = ends[0];
    kept_stderr = dup(STDERR_FILENO);
    dup2(ends[1], STDERR_FILENO);
    close(ends[1]);
    log_set_level(LOG_NORMAL);
    log_set_format(LOG_JSON);
    log_set_verb("apply");
    return 0;
}

static int stop_listening(void **state) {
    (void)state;
    dup2(kept_stderr, STDERR_FILENO);
    close(kept_stderr);
    close(reader);
    log_set_format(LOG_TEXT);
    return 0;
}

/* All that was written since; the test's own failure has to be seen. */
static const char *hear(void) {
    fcntl(reader, F_SETFL, O_NONBLOCK);
    ssize_t length = read(reader, heard, sizeof heard - 1);
    heard[length > 0 ? length : 0] = '\0';
    return heard;
}

/* The one object of the one line that was written. */
static json_t *hear_object(void) {
    const char *line = hear();
    json_error_t error;
    json_t *object = json_loads(line, 0, &error);
    if (object == NULL || strchr(line, '\n') != line + strlen(line) - 1) {
        fail_msg("%s: %s", error.text, line);
    }
    return object;
}

static void assert_member(const json_t *object, const char *name, const char *expected) {
    assert_string_equal(json_string_value(json_object_get(object, name)), expected);
}

static void a_message_is_an_object_with_time_level_and_verb(void **state) {
    (void)state;
    log_warning("TLS is not verified: %s", "--insecure");
    json_t *object = hear_object();
    assert_member(object, "level", "warning");
    assert_member(object, "verb", "apply");
    assert_member(object, "message", "TLS is not verified: --insecure");
    const char *time = json_string_value(json_object_get(object, "time"));
    assert_int_equal(strlen(time), strlen("2026-11-24T04:53:58.373Z"));
    assert_int_equal(time[23], 'Z');
    assert_int_equal(json_object_size(object), 4);
    json_decref(object);
}

static void line_breaks_quotes_and_controls_stay_inside_the_line(void **state) {
    (void)state;
    log_info("a\nb \"c\" \x1b[1m\\ \xff");
    json_t *object = hear_object();
    assert_member(object, "message", "a\nb \"c\" \x1b[1m\\ \xEF\xBF\xBD");
    json_decref(object);
}

static void a_message_that_is_too_long_is_cut_and_still_an_object(void **state) {
    (void)state;
    static char large[9000];
    memset(large, 'x', sizeof large - 1);
    log_info("%s", large);
    json_t *object = hear_object();
    assert_in_range(json_string_length(json_object_get(object, "message")), 4000, 4096);
    json_decref(object);
}

static void fields_are_next_to_the_message(void **state) {
    (void)state;
    const struct log_field fields[] = {
        {"kind", span_of("campaigns"), 0}, {"status", {0}, 503}, {"key", span_of(""), 0}};
    log_set_level(LOG_VERBOSE);
    log_verbose_about(fields, 3, "campaign: %d", 503);
    json_t *object = hear_object();
    assert_member(object, "level", "debug");
    assert_member(object, "kind", "campaigns");
    assert_member(object, "key", "");
    assert_int_equal(json_integer_value(json_object_get(object, "status")), 503);
    json_decref(object);
}

static void an_error_has_its_code_and_the_exit_status(void **state) {
    (void)state;
    struct error error = {0};
    error_set(&error, ERROR_SESSION, "401: sign in\nagain");
    log_set_level(LOG_QUIET);
    log_error(&error, 4, NULL);
    json_t *object = hear_object();
    assert_member(object, "level", "error");
    assert_member(object, "event", "error");
    assert_member(object, "code", "session");
    assert_member(object, "message", "401: sign in\nagain");
    assert_int_equal(json_integer_value(json_object_get(object, "exit_status")), 4);
    json_decref(object);
}

static void the_ending_of_an_error_is_its_fields(void **state) {
    (void)state;
    const struct log_field fields[] = {{"next", span_of("rowpost apply"), 0}};
    const struct log_ending ending = {"Next: rowpost apply", fields, 1};
    struct error error = {0};
    error_set(&error, ERROR_TARGET, "no answer");
    log_error(&error, 3, &ending);
    json_t *object = hear_object();
    assert_member(object, "message", "no answer");
    assert_member(object, "next", "rowpost apply");
    json_decref(object);
}

static void as_text_the_ending_of_an_error_is_the_last_line_however_long(void **state) {
    (void)state;
    char line[2 * 4096 + 1];
    memset(line, 'x', sizeof line - 1);
    line[sizeof line - 1] = '\0';
    struct error error = {0};
    error_set(&error, ERROR_TARGET, "no answer");
    log_set_format(LOG_TEXT);
    log_error(&error, 3, &(struct log_ending){.line = line});
    const char *shown = hear();
    static const char first[] = "rowpost: no answer\n";
    assert_memory_equal(shown, first, sizeof first - 1);
    assert_memory_equal(shown + sizeof first - 1, line, sizeof line - 1);
    assert_string_equal(shown + sizeof first - 1 + sizeof line - 1, "\n");
}

static void the_end_has_the_exit_status_and_the_time_that_it_took(void **state) {
    (void)state;
    log_end(1, 2500000);
    json_t *object = hear_object();
    assert_member(object, "event", "end");
    assert_int_equal(json_integer_value(json_object_get(object, "exit_status")), 1);
    assert_int_equal(json_integer_value(json_object_get(object, "microseconds")), 2500000);
    json_decref(object);
}

static void progress_is_an_object_with_its_figures(void **state) {
    (void)state;
    log_progress("campaigns", 12, 54, 3.14159, "4 at a time");
    json_t *object = hear_object();
    assert_member(object, "event", "progress");
    assert_member(object, "of", "campaigns");
    assert_member(object, "message", "campaigns: 12 of 54");
    assert_member(object, "note", "4 at a time");
    assert_int_equal(json_integer_value(json_object_get(object, "done")), 12);
    assert_int_equal(json_integer_value(json_object_get(object, "total")), 54);
    assert_true(json_real_value(json_object_get(object, "rate")) == 3.1);
    json_decref(object);
}

static void a_total_that_is_not_known_is_null(void **state) {
    (void)state;
    log_progress("rows", 1024, 0, 0, NULL);
    json_t *object = hear_object();
    assert_true(json_is_null(json_object_get(object, "total")));
    assert_true(json_is_null(json_object_get(object, "note")));
    json_decref(object);
}

static void the_progress_line_shows_its_end_once(void **state) {
    (void)state;
    struct progress progress;
    progress_begin(&progress, "campaigns", 2);
    progress_update(&progress, 2, NULL);
    progress_end(&progress);
    progress_end(&progress);
    json_t *object = hear_object();
    assert_member(object, "message", "campaigns: 2 of 2");
    json_decref(object);
}

static void quiet_leaves_errors_alone(void **state) {
    (void)state;
    log_set_level(LOG_QUIET);
    log_warning("x");
    log_info("x");
    log_verbose("x");
    log_verbose_about(NULL, 0, "x");
    log_progress("x", 1, 2, 3, NULL);
    log_end(0, 0);
    assert_string_equal(hear(), "");
}

static void as_text_an_error_is_a_plain_line_and_the_rest_is_silent(void **state) {
    (void)state;
    struct error error = {0};
    error_set(&error, ERROR_USAGE, "no verb");
    log_set_format(LOG_TEXT);
    log_error(&error, 2, NULL);
    log_end(2, 0);
    log_progress("x", 1, 2, 3, NULL);
    assert_string_equal(hear(), "rowpost: no verb\n");
}

#define LISTENING(test) cmocka_unit_test_setup_teardown(test, listen_in_json, stop_listening)

int main(void) {
    const struct CMUnitTest tests[] = {
        LISTENING(a_message_is_an_object_with_time_level_and_verb),
        LISTENING(line_breaks_quotes_and_controls_stay_inside_the_line),
        LISTENING(a_message_that_is_too_long_is_cut_and_still_an_object),
        LISTENING(fields_are_next_to_the_message),
        LISTENING(an_error_has_its_code_and_the_exit_status),
        LISTENING(the_ending_of_an_error_is_its_fields),
        LISTENING(as_text_the_ending_of_an_error_is_the_last_line_however_long),
        LISTENING(the_end_has_the_exit_status_and_the_time_that_it_took),
        LISTENING(progress_is_an_object_with_its_figures),
        LISTENING(a_total_that_is_not_known_is_null),
        LISTENING(the_progress_line_shows_its_end_once),
        LISTENING(quiet_leaves_errors_alone),
        LISTENING(as_text_an_error_is_a_plain_line_and_the_rest_is_silent),
    };
    return cmocka_run_group_tests_name("base_log", tests, NULL, NULL);
}
