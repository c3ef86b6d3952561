#define _POSIX_C_SOURCE 200809L /* open_memstream */
#include "base/terminal.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* What is written, and what reaches the terminal. */
static const struct {
    const char *written;
    const char *seen;
} cases[] = {
    {"plain text, tab\tand line\n", "plain text, tab\tand line\n"},
    {"größe \xe2\x82\xac \xf0\x9f\x98\x80", "größe \xe2\x82\xac \xf0\x9f\x98\x80"},
    {"\x1b]0;title\x07", "\\u001b]0;title\\u0007"},
    {"\x1b[2J", "\\u001b[2J"},
    {"over\rwritten\b", "over\\u000dwritten\\u0008"},
    {"\x7f", "\\u007f"},
    {"\xc2\x9b"
     "31m",
     "\\u009b31m"},
    {"\xe2\x80\xae"
     "cod.exe",
     "\\u202ecod.exe"},
    {"\xe2\x81\xa6", "\\u2066"},
    {"a\xe2\x80\xa8"
     "b",
     "a\\u2028b"},
    {"\x9b"
     "31m",
     "\\x9b31m"},
    {"cut \xe2\x82", "cut \\xe2\\x82"},
    {TERMINAL_BOLD "kind" TERMINAL_PLAIN, TERMINAL_BOLD "kind" TERMINAL_PLAIN},
};

/* Writes the text in pieces of so many bytes; the caller frees what has been seen. */
static char *see(const char *text, size_t piece) {
    char *seen = NULL;
    size_t size = 0;
    FILE *under = open_memstream(&seen, &size);
    FILE *stream = terminal_open(under);
    assert_non_null(stream);
    setvbuf(stream, NULL, _IONBF, 0);
    for (size_t at = 0; at < strlen(text); at += piece) {
        size_t left = strlen(text) - at;
        fwrite(text + at, 1, left < piece ? left : piece, stream);
    }
    assert_int_equal(fclose(stream), 0);
    fclose(under);
    return seen;
}

static void what_a_terminal_obeys_is_shown_as_a_number(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char *seen = see(cases[i].written, 4096);
        assert_string_equal(seen, cases[i].seen);
        free(seen);
    }
}

static void it_does_not_matter_where_a_text_is_cut(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        for (size_t piece = 1; piece < 7; piece++) {
            char *seen = see(cases[i].written, piece);
            assert_string_equal(seen, cases[i].seen);
            free(seen);
        }
    }
}

static void a_terminal_that_takes_nothing_is_an_error(void **state) {
    (void)state;
    FILE *full = fopen("/dev/full", "w");
    FILE *stream = terminal_open(full);
    assert_non_null(stream);
    fputs("text", stream);
    assert_int_not_equal(fflush(stream), 0);
    fclose(stream);
    fclose(full);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_a_terminal_obeys_is_shown_as_a_number),
        cmocka_unit_test(it_does_not_matter_where_a_text_is_cut),
        cmocka_unit_test(a_terminal_that_takes_nothing_is_an_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
