#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "report/command.h"

static void assert_taken(struct text *command, const char *expected) {
    assert_string_equal(text_string(command), expected);
    text_free(command);
}

static void program_and_workspace_are_quoted_where_it_is_needed(void **state) {
    (void)state;
    struct text command = {0};
    command_append("./the build/rowpost", "status", "site's.rowpost", &command);
    assert_taken(&command, "'./the build/rowpost' status -w 'site'\\''s.rowpost'");
    command_append("rowpost", "diff", NULL, &command);
    assert_taken(&command, "rowpost diff");
}

static void the_help_is_that_of_a_verb_or_of_all(void **state) {
    (void)state;
    struct text command = {0};
    command_append_help("rowpost", "plan", &command);
    assert_taken(&command, "rowpost help plan");
    command_append_help("rowpost", NULL, &command);
    assert_taken(&command, "rowpost help");
}

static void without_a_known_target_the_example_is_named(void **state) {
    (void)state;
    struct text command = {0};
    assert_true(command_append_target(span_of("http://a/?x&y"), "https://host", &command));
    assert_taken(&command, " --to 'http://a/?x&y'");
    assert_false(command_append_target((struct span){0}, "https://host", &command));
    assert_taken(&command, " --to https://host");
}

static void assert_parts(const char *file, const char *expected) {
    struct summary_part parts[] = {{.file = span_of("merged-1-of-8.rowpost")},
                                   {.file = span_of(file), .out = 1}};
    const struct summary summary = {.parts = parts, .part_count = 2};
    struct text command = {0};
    command_append_parts(&summary, &command);
    assert_taken(&command, expected);
}

static void parts_are_named_by_a_pattern_outside_the_quotes(void **state) {
    (void)state;
    assert_parts("/the parts/users-3-of-8.rowpost", " '/the parts/users-'*-of-8.rowpost");
    assert_parts("/parts/moved.rowpost", " /parts/moved.rowpost");
}

static void a_key_that_looks_like_an_option_follows_two_dashes(void **state) {
    (void)state;
    struct text command = {0};
    command_append_key(span_of("-x"), &command);
    assert_taken(&command, " -- -x");
    command_append_key(span_of("a b"), &command);
    assert_taken(&command, " 'a b'");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(program_and_workspace_are_quoted_where_it_is_needed),
        cmocka_unit_test(the_help_is_that_of_a_verb_or_of_all),
        cmocka_unit_test(without_a_known_target_the_example_is_named),
        cmocka_unit_test(parts_are_named_by_a_pattern_outside_the_quotes),
        cmocka_unit_test(a_key_that_looks_like_an_option_follows_two_dashes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
