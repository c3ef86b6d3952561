#define _POSIX_C_SOURCE 200809L /* mkdtemp */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
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
#include "people/list.h"

static struct list *open_list(const char *content, struct error *error) {
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    fputs(content, file);
    assert_int_equal(fclose(file), 0);
    return list_open(path, error);
}

/* The one line of a list, as `login|email|fullname`. */
static void assert_line(const char *fields, const char *expected) {
    struct error error = {0};
    struct text content = {0};
    struct text found = {0};
    struct list_line line;
    text_append_format(&content, "user_name,email,fullname\n%s\n", fields);
    struct list *list = open_list(text_string(&content), &error);
    assert_non_null(list);
    assert_int_equal(list_next(list, &line, &error), 1);
    for (size_t i = 0; i < LIST_COLUMN_COUNT; i++) {
        text_append_string(&found, i == 0 ? "" : "|");
        text_append(&found, line.values[i]);
    }
    assert_string_equal(text_string(&found), expected);
    assert_int_equal(list_next(list, &line, &error), 0);
    list_close(list);
    text_free(&found);
    text_free(&content);
}

/* How one administrator is written in lists from the field. */
static void oddly_written_lines_mean_the_plain_one(void **state) {
    (void)state;
    static const char *const lines[] = {
        "boss,boss@lab.example,Big Boss",
        "boss ,boss@lab.example,Big Boss",
        "\xC2\xA0"
        "boss,boss@lab.example,Big Boss",
        "boss,boss@lab.example ,Big Boss",
        "boss,boss@lab.example\xC2\xA0,\tBig  Boss",
        "boss\xE2\x80\x8B,boss@lab.example,Big Boss",
        "bo\xE2\x80\x8Bss,boss@lab.\xC2\xAD"
        "example,Big Boss",
        "\"=\"\"boss\"\"\",boss@lab.example,Big Boss",
        "boss,\"=\"\"boss@lab.example\"\"\",\"=\"\"Big Boss\"\"\"",
        "boss,mailto:boss@lab.example,Big Boss",
        "boss, MailTo: boss@lab.example,Big Boss",
        "\" =\"\" boss \"\" \",\"=\"\"mailto:boss@lab.example\"\"\",Big Boss",
    };
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        assert_line(lines[i], "boss|boss@lab.example|Big Boss");
    }
}

static void case_stays_as_it_is_written(void **state) {
    (void)state;
    assert_line("BOSS,Boss@Lab.example,BIG Boss", "BOSS|Boss@Lab.example|BIG Boss");
}

static void quotes_inside_a_formula_are_doubled(void **state) {
    (void)state;
    assert_line("boss,b,\"=\"\"Big \"\"\"\"B\"\"\"\" Boss\"\"\"", "boss|b|Big \"B\" Boss");
}

static void what_only_looks_like_a_formula_is_a_text(void **state) {
    (void)state;
    assert_line("=boss,=A1,=", "=boss|=A1|=");
    assert_line("\"=\"\"\",\"=\"\"\"\"\",\"=\"\"x\"", "=\"||=\"x");
}

static void accents_are_one_character_in_a_login(void **state) {
    (void)state;
    assert_line("jose\xCC\x81,b,Jose\xCC\x81", "jos\xC3\xA9|b|Jose\xCC\x81");
}

static void fields_are_shown_as_the_file_has_them(void **state) {
    (void)state;
    struct error error = {0};
    struct list_line line;
    struct list *list = open_list("fullname,phone,email,user_name\n"
                                  "Big  Boss,1,mailto:b@lab.example,\" boss\"\n",
                                  &error);
    assert_non_null(list);
    assert_int_equal(list_next(list, &line, &error), 1);
    assert_true(span_equal_string(line.fields[LIST_LOGIN], " boss"));
    assert_true(span_equal_string(line.fields[LIST_EMAIL], "mailto:b@lab.example"));
    assert_true(span_equal_string(line.fields[LIST_FULLNAME], "Big  Boss"));
    assert_int_equal(line.number, 2);
    list_close(list);
}

static void column_names_once_more_are_recognized(void **state) {
    (void)state;
    struct error error = {0};
    struct list_line line;
    struct list *list = open_list("user_name,email,fullname\n"
                                  "boss,b@lab.example,Big Boss\n"
                                  "USER_NAME,email, FullName\n"
                                  "email,user_name,fullname\n",
                                  &error);
    static const bool expected[] = {false, true, false};
    assert_non_null(list);
    for (size_t i = 0; i < sizeof expected / sizeof *expected; i++) {
        assert_int_equal(list_next(list, &line, &error), 1);
        assert_int_equal(line.is_header, expected[i]);
    }
    list_close(list);
}

static void a_column_that_is_there_twice_is_refused(void **state) {
    (void)state;
    struct error error = {0};
    char expected[256];
    assert_null(open_list("user_name,email,fullname,E-Mail,\xC2\xA0"
                          "EMAIL\n",
                          &error));
    assert_int_equal(error.code, ERROR_INPUT);
    snprintf(expected, sizeof expected,
             "%s has the column email twice (columns 2 and 5); remove or rename one of them", path);
    assert_string_equal(error.message, expected);
}

static void other_columns_may_be_there_twice(void **state) {
    (void)state;
    struct error error = {0};
    struct list *list = open_list("phone,user_name,email,fullname,phone\n", &error);
    assert_non_null(list);
    list_close(list);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(oddly_written_lines_mean_the_plain_one),
        cmocka_unit_test(case_stays_as_it_is_written),
        cmocka_unit_test(quotes_inside_a_formula_are_doubled),
        cmocka_unit_test(what_only_looks_like_a_formula_is_a_text),
        cmocka_unit_test(accents_are_one_character_in_a_login),
        cmocka_unit_test(fields_are_shown_as_the_file_has_them),
        cmocka_unit_test(column_names_once_more_are_recognized),
        cmocka_unit_test(a_column_that_is_there_twice_is_refused),
        cmocka_unit_test(other_columns_may_be_there_twice),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
