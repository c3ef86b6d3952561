/* A document that waits for another record, as the pages show it. */
#define _POSIX_C_SOURCE 200809L /* open_memstream */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "report/html_sections_private.h"

static void each_standing_has_words(void **state) {
    (void)state;
    for (enum standing standing = 0; standing < STANDING_COUNT; standing++) {
        assert_false(span_is_empty(html_standing_words(standing)));
    }
}

static void the_figures_count_a_document_that_waits_as_not_sent(void **state) {
    (void)state;
    struct summary_kind kind = {.name = span_of("users"), .documents = 3};
    kind.states[STATE_DELIVERED] = 1;
    kind.states[STATE_WAITING] = 2;
    const struct summary summary = {.kinds = &kind, .kind_count = 1};
    char *written = NULL;
    size_t size = 0;
    struct error error = {0};
    struct report report = {.out = open_memstream(&written, &size)};
    struct html html = html_begin(&report);
    html_write_figures(&html, &summary);
    assert_int_equal(html_end(&html, &error), 0);
    fclose(report.out);
    assert_non_null(strstr(written,
                           "<th scope=\"col\">Documents</th><th scope=\"col\">Delivered</th>"
                           "<th scope=\"col\">Not sent</th></tr>"));
    assert_non_null(strstr(written, "users</th><td>3</td><td>1</td><td>2</td></tr>"));
    free(written);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_standing_has_words),
        cmocka_unit_test(the_figures_count_a_document_that_waits_as_not_sent),
    };
    return cmocka_run_group_tests_name("report_waiting", tests, NULL, NULL);
}
