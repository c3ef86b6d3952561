#define _POSIX_C_SOURCE 200809L /* mkdtemp */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define FOLDER_FILE "list.csv"

#include "base/text.h"
#include "folder_fixture.h"
#include "people/csv.h"

static void write_bytes(struct span bytes) {
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes.data, 1, bytes.length, file), bytes.length);
    assert_int_equal(fclose(file), 0);
}

static struct csv *open_list(const char *content) {
    struct error error = {0};
    write_bytes(span_of(content));
    struct csv *csv = csv_open(path, &error);
    if (csv == NULL) {
        fail_msg("%s", error.message);
    }
    return csv;
}

/* Every record of the list as `[line:field|field]`. */
static void assert_records(const char *content, const char *expected) {
    struct error error = {0};
    struct text found = {0};
    struct csv *csv = open_list(content);
    int rc = 0;
    while ((rc = csv_next(csv, &error)) == 1) {
        text_append_format(&found, "[%zu:", csv_line(csv));
        text_append(&found, csv_field(csv, 0));
        text_append_char(&found, '|');
        text_append(&found, csv_field(csv, 1));
        text_append_char(&found, ']');
    }
    assert_int_equal(rc, 0);
    assert_string_equal(text_string(&found), expected);
    text_free(&found);
    csv_close(csv);
}

/* Reads to the first error, which must end with the sentence. */
static void assert_fails_with(struct span content, const char *sentence) {
    struct error error = {0};
    write_bytes(content);
    struct csv *csv = csv_open(path, &error);
    while (csv != NULL && csv_next(csv, &error) == 1) {
    }
    csv_close(csv);
    assert_int_equal(error.code, ERROR_INPUT);
    assert_memory_equal(error.message, path, strlen(path));
    assert_string_equal(error.message + strlen(path), sentence);
}

static void assert_fails(const char *content, const char *sentence) {
    assert_fails_with(span_of(content), sentence);
}

static void lines_are_records_and_commas_part_fields(void **state) {
    (void)state;
    assert_records("a,b\none,two\nthree,four\n", "[2:one|two][3:three|four]");
}

static void lines_may_end_with_cr_lf(void **state) {
    (void)state;
    assert_records("a,b\r\none,two\r\nthree,four\r\n", "[2:one|two][3:three|four]");
}

static void the_last_line_needs_no_end(void **state) {
    (void)state;
    assert_records("a,b\none,two", "[2:one|two]");
    assert_records("a,b\none,", "[2:one|]");
    assert_records("a,b\none,\"two\"", "[2:one|two]");
}

static void only_a_header_is_a_list_of_nobody(void **state) {
    (void)state;
    assert_records("a,b\n", "");
    assert_records("a,b", "");
}

static void a_byte_order_mark_is_passed_over(void **state) {
    (void)state;
    struct error error = {0};
    size_t column = 99;
    struct csv *csv = open_list("\xEF\xBB\xBF"
                                "a,b\none,two\n");
    assert_int_equal(csv_find_column(csv, "a", &column, &error), 0);
    assert_int_equal(column, 0);
    csv_close(csv);
}

static void quoted_fields_hold_commas_quotes_and_line_breaks(void **state) {
    (void)state;
    assert_records("a,b\n\"one, two\",\"say \"\"hi\"\"\"\n\"three\r\nfour\",\"\"\nlast,one\n",
                   "[2:one, two|say \"hi\"][3:three\r\nfour|][5:last|one]");
}

static void blanks_belong_to_their_field(void **state) {
    (void)state;
    assert_records("a,b\n one , two \n", "[2: one | two ]");
}

static void wholly_empty_lines_are_passed_over(void **state) {
    (void)state;
    assert_records("\n\r\na,b\n\n\none,two\n\n", "[6:one|two]");
}

static void fields_of_any_length_cross_the_blocks_of_the_reader(void **state) {
    (void)state;
    struct text content = {0};
    struct text expected = {0};
    text_append_string(&content, "a,b\n");
    text_append_string(&expected, "[2:");
    for (int i = 0; i < 30000; i++) {
        text_append_string(&content, "plain\xC3\xA9");
        text_append_string(&expected, "plain\xC3\xA9");
    }
    text_append_string(&content, ",\"");
    text_append_string(&expected, "|");
    for (int i = 0; i < 30000; i++) {
        text_append_string(&content, "q\"\"\n");
        text_append_string(&expected, "q\"\n");
    }
    text_append_string(&content, "\"\nlast,one\n");
    text_append_string(&expected, "][30003:last|one]");
    assert_records(text_string(&content), text_string(&expected));
    text_free(&content);
    text_free(&expected);
}

static void every_place_may_be_a_blocks_end(void **state) {
    (void)state;
    for (size_t before = 65536 - 16; before <= 65536; before++) {
        struct text content = {0};
        struct text expected = {0};
        text_append_string(&content, "a,b\n\"");
        text_append_string(&expected, "[2:");
        for (size_t i = content.length; i < before; i++) {
            text_append_char(&content, 'x');
            text_append_char(&expected, 'x');
        }
        text_append_string(&content, "\"\"\",\"y\"\r\none,two\r\n");
        text_append_string(&expected, "\"|y][3:one|two]");
        assert_records(text_string(&content), text_string(&expected));
        text_free(&content);
        text_free(&expected);
    }
}

static void columns_are_found_whatever_their_case_and_blanks(void **state) {
    (void)state;
    struct error error = {0};
    size_t column = 0;
    struct csv *csv = open_list("EMAIL, User_Name ,\"fullname\"\n");
    assert_int_equal(csv_find_column(csv, "user_name", &column, &error), 0);
    assert_int_equal(column, 1);
    assert_int_equal(csv_find_column(csv, "FULLNAME", &column, &error), 0);
    assert_int_equal(column, 2);
    csv_close(csv);
}

static void a_missing_column_is_named_with_those_that_are_there(void **state) {
    (void)state;
    struct error error = {0};
    size_t column = 0;
    char expected[256];
    struct csv *csv = open_list("login,mail\n");
    assert_int_equal(csv_find_column(csv, "user_name", &column, &error), -1);
    assert_int_equal(error.code, ERROR_INPUT);
    snprintf(expected, sizeof expected, "%s has no column user_name; it has: login, mail", path);
    assert_string_equal(error.message, expected);
    csv_close(csv);
}

static void a_file_that_is_not_there_is_named(void **state) {
    (void)state;
    struct error error = {0};
    assert_null(csv_open("/nonexistent/list.csv", &error));
    assert_int_equal(error.code, ERROR_INPUT);
    assert_string_equal(error.message,
                        "cannot open /nonexistent/list.csv: No such file or directory");
}

static void a_folder_is_no_list(void **state) {
    (void)state;
    struct error error = {0};
    assert_null(csv_open("/tmp", &error));
    assert_string_equal(error.message, "cannot read /tmp: Is a directory");
}

static void an_empty_file_is_refused(void **state) {
    (void)state;
    const char *sentence = " is empty; a list begins with a line of column names";
    assert_fails("", sentence);
    assert_fails("\n\r\n", sentence);
    assert_fails("\xEF\xBB\xBF", sentence);
}

static void an_unclosed_quote_is_reported_where_it_began(void **state) {
    (void)state;
    assert_fails("a,b\none,two\nthree,\"four\nfive,six\n",
                 ", line 3: the quote that begins here is never closed");
}

static void text_behind_a_closing_quote_is_refused(void **state) {
    (void)state;
    assert_fails("a,b\n\"one\"x,two\n",
                 ", line 2: text after a closing quote; a comma must follow it");
    assert_fails("a,b\n\"one\" ,two\n",
                 ", line 2: text after a closing quote; a comma must follow it");
}

static void a_quote_inside_a_plain_field_is_refused(void **state) {
    (void)state;
    assert_fails("a,b\none,t\"w\"o\n", ", line 2: a quote inside a field; put the whole field in "
                                       "quotes, and double this one");
}

static void another_number_of_fields_than_the_header_has_is_refused(void **state) {
    (void)state;
    assert_fails("a,b\none,two\nthree\n", ", line 3: 1 fields, where the header has 2");
    assert_fails("a,b\none,two,\n", ", line 2: 3 fields, where the header has 2");
    assert_fails("a,b\n\"\"\n", ", line 2: 1 fields, where the header has 2");
}

static void a_byte_that_is_not_utf8_is_reported_on_its_line(void **state) {
    (void)state;
    assert_fails("a,b\none,Zo\xEB\n", ", line 2: a byte that is not UTF-8; save the file as UTF-8");
    assert_fails("a,b\n\"one\ntwo\xFF\",x\n",
                 ", line 3: a byte that is not UTF-8; save the file as UTF-8");
    assert_fails("a,Zo\xEB\n", ", line 1: a byte that is not UTF-8; save the file as UTF-8");
}

static void a_nul_byte_is_refused(void **state) {
    (void)state;
    const char *sentence =
        ", line 2: a NUL byte; the file is not UTF-8 text (UTF-16?), save it as UTF-8";
    assert_fails_with((struct span){"a,b\no\0e,two\n", 12}, sentence);
    assert_fails_with((struct span){"a,b\n\"o\0e\",two\n", 14}, sentence);
    assert_fails_with((struct span){"a,b\n\"o\"\0,two\n", 13}, sentence);
}

static void a_carriage_return_without_a_line_feed_is_refused(void **state) {
    (void)state;
    assert_fails("a,b\rone,two\r",
                 ", line 1: a carriage return without a line feed; a line ends with CR LF or LF");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_are_records_and_commas_part_fields),
        cmocka_unit_test(lines_may_end_with_cr_lf),
        cmocka_unit_test(the_last_line_needs_no_end),
        cmocka_unit_test(only_a_header_is_a_list_of_nobody),
        cmocka_unit_test(a_byte_order_mark_is_passed_over),
        cmocka_unit_test(quoted_fields_hold_commas_quotes_and_line_breaks),
        cmocka_unit_test(blanks_belong_to_their_field),
        cmocka_unit_test(wholly_empty_lines_are_passed_over),
        cmocka_unit_test(fields_of_any_length_cross_the_blocks_of_the_reader),
        cmocka_unit_test(every_place_may_be_a_blocks_end),
        cmocka_unit_test(columns_are_found_whatever_their_case_and_blanks),
        cmocka_unit_test(a_missing_column_is_named_with_those_that_are_there),
        cmocka_unit_test(a_file_that_is_not_there_is_named),
        cmocka_unit_test(a_folder_is_no_list),
        cmocka_unit_test(an_empty_file_is_refused),
        cmocka_unit_test(an_unclosed_quote_is_reported_where_it_began),
        cmocka_unit_test(text_behind_a_closing_quote_is_refused),
        cmocka_unit_test(a_quote_inside_a_plain_field_is_refused),
        cmocka_unit_test(another_number_of_fields_than_the_header_has_is_refused),
        cmocka_unit_test(a_byte_that_is_not_utf8_is_reported_on_its_line),
        cmocka_unit_test(a_nul_byte_is_refused),
        cmocka_unit_test(a_carriage_return_without_a_line_feed_is_refused),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
