#define _POSIX_C_SOURCE 200809L /* open_memstream */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "report/html_sections_private.h"
#include "report/html_time_private.h"
#include "report/html_writer_private.h"

/* What a page of one template and its values is. */
static void assert_page(const char *markup, const struct span *values, size_t count,
                        const char *expected) {
    char *written = NULL;
    size_t size = 0;
    struct report report = {.out = open_memstream(&written, &size)};
    struct html html = html_begin(&report);
    html_put_spans(&html, markup, values, count);
    struct error error = {0};
    assert_int_equal(html_end(&html, &error), 0);
    fclose(report.out);
    assert_string_equal(written, expected);
    free(written);
}

#define assert_put(expected, markup, ...)                                                          \
    assert_page(markup, (const struct span[]){__VA_ARGS__},                                        \
                sizeof(const struct span[]){__VA_ARGS__} / sizeof(struct span), expected)

static void values_take_the_places_in_order(void **state) {
    (void)state;
    assert_put("<td title=\"a\">b</td>", "<td title=\"{}\">{}</td>", span_of("a"), span_of("b"));
}

static void values_are_escaped(void **state) {
    (void)state;
    assert_put("<p>&lt;script&gt;alert(&quot;x&quot;) &amp;&amp; 1&lt;/script&gt;</p>", "<p>{}</p>",
               span_of("<script>alert(\"x\") && 1</script>"));
}

static void a_value_cannot_leave_its_attribute(void **state) {
    (void)state;
    assert_put("<p title=\"&quot; onclick=&quot;x\"></p>", "<p title=\"{}\"></p>",
               span_of("\" onclick=\"x"));
}

static void a_value_is_no_template(void **state) {
    (void)state;
    assert_put("{} %s|b", "{}|{}", span_of("{} %s"), span_of("b"));
}

static void null_is_empty_and_controls_are_replaced(void **state) {
    (void)state;
    assert_put("[]\xEF\xBF\xBD\xEF\xBF\xBD", "[{}]{}{}", (struct span){0}, ((struct span){"\0", 1}),
               span_of("\xFF"));
}

static void what_is_long_is_written_in_order(void **state) {
    (void)state;
    enum { TIMES = 20000 };
    char *written = NULL;
    size_t size = 0;
    struct report report = {.out = open_memstream(&written, &size)};
    struct html html = html_begin(&report);
    for (int i = 0; i < TIMES; i++) {
        html_put(&html, "<i>{}</i>", html_number(i));
    }
    struct error error = {0};
    assert_int_equal(html_end(&html, &error), 0);
    fclose(report.out);
    assert_memory_equal(written, "<i>0</i><i>1</i>", 16);
    assert_non_null(strstr(written, "<i>19,998</i><i>19,999</i>"));
    free(written);
}

static void a_file_that_is_full_is_reported_at_the_end(void **state) {
    (void)state;
    struct report report = {.out = fopen("/dev/full", "w")};
    assert_non_null(report.out);
    setvbuf(report.out, NULL, _IONBF, 0);
    struct html html = html_begin(&report);
    html_markup(&html, "<p>");
    struct error error = {0};
    assert_int_equal(html_end(&html, &error), -1);
    assert_int_equal(error.code, ERROR_DISK);
    fclose(report.out);
}

static void assert_number(int64_t number, const char *expected) {
    struct html_number buffer;
    struct span formatted = html_format_number(&buffer, number);
    assert_int_equal(formatted.length, strlen(expected));
    assert_string_equal(formatted.data, expected);
}

static void numbers_are_grouped(void **state) {
    (void)state;
    assert_number(0, "0");
    assert_number(999, "999");
    assert_number(1000, "1,000");
    assert_number(-100, "-100");
    assert_number(-1234567, "-1,234,567");
    assert_number(INT64_MAX, "9,223,372,036,854,775,807");
    assert_number(INT64_MIN, "-9,223,372,036,854,775,808");
}

static void assert_duration(int64_t microseconds, const char *expected) {
    struct html_time time;
    html_format_duration(&time, microseconds);
    assert_string_equal(time.characters, expected);
}

static void durations_are_as_fine_as_they_are_short(void **state) {
    (void)state;
    assert_duration(820, "0.8 ms");
    assert_duration(12400, "12 ms");
    assert_duration(1440000, "1.4 s");
    assert_duration(200000000, "3 min 20 s");
    assert_duration(INT64_C(7500000000), "2 h 5 min");
}

static void moments_are_shown_in_utc(void **state) {
    (void)state;
    struct html_time time;
    struct span stored = html_format_stored(&time, span_of("2026-11-24T04:53:58.373Z"));
    assert_string_equal(stored.data, "2026-11-24 04:53:58 UTC");
    stored = html_format_stored(&time, span_of("yesterday"));
    assert_string_equal(stored.data, "yesterday");
    struct span clock = html_format_tenths(&time, INT64_C(1764060838373000));
    assert_true(span_equal_string(clock, "08:53:58.3"));
}

static void assert_shown(const char *value, const char *expected) {
    struct text shown = {0};
    html_append_without_secrets(&shown, span_of(value));
    assert_string_equal(text_string(&shown), expected);
    text_free(&shown);
}

static void a_setting_without_a_secret_stays(void **state) {
    (void)state;
    assert_shown("", "");
    assert_shown("/srv/legacy.db", "/srv/legacy.db");
    assert_shown("https://valdb.example:8443/x?y=1", "https://valdb.example:8443/x?y=1");
    assert_shown("postgresql://reader@db.example/valdb", "postgresql://reader@db.example/valdb");
}

static void the_secret_of_an_address_is_left_out(void **state) {
    (void)state;
    assert_shown("oracle://reader:tiger@db.example:1521/VAL",
                 "oracle://reader:***@db.example:1521/VAL");
    assert_shown("pg://u:p@ss:w@h/db", "pg://u:***@h/db");
    assert_shown("pg://h/db?password=tiger&ssl=1", "pg://h/db?password=***&ssl=1");
}

static void the_secret_of_a_connection_string_is_left_out(void **state) {
    (void)state;
    assert_shown("odbc:DSN=x;UID=u;PWD=tiger;A=1", "odbc:DSN=x;UID=u;PWD=***;A=1");
    assert_shown("PWD={a;b}c;Password=x", "PWD=***c;Password=***");
    assert_shown("odbc:pwd={open", "odbc:pwd=***");
    assert_shown("//:@//:@//:@", "//:***@//:***@//:***@");
    assert_shown("pwd=;pwd=;pwd=;token=", "pwd=***;pwd=***;pwd=***;token=***");
    assert_shown("thepwd=x", "thepwd=x");
}

static void assert_command(const char *key, const char *expected) {
    struct text command = {0};
    const struct report report = {.program = "./the builds/rowpost"};
    html_append_show_command(&report, span_of("campaigns"), span_of(key), &command);
    assert_string_equal(text_string(&command), expected);
    text_free(&command);
}

static void a_command_can_be_pasted_into_a_shell(void **state) {
    (void)state;
    assert_command("12_5_0", "'./the builds/rowpost' show --kind campaigns 12_5_0");
    assert_command("4_8_3 PU", "'./the builds/rowpost' show --kind campaigns '4_8_3 PU'");
    assert_command("a'; rm -rf ~",
                   "'./the builds/rowpost' show --kind campaigns 'a'\\''; rm -rf ~'");
    assert_command("-x", "'./the builds/rowpost' show --kind campaigns -- -x");
    assert_command("", "'./the builds/rowpost' show --kind campaigns ''");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_take_the_places_in_order),
        cmocka_unit_test(values_are_escaped),
        cmocka_unit_test(a_value_cannot_leave_its_attribute),
        cmocka_unit_test(a_value_is_no_template),
        cmocka_unit_test(null_is_empty_and_controls_are_replaced),
        cmocka_unit_test(what_is_long_is_written_in_order),
        cmocka_unit_test(a_file_that_is_full_is_reported_at_the_end),
        cmocka_unit_test(numbers_are_grouped),
        cmocka_unit_test(durations_are_as_fine_as_they_are_short),
        cmocka_unit_test(moments_are_shown_in_utc),
        cmocka_unit_test(a_setting_without_a_secret_stays),
        cmocka_unit_test(the_secret_of_an_address_is_left_out),
        cmocka_unit_test(the_secret_of_a_connection_string_is_left_out),
        cmocka_unit_test(a_command_can_be_pasted_into_a_shell),
    };
    return cmocka_run_group_tests_name("report_html_writer", tests, NULL, NULL);
}
