/* Corrections content-markdown and links-kept: a report's content. */
#include "valdb_fixture.h"

/* The content of the one report with these comments and links. */
static void expect_content(const char *comments, const char *links, const char *content) {
    struct legacy legacy = {.reports = {{.id = 1, .comments = comments, .links = links}}};
    expect_text(plan_corrected(&legacy), KIND_CAMPAIGNS, "12_5_0", ".reports[0].content", content);
    release_plans(NULL);
}

static void expect_comments(const char *comments, const char *expected) {
    struct text content = {0};
    text_append_format(&content, "**Comments:** %s\n\n**Links:** No links provided", expected);
    expect_content(comments, SQL_NULL, text_string(&content));
    text_free(&content);
}

static void expect_links(const char *links, const char *expected) {
    struct text content = {0};
    text_append_format(&content, "**Comments:** No comments provided\n\n%s", expected);
    expect_content(SQL_NULL, links, text_string(&content));
    text_free(&content);
}

static void comments_are_unchanged(void **state) {
    (void)state;
    expect_comments("No differences.", "No differences.");
    expect_comments("a\n\nb\tc  d", "a\n\nb\tc  d");
    expect_comments("**bold** | <b> \"q\" \\ \xE6\x97\xA5", "**bold** | <b> \"q\" \\ \xE6\x97\xA5");
}

static void no_comments_are_said_to_be_none(void **state) {
    (void)state;
    expect_comments(SQL_NULL, "No comments provided");
    expect_comments("", "No comments provided");
    expect_comments(" \t\r\n\x01 ", "No comments provided");
}

static void every_line_end_is_a_line_feed(void **state) {
    (void)state;
    expect_comments("a\r\nb\rc\nd", "a\nb\nc\nd");
    expect_comments("a\r\r\nb\n\rc", "a\n\nb\n\nc");
}

static void control_characters_are_dropped(void **state) {
    (void)state;
    expect_comments("a\x01"
                    "b\x1F"
                    "c\x0B"
                    "d\x0C"
                    "e\x1B[0m",
                    "abcde[0m");
    expect_comments("a\x7F"
                    "b",
                    "a\x7F"
                    "b");
}

static void blanks_tabs_and_line_feeds_are_trimmed_at_the_ends(void **state) {
    (void)state;
    expect_comments(" \t\n a b \t\n ", "a b");
    expect_comments("\r\na\r\n", "a");
    expect_comments("\x02 a \x1F", "a");
    expect_comments("\xC2\xA0"
                    "a\xC2\xA0",
                    "\xC2\xA0"
                    "a\xC2\xA0");
}

static void each_address_of_the_links_is_a_line(void **state) {
    (void)state;
    expect_links("https://a.example/1", "**Links:**\n- https://a.example/1");
    expect_links("http://a.example/1\r\nhttps://b.example/2?x=1&y=%20#z",
                 "**Links:**\n- http://a.example/1\n- https://b.example/2?x=1&y=%20#z");
    expect_links("see https://a.example/1 and https://b.example/2, please",
                 "**Links:**\n- https://a.example/1\n- https://b.example/2,");
}

static void a_bracketed_number_before_an_address_is_kept(void **state) {
    (void)state;
    expect_links("[1] https://a.example/1 [2.1] https://b.example/2 https://c.example/3",
                 "**Links:**\n- [1] https://a.example/1\n- [2.1] https://b.example/2\n"
                 "- https://c.example/3");
    expect_links("[12]https://a.example/1", "**Links:**\n- [12] https://a.example/1");
    expect_links("[a] https://a.example/1 (2) https://b.example/2",
                 "**Links:**\n- https://a.example/1\n- https://b.example/2");
    expect_links("[1] plots: https://a.example/1", "**Links:**\n- https://a.example/1");
}

static void an_address_ends_at_white_space_an_angle_bracket_or_a_quote(void **state) {
    (void)state;
    expect_links("<https://a.example/1>", "**Links:**\n- https://a.example/1");
    expect_links("<a href=\"https://a.example/1\">https://b.example/2</a>",
                 "**Links:**\n- https://a.example/1\n- https://b.example/2");
    expect_links("https://a.example/1\thttps://b.example/2",
                 "**Links:**\n- https://a.example/1\n- https://b.example/2");
    expect_links("https://a.example/\xC3\xA9\xC2\xA0https://b.example/2",
                 "**Links:**\n- https://a.example/\xC3\xA9\n- https://b.example/2");
}

static void links_without_an_address_are_cleaned(void **state) {
    (void)state;
    expect_links(" see\r\nthe wiki\x01 ", "**Links:** see\nthe wiki");
    expect_links("www.a.example", "**Links:** www.a.example");
    expect_links("https:// nothing", "**Links:** https:// nothing");
}

static void no_links_are_said_to_be_none(void **state) {
    (void)state;
    expect_links(SQL_NULL, "**Links:** No links provided");
    expect_links("", "**Links:** No links provided");
    expect_links(" \r\n", "**Links:** No links provided");
}

static void author_and_earlier_rows_follow_in_that_order(void **state) {
    (void)state;
    static const struct legacy legacy = {
        .reports = {
            {.id = 1, .date = "2023-01-01", .comments = "older", .who = "Carl"},
            {.id = 2, .comments = "newer", .links = "https://a.example/1", .who = "Anna"},
        }};
    expect_text(plan_corrected(&legacy), KIND_CAMPAIGNS, "12_5_0", ".reports[0].content",
                "**Comments:** newer\n\n"
                "**Links:**\n- https://a.example/1\n\n"
                "**Author:** Anna\n\n"
                "**Earlier:**\n- 2023-01-01, OK: older");
}

static void kept_links_and_clean_contents_are_counted(void **state) {
    (void)state;
    static const struct legacy legacy = {.reports = {
                                             {.id = 1, .links = "https://a.example/1"},
                                             {.id = 2, .kind = "DT", .links = "wiki"},
                                             {.id = 3, .kind = "RPC", .links = " "},
                                             {.id = 4, .kind = "PF"},
                                         }};
    struct plan *plan = plan_corrected(&legacy);
    expect_correction(plan, KIND_CAMPAIGNS, "links-kept", 2);
    expect_correction(plan, KIND_CAMPAIGNS, "content-markdown", 4);
}

/* The notebook's layout around these comments. */
static void expect_notebook_comments(const char *comments, const char *expected) {
    struct legacy legacy = {
        .reports = {{.id = 1, .comments = comments, .links = "https://a.example/1"}}};
    struct text content = {0};
    text_append_format(&content,
                       "\n                Comments: %s\n                Links: \n            ",
                       expected);
    expect_text(plan_notebook(&legacy), KIND_CAMPAIGNS, "12_5_0", ".reports[0].content",
                text_string(&content));
    text_free(&content);
    release_plans(NULL);
}

static void the_notebook_indents_the_comments_and_loses_the_links(void **state) {
    (void)state;
    expect_notebook_comments("No differences.", "No differences.");
    expect_notebook_comments(" a\r\nb\x01 ", " a\r\nb\x01 ");
    expect_notebook_comments(" ", " ");
    expect_notebook_comments("", "No comments provided");
    expect_notebook_comments(SQL_NULL, "No comments provided");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        plan_test(comments_are_unchanged),
        plan_test(no_comments_are_said_to_be_none),
        plan_test(every_line_end_is_a_line_feed),
        plan_test(control_characters_are_dropped),
        plan_test(blanks_tabs_and_line_feeds_are_trimmed_at_the_ends),
        plan_test(each_address_of_the_links_is_a_line),
        plan_test(a_bracketed_number_before_an_address_is_kept),
        plan_test(an_address_ends_at_white_space_an_angle_bracket_or_a_quote),
        plan_test(links_without_an_address_are_cleaned),
        plan_test(no_links_are_said_to_be_none),
        plan_test(author_and_earlier_rows_follow_in_that_order),
        plan_test(kept_links_and_clean_contents_are_counted),
        plan_test(the_notebook_indents_the_comments_and_loses_the_links),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
