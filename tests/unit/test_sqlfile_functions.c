/* The SQL functions of migration files: a table of expressions and their values. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "migration/sqlfile/functions.h"

struct example {
    const char *sql;
    const char *value; /* as text; NULL: null */
};

static sqlite3 *open_database(void) {
    sqlite3 *database = NULL;
    struct error error = {0};
    assert_int_equal(sqlite3_open(":memory:", &database), SQLITE_OK);
    assert_int_equal(sql_functions_register(database, NULL, &error), 0);
    return database;
}

static void check(const struct example *examples, size_t count) {
    sqlite3 *database = open_database();
    for (size_t i = 0; i < count; i++) {
        sqlite3_stmt *statement = NULL;
        char sql[512];
        snprintf(sql, sizeof sql, "SELECT %s", examples[i].sql);
        if (sqlite3_prepare_v2(database, sql, -1, &statement, NULL) != SQLITE_OK ||
            sqlite3_step(statement) != SQLITE_ROW) {
            fail_msg("%s: %s", examples[i].sql, sqlite3_errmsg(database));
        }
        const char *value = (const char *)sqlite3_column_text(statement, 0);
        bool is_equal = (value == NULL || examples[i].value == NULL)
                            ? value == examples[i].value
                            : strcmp(value, examples[i].value) == 0;
        if (!is_equal) {
            fail_msg("%s is %s, not %s", examples[i].sql, value == NULL ? "null" : value,
                     examples[i].value == NULL ? "null" : examples[i].value);
        }
        sqlite3_finalize(statement);
    }
    sqlite3_close(database);
}

#define CHECK_ALL(examples) check((examples), sizeof(examples) / sizeof *(examples))

static void patterns_are_found_in_texts(void **state) {
    (void)state;
    static const struct example examples[] = {
        {"find('write to ann@x.example, please', '[a-z]+@[a-z.]+')", "ann@x.example"},
        {"find('none', '[0-9]+')", NULL},
        {"find(NULL, 'a')", NULL},
        {"find('a', NULL)", NULL},
        {"find('aäb', 'ä')", "ä"},
        {"find('abc', '')", ""},
        {"find(x'ff41', 'A')", NULL},
        {"'2014-03-01' REGEXP '^[0-9]{4}-'", "1"},
        {"'March' REGEXP '^[0-9]{4}-'", "0"},
        {"regexp('^a', NULL)", NULL},
        {"regexp(NULL, 'a')", NULL},
    };
    CHECK_ALL(examples);
}

static void texts_are_cleaned(void **state) {
    (void)state;
    static const struct example examples[] = {
        {"squeeze('  Ann \t Arbor\n')", "Ann Arbor"},
        {"squeeze(NULL)", NULL},
        {"squeeze(17)", "17"},
        {"ascii_slug('Große Äpfel & Söhne!')", "grosse-apfel-sohne"},
        {"ascii_slug('Æsir Łódź Ørsted')", "aesir-lodz-orsted"},
        {"ascii_slug('--a--')", "a"},
        {"ascii_slug('日本')", ""},
        {"ascii_slug('C++ 17')", "c-17"},
        {"ascii_slug(NULL)", NULL},
        {"unescape('a &amp; b &lt;c&gt; &#8364; &#x41; &eacute;')", "a & b <c> € A é"},
        {"unescape('&nosuch; & &amp &#0; &#xd800; &;')", "&nosuch; & &amp &#0; &#xd800; &;"},
        {"unescape('&#146;')", "’"},
        {"unescape('&amp;amp;')", "&amp;"},
        {"unescape(NULL)", NULL},
    };
    CHECK_ALL(examples);
}

static void html_becomes_text(void **state) {
    (void)state;
    static const struct example examples[] = {
        {"html_to_text('<p>It&nbsp;broke &amp; smokes<br>#1</p>')", "It\u00a0broke & smokes\n#1"},
        {"html_to_text('<p>one</p><p>two</p>')", "one\n\ntwo"},
        {"html_to_text('a  b\n c')", "a b c"},
        {"html_to_text('<ul><li>x<li>y</ul>z')", "- x\n- y\n\nz"},
        {"html_to_text('1 < 2 and 3 > 2')", "1 < 2 and 3 > 2"},
        {"html_to_text('<pre>a\n  b</pre>')", "a\n  b"},
        {"html_to_text('<script>alert(1)</script>x<style>p{}</style>')", "x"},
        {"html_to_text('<a title=\"a>b\">x</a><!-- > -->y')", "xy"},
        {"html_to_text('<b>bold</b> and <i>more</i>')", "bold and more"},
        {"html_to_text('')", ""},
        {"html_to_text(NULL)", NULL},
    };
    CHECK_ALL(examples);
}

static void html_becomes_markdown(void **state) {
    (void)state;
    static const struct example examples[] = {
        {"html_to_markdown('<b>bold</b> and <em>more</em>')", "**bold** and *more*"},
        {"html_to_markdown('<h2>Title</h2><p>text</p>')", "## Title\n\ntext"},
        {"html_to_markdown('see <a href=\"http://x/?a=1&amp;b\">this</a>.')",
         "see [this](http://x/?a=1&b)."},
        {"html_to_markdown('<ol><li>x<ul><li>y</ul><li>z</ol>')", "1. x\n  - y\n2. z"},
        {"html_to_markdown('2 * 3 _x_')", "2 \\* 3 \\_x\\_"},
        {"html_to_markdown('&lt;b&gt; &lt;/b&gt; &lt;3 a &lt; b')", "\\<b> \\</b> <3 a < b"},
        {"html_to_markdown('&amp;lt; &amp;#60; AT&amp;T R & D')", "\\&lt; \\&#60; AT\\&T R & D"},
        {"html_to_markdown('<blockquote>a<br>b</blockquote>')", "> a\n> b"},
        {"html_to_markdown('<pre>x  y</pre>')", "```\nx  y\n```"},
        {"html_to_markdown('<a name=\"x\">plain</a>')", "plain"},
        {"html_to_markdown(NULL)", NULL},
    };
    CHECK_ALL(examples);
}

static void times_of_a_zone_become_utc(void **state) {
    (void)state;
    static const struct example examples[] = {
        {"to_utc('2013-06-20 23:11:40', 'Europe/Zurich')", "2013-06-20T21:11:40"},
        {"to_utc('2013-12-20 23:11', 'Europe/Zurich')", "2013-12-20T22:11:00"},
        {"to_utc('2013-10-27 02:30:00', 'Europe/Zurich')", "2013-10-27T00:30:00"}, /* twice */
        {"to_utc('2013-06-20T23:11:40+00:00', 'Europe/Zurich')", "2013-06-20T23:11:40"},
        {"to_utc('2013-06-20', 'UTC')", "2013-06-20T00:00:00"},
        {"to_utc('1969-07-20 20:17:40.5', 'UTC')", "1969-07-20T20:17:40"},
        {"to_utc('20.06.2013', 'Europe/Zurich')", NULL},
        {"to_utc(NULL, 'UTC')", NULL},
    };
    CHECK_ALL(examples);
}

static void values_become_json(void **state) {
    (void)state;
    static const struct example examples[] = {
        {"number('17')", "17"},
        {"typeof(number(' +017 '))", "integer"},
        {"json_object('n', number('12345678901234567890'))", "{\"n\":12345678901234567890}"},
        {"json_object('n', number('1.50'))", "{\"n\":1.50}"},
        {"number(3)", "3"},
        {"number('1,5')", NULL},
        {"number('1.')", NULL},
        {"number('')", NULL},
        {"number(NULL)", NULL},
        {"json_array(bool(1), bool('Yes'), bool('f'), bool(0))", "[true,true,false,false]"},
        {"bool('perhaps')", NULL},
        {"bool(NULL)", NULL},
        {"new_id('people', 4)", "{\"$new\":[\"people\",\"4\"]}"},
        {"json_object('a', new_id('p', 'x\"y'))", "{\"a\":{\"$new\":[\"p\",\"x\\\"y\"]}}"},
        {"new_id('people', NULL)", NULL},
        {"json_object('p', json(random_secret()))", "{\"p\":{\"$secret\":true}}"},
    };
    CHECK_ALL(examples);
}

static void arrays_are_in_the_order_of_their_keys(void **state) {
    (void)state;
    static const struct example examples[] = {
        {"array_in_order(json_quote(column1), column2) FROM (VALUES ('c', 3), ('a', 1), ('b', 2))",
         "[\"a\",\"b\",\"c\"]"},
        {"array_in_order(column1, column2) FROM (VALUES (1, 'b'), (2, NULL), (3, 2.5), (4, 'a'))",
         "[2,3,4,1]"},
        {"array_in_order(column1, 0) FROM (VALUES (3), (1), (NULL))", "[3,1,null]"},
        {"array_in_order(1, 1) FROM (SELECT 1 WHERE 0)", "[]"},
        {"json_object('a', array_in_order(1, 1))", "{\"a\":[1]}"},
    };
    CHECK_ALL(examples);
}

static void dates_are_those_of_sqlite(void **state) {
    (void)state;
    static const struct example examples[] = {
        {"date('2013-06-20 23:11:40', '-2 months')", "2013-04-20"},
        {"datetime(0, 'unixepoch')", "1970-01-01 00:00:00"},
        {"strftime('%Y', '2013-06-20')", "2013"},
        {"unixepoch('1970-01-02')", "86400"},
        {"julianday('2000-01-01')", "2451544.5"},
        {"time('2013-06-20 23:11:40')", "23:11:40"},
        {"date('nonsense')", NULL},
        {"date(NULL)", NULL},
    };
    CHECK_ALL(examples);
}

static void what_is_wrong_with_the_file_is_an_error(void **state) {
    (void)state;
    static const struct example examples[] = {
        {"find('a', '(')", "the pattern '(' is wrong at character 2: missing closing parenthesis"},
        {"find('aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!', '(a+)+$')",
         "the pattern takes too many steps; expected a simpler one"},
        {"to_utc('2013-06-20', 'Nowhere/At_All')",
         "there is no time zone 'Nowhere/At_All'; expected a name such as Europe/Zurich, and the "
         "package tzdata"},
        {"to_utc('2013-06-20', '../../etc/passwd')",
         "there is no time zone '../../etc/passwd'; expected a name such as Europe/Zurich, and the "
         "package tzdata"},
        {"person('Ann')", "person() needs a people directory: name one with --people"},
    };
    static const char *const changing[] = {"date('now')", "date()", "datetime(' NOW')",
                                           "strftime('%Y')", "date('2013-01-01', 'localtime')"};
    sqlite3 *database = open_database();
    for (size_t i = 0; i < sizeof examples / sizeof *examples + 5; i++) {
        size_t known = sizeof examples / sizeof *examples;
        char sql[256];
        snprintf(sql, sizeof sql, "SELECT %s", i < known ? examples[i].sql : changing[i - known]);
        assert_int_equal(sqlite3_exec(database, sql, NULL, NULL, NULL), SQLITE_ERROR);
        assert_string_equal(sqlite3_errmsg(database),
                            i < known ? examples[i].value
                                      : "a date of now, or of the machine's time zone, is not "
                                        "repeatable; expected :as_of, or to_utc()");
    }
    sqlite3_close(database);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(patterns_are_found_in_texts),
        cmocka_unit_test(texts_are_cleaned),
        cmocka_unit_test(html_becomes_text),
        cmocka_unit_test(html_becomes_markdown),
        cmocka_unit_test(times_of_a_zone_become_utc),
        cmocka_unit_test(values_become_json),
        cmocka_unit_test(arrays_are_in_the_order_of_their_keys),
        cmocka_unit_test(dates_are_those_of_sqlite),
        cmocka_unit_test(what_is_wrong_with_the_file_is_an_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
