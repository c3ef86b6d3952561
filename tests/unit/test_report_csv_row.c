#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "report/csv_row.h"

/* A row of these cells (NULL ends them) is written as expected. */
static void assert_row(const char *const *cells, const char *expected) {
    struct text out = {0};
    struct csv_row row = csv_row_begin(&out);
    for (; *cells != NULL; cells++) {
        csv_row_add(&row, span_of(*cells));
    }
    csv_row_end(&row);
    assert_string_equal(text_string(&out), expected);
    text_free(&out);
}

#define ASSERT_ROW(expected, ...) assert_row((const char *const[]){__VA_ARGS__, NULL}, expected)

static void cells_are_separated_by_commas_and_end_with_crlf(void **state) {
    (void)state;
    ASSERT_ROW("a,b c,d\r\n", "a", "b c", "d");
}

static void an_empty_first_cell_keeps_its_place(void **state) {
    (void)state;
    ASSERT_ROW(",,x\r\n", "", "", "x");
}

static void null_is_an_empty_cell(void **state) {
    (void)state;
    struct text out = {0};
    struct csv_row row = csv_row_begin(&out);
    csv_row_add(&row, (struct span){0});
    csv_row_add_integer(&row, -7);
    csv_row_end(&row);
    assert_string_equal(text_string(&out), ",-7\r\n");
    text_free(&out);
}

static void what_would_break_the_row_is_quoted(void **state) {
    (void)state;
    ASSERT_ROW("\"a,b\",\"c\nd\",\"e\rf\"\r\n", "a,b", "c\nd", "e\rf");
}

static void a_quote_is_doubled(void **state) {
    (void)state;
    ASSERT_ROW("\"say \"\"no\"\"\",\"\"\"\"\r\n", "say \"no\"", "\"");
}

static void what_a_spreadsheet_would_calculate_is_made_text(void **state) {
    (void)state;
    ASSERT_ROW("'=1+1,'+1,'-1,'@x,'\tx\r\n", "=1+1", "+1", "-1", "@x", "\tx");
    ASSERT_ROW("\"'=A(\"\"x\"\",1)\"\r\n", "=A(\"x\",1)");
    ASSERT_ROW("\"'\rx\"\r\n", "\rx");
}

static void such_a_character_further_on_is_harmless(void **state) {
    (void)state;
    ASSERT_ROW("a=b, =1,1-2\r\n", "a=b", " =1", "1-2");
}

static void bytes_that_are_not_utf8_are_replaced(void **state) {
    (void)state;
    ASSERT_ROW("a\xEF\xBF\xBD,\xC3\xA9\r\n", "a\xFF", "\xC3\xA9");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cells_are_separated_by_commas_and_end_with_crlf),
        cmocka_unit_test(an_empty_first_cell_keeps_its_place),
        cmocka_unit_test(null_is_an_empty_cell),
        cmocka_unit_test(what_would_break_the_row_is_quoted),
        cmocka_unit_test(a_quote_is_doubled),
        cmocka_unit_test(what_a_spreadsheet_would_calculate_is_made_text),
        cmocka_unit_test(such_a_character_further_on_is_harmless),
        cmocka_unit_test(bytes_that_are_not_utf8_are_replaced),
    };
    return cmocka_run_group_tests_name("report_csv_row", tests, NULL, NULL);
}
