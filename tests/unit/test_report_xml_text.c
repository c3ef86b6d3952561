#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "report/xml_text.h"

#define REPLACED "\xEF\xBF\xBD"

static void assert_text(struct span value, const char *expected) {
    struct text out = {0};
    xml_append_text(&out, value);
    assert_string_equal(text_string(&out), expected);
    text_free(&out);
}

static void assert_attribute(const char *value, const char *expected) {
    struct text out = {0};
    xml_append_attribute(&out, "name", span_of(value));
    assert_string_equal(text_string(&out), expected);
    text_free(&out);
}

static void markup_is_escaped(void **state) {
    (void)state;
    assert_text(span_of("a < b && c > \"d\" ]]>"),
                "a &lt; b &amp;&amp; c &gt; &quot;d&quot; ]]&gt;");
}

static void an_attribute_is_in_quotes_after_a_blank(void **state) {
    (void)state;
    assert_attribute("say \"no\"", " name=\"say &quot;no&quot;\"");
}

static void an_attribute_keeps_its_tabs_and_line_breaks(void **state) {
    (void)state;
    assert_attribute("a\tb\nc\rd", " name=\"a&#9;b&#10;c&#13;d\"");
}

static void text_keeps_tabs_and_line_feeds_as_they_are(void **state) {
    (void)state;
    assert_text(span_of("a\tb\nc\r\n"), "a\tb\nc&#13;\n");
}

static void control_characters_are_replaced(void **state) {
    (void)state;
    assert_text(span_of("\x01x\x1Fy\x1B[1m"), REPLACED "x" REPLACED "y" REPLACED "[1m");
    assert_text((struct span){"a\0b", 3}, "a" REPLACED "b");
}

static void characters_that_xml_does_not_have_are_replaced(void **state) {
    (void)state;
    assert_text(span_of("\xEF\xBF\xBE|\xEF\xBF\xBF"), REPLACED "|" REPLACED);
}

static void bytes_that_are_not_utf8_are_replaced(void **state) {
    (void)state;
    assert_text(span_of("a\xFFz"), "a" REPLACED "z");
}

static void other_characters_stay(void **state) {
    (void)state;
    assert_text(span_of("\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80"),
                "\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(markup_is_escaped),
        cmocka_unit_test(an_attribute_is_in_quotes_after_a_blank),
        cmocka_unit_test(an_attribute_keeps_its_tabs_and_line_breaks),
        cmocka_unit_test(text_keeps_tabs_and_line_feeds_as_they_are),
        cmocka_unit_test(control_characters_are_replaced),
        cmocka_unit_test(characters_that_xml_does_not_have_are_replaced),
        cmocka_unit_test(bytes_that_are_not_utf8_are_replaced),
        cmocka_unit_test(other_characters_stay),
    };
    return cmocka_run_group_tests_name("report_xml_text", tests, NULL, NULL);
}
