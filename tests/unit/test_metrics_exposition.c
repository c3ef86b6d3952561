/* The text format of metrics. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "metrics/exposition.h"

static void test_a_family_without_labels(void **state) {
    (void)state;
    struct text out = {0};
    exposition_begin(&out, "rowpost_jobs", "gauge", "Requests at a time.");
    exposition_add(&out, "rowpost_jobs", NULL, 0, 4);
    assert_string_equal(text_string(&out), "# HELP rowpost_jobs Requests at a time.\n"
                                           "# TYPE rowpost_jobs gauge\n"
                                           "rowpost_jobs 4\n");
    text_free(&out);
}

static void test_quotes_and_line_feeds_in_a_label_are_escaped(void **state) {
    (void)state;
    struct text out = {0};
    const struct exposition_label labels[] = {{"kind", span_of("a\"b\\c\nd")},
                                              {"state", span_of("")}};
    exposition_add(&out, "x", labels, 2, -1);
    assert_string_equal(text_string(&out), "x{kind=\"a\\\"b\\\\c\\nd\",state=\"\"} -1\n");
    text_free(&out);
}

static void test_microseconds_are_written_in_seconds(void **state) {
    (void)state;
    struct text out = {0};
    exposition_add_seconds(&out, "x", NULL, 0, 1700000000000050);
    assert_string_equal(text_string(&out), "x 1700000000.000050\n");
    text_free(&out);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_family_without_labels),
        cmocka_unit_test(test_quotes_and_line_feeds_in_a_label_are_escaped),
        cmocka_unit_test(test_microseconds_are_written_in_seconds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
